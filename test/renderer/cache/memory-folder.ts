/** The origin's private file system for tests that run without a browser: files in memory, with what can befall them. */
import type { PageFile, PageFolder } from '../../../renderer/cache/page-file.ts';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';

/** What was done to a file, in order. */
export type Step =
  | { readonly is: 'write'; readonly at: number; readonly bytes: Bytes }
  | { readonly is: 'reserve'; readonly size: number }
  | { readonly is: 'flush' };

export class MemoryFolder implements PageFolder {
  readonly #files = new Map<string, Bytes>();
  readonly #open = new Set<string>();
  /** Of all files; what was there from the beginning is not among them. */
  readonly steps: Step[] = [];
  /** Name of the error that writing, flushing, opening or removing fails with. */
  failing: { write?: string; reserve?: string; flush?: string; open?: string; remove?: string } = {};

  /** What lies in a file; undefined where there is none. */
  contents(name: string): Bytes | undefined {
    return this.#files.get(name)?.slice();
  }

  /** Puts a file there, as something else left it. */
  put(name: string, bytes: Bytes): void {
    this.#files.set(name, bytes.slice());
  }

  /** The same files, as another process finds them: nothing is open. */
  copy(): MemoryFolder {
    const folder = new MemoryFolder();
    for (const [name, bytes] of this.#files) folder.put(name, bytes);
    return folder;
  }

  async open(name: string): Promise<PageFile> {
    this.#mayFail('open');
    if (this.#open.has(name)) throw new Failure('storage-failed', { detail: 'NoModificationAllowedError' });
    this.#open.add(name);
    if (!this.#files.has(name)) this.#files.set(name, new Uint8Array(0));
    const bytes = (): Bytes => {
      const held = this.#open.has(name) ? this.#files.get(name) : undefined;
      if (held === undefined) throw new Failure('storage-failed', { detail: 'InvalidStateError' });
      return held;
    };
    return {
      get size() {
        return bytes().length;
      },
      read: (at, length) => bytes().slice(at, at + length),
      write: (at, written) => {
        const before = bytes();
        this.#mayFail('write');
        this.steps.push({ is: 'write', at, bytes: written.slice() });
        this.#files.set(name, patched(before, at, written));
      },
      reserve: (size) => {
        const before = bytes();
        this.#mayFail('reserve');
        this.steps.push({ is: 'reserve', size });
        this.#files.set(name, patched(before, size, new Uint8Array(0)));
      },
      flush: () => {
        bytes();
        this.#mayFail('flush');
        this.steps.push({ is: 'flush' });
      },
      close: () => void this.#open.delete(name),
    };
  }

  async remove(name: string): Promise<void> {
    if (this.failing.remove !== undefined || this.#open.has(name)) {
      throw new Failure('erase-failed', { detail: this.failing.remove ?? 'NoModificationAllowedError' });
    }
    this.#files.delete(name);
  }

  async names(): Promise<string[]> {
    return [...this.#files.keys()];
  }

  #mayFail(what: 'write' | 'reserve' | 'flush' | 'open'): void {
    const detail = this.failing[what];
    if (detail !== undefined) throw new Failure('storage-failed', { detail });
  }
}

/** A file with some bytes written into it; a gap reads as zeros. */
export function patched(bytes: Bytes, at: number, written: Bytes): Bytes {
  const grown = new Uint8Array(Math.max(bytes.length, at + written.length));
  grown.set(bytes);
  grown.set(written, at);
  return grown;
}
