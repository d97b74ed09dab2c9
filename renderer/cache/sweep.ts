import { Failure } from '../../shared/domain/errors.ts';
import { answerOf } from './indexed-db.ts';
import { guarded, STORAGE_DEADLINE_MS } from './storage-failure.ts';

/**
 * Deletes one database and makes sure that it is gone. A deletion that another connection blocks is waited
 * for until the deadline.
 * @throws Failure 'erase-failed'
 */
export async function deleteDatabase(
  name: string,
  factory: IDBFactory = indexedDB,
  deadline = STORAGE_DEADLINE_MS,
): Promise<void> {
  try {
    await guarded(() => answerOf(factory.deleteDatabase(name)), deadline);
    const left = await guarded(() => factory.databases(), deadline);
    if (left.some((database) => database.name === name))
      throw new Failure('erase-failed', { detail: 'still there' });
  } catch (thrown) {
    // SECURITY: S11 what could not be deleted is said, never taken for done.
    throw new Failure('erase-failed', {
      detail: thrown instanceof Failure ? (thrown.error.detail ?? '') : '',
    });
  }
}

/**
 * At the start of a window: deletes every database of this origin that a crash left behind. Its keys died
 * with the process, so it is noise, but it goes.
 * @returns how many there were.
 * @throws Failure 'erase-failed' or 'storage-failed'
 */
export async function sweepLeftovers(factory: IDBFactory = indexedDB): Promise<number> {
  const leftovers = await guarded(() => factory.databases());
  // All of them, whatever the name: nothing in this origin may outlive a window.
  await Promise.all(
    leftovers.map(({ name }) => (name === undefined ? undefined : deleteDatabase(name, factory))),
  );
  return leftovers.length;
}
