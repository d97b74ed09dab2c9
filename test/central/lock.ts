/** One service a data folder: two embedded databases on the same files would destroy them. */
import { readFile, rm, writeFile } from 'node:fs/promises';

/** The folder is another service's. */
export class DataInUseError extends Error {
  constructor(pid: number) {
    super(`the data folder is in use by the service with process id ${pid}: stop it first`);
    this.name = 'DataInUseError';
  }
}

/**
 * Takes the lock; a lock whose process is gone is taken over.
 * @returns what releases it.
 * @throws DataInUseError
 */
export async function lockData(file: string): Promise<() => Promise<void>> {
  // A second try after a stale lock was taken away.
  for (const last of [false, true]) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const pid = Number(await readFile(file, 'utf8'));
      if (last || isAlive(pid)) throw new DataInUseError(pid);
      await rm(file, { force: true });
    }
  }
  throw new DataInUseError(0);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
