/** Writes a folder of files so that it is there whole or not at all. */
import { access, chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../shared/domain/errors.ts';
import { syncFolder } from '../durable-file.ts';

/** What a save that broke off leaves: of a visit (its session's id) or of an export of the log, nobody else's. */
const LEFTOVER =
  /^\.([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|audit-[a-z0-9-]{3,40}-\d{4}-\d\d-\d\d-\d+)\.partial$/;
/** Folders that are being written now. */
const underWay = new Set<string>();

/**
 * Writes a folder of files so that it is there whole or not at all.
 * @param stillWanted asked before the folder is there, and again when it is on the disk; what it throws is thrown on,
 * and nothing stays.
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
  let placed = beside;
  underWay.add(beside);
  try {
    await removeLeftovers(folder);
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside);
    const letIn = await closeToOthers(beside);
    for (const [file, bytes] of Object.entries(files)) await writeFile(join(beside, file), bytes);
    await syncFolder(beside);
    await letIn();
    const free = await freeName(folder, name);
    stillWanted();
    await rename(beside, join(folder, free));
    placed = join(folder, free);
    await syncFolder(folder);
    stillWanted();
    return free;
  } catch (error) {
    // Whole or not: nothing stays of what is told as not saved.
    await rm(placed, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'write';
    throw new Failure('save-failed', { detail: code });
  } finally {
    underWay.delete(beside);
  }
}

/**
 * Removes what a crash, a power cut or a pulled stick has left of a save: a report in plain, which no visit may
 * leave behind. Whatever else lies there is somebody's own. What can't be removed stays: it stops nobody's work.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // SECURITY: S11 a link is no folder here, and none is followed within one.
    if (!entry.isDirectory() || !LEFTOVER.test(entry.name) || underWay.has(path)) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Lets nobody else into a folder until the returned function is called, which gives it the mode that it had. A stick
 * may know no modes.
 */
async function closeToOthers(folder: string): Promise<() => Promise<void>> {
  const { mode } = await stat(folder);
  const closed = await chmod(folder, 0o700).then(
    () => true,
    () => false,
  );
  return async () => {
    if (closed) await chmod(folder, mode & 0o7777);
  };
}

async function writeFile(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
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
