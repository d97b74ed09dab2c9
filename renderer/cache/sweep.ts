import { originFolder, type PageFolder } from './page-file.ts';

/**
 * At the start of a window: deletes every file of this origin that a crash left behind. Its keys died with the
 * process, so it is noise, but it goes.
 * @returns how many there were.
 * @throws Failure 'erase-failed' or 'storage-failed'
 */
export async function sweepLeftovers(folder: PageFolder = originFolder()): Promise<number> {
  // All of them, whatever the name: nothing in this origin may outlive a window.
  const names = await folder.names();
  await Promise.all(names.map((name) => folder.remove(name)));
  return names.length;
}
