/** Writes a folder of files so that it is there whole or not at all. */
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../shared/domain/errors.ts';
import { syncFolder } from '../durable-file.ts';

/**
 * Writes a folder of files so that it is there whole or not at all.
 * @param stillWanted asked once all is written, before it is there; what it throws is thrown on.
 * @returns the folder's name: `name`, or `name-2` and so on when an earlier one is there.
 * @throws Failure 'save-failed'; nothing partial stays.
 */
export async function writeTogether(
  folder: string,
  name: string,
  files: Record<string, Uint8Array | string>,
  stillWanted: () => void = () => undefined,
): Promise<string> {
  const beside = join(folder, `.${name}.partial`);
  try {
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside);
    for (const [file, bytes] of Object.entries(files)) {
      const handle = await open(join(beside, file), 'wx');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    await syncFolder(beside);
    const free = await freeName(folder, name);
    stillWanted();
    await rename(beside, join(folder, free));
    await syncFolder(folder);
    return free;
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'write';
    throw new Failure('save-failed', { detail: code });
  }
}

async function freeName(folder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    const taken = await access(join(folder, candidate)).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
