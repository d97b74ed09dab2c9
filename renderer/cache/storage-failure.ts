import { Failure } from '../../shared/domain/errors.ts';

/** Storage work that has not settled by then counts as failed. Milliseconds; far above what a slow disk needs. */
export const STORAGE_DEADLINE_MS = 30_000;

/** What the file system threw, as data. SECURITY: S12 the class name only, a message may quote a value. */
export function storageFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure('storage-failed', { detail: thrown instanceof Error ? thrown.name : typeof thrown });
}

/**
 * Runs one storage operation.
 * @throws Failure 'storage-failed' for whatever it throws, or when it does not settle in time.
 */
export async function guarded<T>(work: () => PromiseLike<T>, deadline = STORAGE_DEADLINE_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Failure('storage-failed', { detail: 'no answer in time' })),
      deadline,
    );
  });
  try {
    return await Promise.race([work(), late]);
  } catch (thrown) {
    throw storageFailure(thrown);
  } finally {
    clearTimeout(timer);
  }
}
