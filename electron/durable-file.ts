/** Files that survive a power cut: written beside, synced, renamed; or appended and synced. */
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Owner only: nobody else at the machine has business with the counter's files. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Makes a folder that only the counter's own user may enter. */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
}

/** A rename is durable only once the folder that holds the name is. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder for syncing; NTFS journals renames itself.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Writes a whole file so that after a crash there is the old one or the new one, never a part. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  await privateFolder(dirname(path));
  const beside = `${path}.partial`;
  const file = await open(beside, 'w', PRIVATE_FILE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(beside, { force: true });
    throw error;
  }
  await file.close();
  await rename(beside, path);
  await syncFolder(dirname(path));
}

/** Opens a file for appending; makes it, private, when it is not there. */
export async function openForAppend(path: string): Promise<FileHandle> {
  await privateFolder(dirname(path));
  const file = await open(path, 'a', PRIVATE_FILE);
  await syncFolder(dirname(path));
  return file;
}

/** Appends one line and resolves once it is on the disk. */
export async function appendLine(file: FileHandle, line: string): Promise<void> {
  await file.appendFile(`${line}\n`);
  await file.datasync();
}
