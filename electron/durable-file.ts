/** Files that survive a power cut: written beside, synced, renamed; or appended and synced. */
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
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

const besideOf = (path: string) => `${path}.partial`;

/** Writes a file that is to take another's place. Nothing of it is left when that fails. @returns where it lies */
async function writeBeside(path: string, bytes: Uint8Array | string): Promise<string> {
  const beside = besideOf(path);
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
  return beside;
}

/** Writes a whole file so that after a crash there is the old one or the new one, never a part. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  await privateFolder(dirname(path));
  await rename(await writeBeside(path, bytes), path);
  await syncFolder(dirname(path));
}

/** Opens a file for appending; makes it, private, when it is not there. */
export async function openForAppend(path: string): Promise<FileHandle> {
  await privateFolder(dirname(path));
  const file = await open(path, 'a', PRIVATE_FILE);
  await syncFolder(dirname(path));
  return file;
}

/** The text of a file; undefined when there is none. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A file of ASCII lines of which each is on the disk whole, or was never told to be. What a crash or a full disk
 * has left of a line is cut when the next one is written: until then the file stays as it was found.
 */
export class LineFile {
  readonly #path: string;
  #file: FileHandle;
  /** Bytes of the lines that count. */
  #bytes: number;
  /** Something may lie behind `#bytes`. */
  #torn: boolean;
  /** What is on the disk is known at the next start only. */
  #failed = false;
  /** As they were when the file was opened. */
  readonly found: readonly string[];

  private constructor(path: string, file: FileHandle, text: string) {
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.#path = path;
    this.#file = file;
    this.#bytes = whole.length;
    this.#torn = whole.length < text.length;
    this.found = whole === '' ? [] : whole.slice(0, -1).split('\n');
  }

  static async open(path: string): Promise<LineFile> {
    const file = await openForAppend(path);
    try {
      // What a crash left of a rewrite was never in force.
      await rm(besideOf(path), { force: true });
      return new LineFile(path, file, await readFile(path, 'latin1'));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether the file ends with something that is no whole line. */
  get torn(): boolean {
    return this.#torn;
  }

  /** Resolves once the line is on the disk. When it fails the file holds what it held before. */
  async append(line: string): Promise<void> {
    await this.#cut();
    this.#torn = true;
    await this.#file.appendFile(`${line}\n`);
    await this.#sync();
    this.#bytes += line.length + 1;
    this.#torn = false;
  }

  /** Takes back the line that was appended last: `line`, as it was given. */
  async takeBack(line: string): Promise<void> {
    this.#bytes -= line.length + 1;
    this.#torn = true;
    await this.#cut();
  }

  /** Leaves no line. When it fails, the next append does it first. */
  async clear(): Promise<void> {
    this.#bytes = 0;
    this.#torn = true;
    await this.#cut();
  }

  /** Puts these lines in the place of all there are: after a crash there are the one or the other. */
  async rewrite(lines: readonly string[]): Promise<void> {
    this.#requireSound();
    const text = lines.map((line) => `${line}\n`).join('');
    const beside = await writeBeside(this.#path, text);
    // Unless it opens again nothing more is written. It is closed since Windows renames over no open file.
    this.#failed = true;
    await this.#file.close();
    try {
      await rename(beside, this.#path);
      this.#bytes = text.length;
      this.#torn = false;
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    } finally {
      // Syncs the folder as well.
      this.#file = await openForAppend(this.#path);
      this.#failed = false;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #requireSound(): void {
    if (this.#failed) throw new Error('a sync of this file has failed');
  }

  async #cut(): Promise<void> {
    this.#requireSound();
    if (!this.#torn) return;
    await this.#file.truncate(this.#bytes);
    await this.#sync();
    this.#torn = false;
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch (error) {
      // What a failed sync has left on the disk is unknown until the file is read anew, at the next start.
      this.#failed = true;
      throw error;
    }
  }
}
