import { Failure } from '../../shared/domain/errors.ts';

/**
 * IndexedDB work may never settle when the disk is full (Dexie#776): after this it counts as failed.
 * Milliseconds; far above what a slow disk needs for one range of pages.
 */
export const STORAGE_DEADLINE_MS = 30_000;

/** What the database threw, as data. SECURITY: S12 the class name only, a message may quote a value. */
export function storageFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure('storage-failed', { detail: nameOf(thrown) });
}

function nameOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return typeof thrown;
  return 'name' in thrown && typeof thrown.name === 'string' ? thrown.name : 'unknown';
}

/**
 * Runs one storage operation.
 * @throws Failure 'storage-failed' for whatever the database throws, or when it does not settle in time.
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
