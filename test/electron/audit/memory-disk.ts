/**
 * A disk in memory that loses what was not synced. Every change of it is a step, before or in the middle of which
 * the power can fail; a full disk takes part of a write and refuses the rest.
 */
import type { AppendFile, AuditFiles } from '../../../electron/audit/files.ts';
import type { HeldFiles } from '../../../electron/vault/held/files.ts';
import { type Bytes, concat, utf8 } from '../../../shared/canonical/bytes.ts';

export class PowerCut extends Error {}

interface Stored {
  /** What survives. */
  safe: Bytes;
  /** What is read before the power fails. */
  seen: Bytes;
}

export interface DiskOptions {
  /** Number of the step at which the power fails, from 1. */
  cutAt?: number;
  /** How much of what was not synced is on the disk nevertheless, 0 to 1. */
  leftOver?: number;
}

export class MemoryDisk implements AuditFiles, HeldFiles {
  #files = new Map<string, Stored>();
  #options: DiskOptions;
  #off = false;
  steps = 0;
  /** Names of the steps done. */
  readonly done: string[] = [];
  /** Bytes that still fit. */
  free = Number.POSITIVE_INFINITY;
  /** The next sync fails. */
  failSync = false;

  constructor(options: DiskOptions = {}) {
    this.#options = options;
  }

  /** The disk as the next start finds it. */
  afterCut(): MemoryDisk {
    const next = new MemoryDisk();
    const share = this.#options.leftOver ?? 0;
    for (const [name, { safe, seen }] of this.#files) {
      const grown = seen.length > safe.length;
      const kept = grown
        ? seen.slice(0, safe.length + Math.floor((seen.length - safe.length) * share))
        : safe;
      next.#files.set(name, { safe: kept, seen: kept });
    }
    return next;
  }

  /** The power fails at a step from now on. */
  cutAfter(steps: number): void {
    this.#options = { ...this.#options, cutAt: this.steps + steps };
  }

  /** Something else than the disk that the power may fail at. */
  tick(name: string): void {
    this.#step(name);
  }

  /** Changes a file behind everybody's back. */
  tamper(name: string, change: (bytes: Bytes) => Bytes | undefined): void {
    const bytes = change(this.#files.get(name)?.seen ?? new Uint8Array(0));
    if (bytes) this.#files.set(name, { safe: bytes, seen: bytes });
    else this.#files.delete(name);
  }

  bytes(name: string): Bytes | undefined {
    return this.#files.get(name)?.seen;
  }

  names(): string[] {
    return [...this.#files.keys()].sort();
  }

  async list(): Promise<string[]> {
    this.#alive();
    return this.names();
  }

  async read(name: string): Promise<Bytes | undefined> {
    this.#alive();
    return this.#files.get(name)?.seen.slice();
  }

  async readAt(name: string, offset: number, length: number): Promise<Bytes> {
    this.#alive();
    return this.#files.get(name)?.seen.slice(offset, offset + length) ?? new Uint8Array(0);
  }

  async append(name: string): Promise<AppendFile> {
    if (!this.#files.has(name)) {
      this.#step(`make ${name}`);
      this.#files.set(name, { safe: new Uint8Array(0), seen: new Uint8Array(0) });
    }
    const file = () => {
      const stored = this.#files.get(name);
      if (!stored) throw new Error(`no ${name}`);
      return stored;
    };
    return {
      write: async (bytes) => {
        this.#step(`write ${name}`);
        const part = bytes.slice(0, Math.min(bytes.length, this.free));
        this.free -= part.length;
        file().seen = concat(file().seen, part);
        if (part.length < bytes.length) throw diskFull();
      },
      sync: async () => {
        this.#step(`sync ${name}`);
        if (this.failSync) throw Object.assign(new Error('io'), { code: 'EIO' });
        file().safe = file().seen;
      },
      truncate: async (size) => {
        this.#step(`truncate ${name}`);
        this.free += file().seen.length - size;
        file().seen = file().seen.slice(0, size);
        if (file().safe.length > size) file().safe = file().seen;
      },
      close: async () => undefined,
    };
  }

  async replace(name: string, bytes: Uint8Array | string): Promise<void> {
    this.#step(`write beside ${name}`);
    const whole = typeof bytes === 'string' ? utf8(bytes) : new Uint8Array(bytes);
    if (whole.length > this.free) throw diskFull();
    this.free -= whole.length;
    this.#step(`replace ${name}`);
    this.#files.set(name, { safe: whole, seen: whole });
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step(`rename ${from}`);
    const file = this.#files.get(from);
    if (!file) throw new Error(`no ${from}`);
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  async overwrite(name: string, bytes: Uint8Array): Promise<void> {
    this.#step(`overwrite ${name}`);
    const file = this.#files.get(name);
    if (!file) throw new Error(`no ${name}`);
    const whole = concat(bytes, file.seen.subarray(bytes.length));
    this.#files.set(name, { safe: whole, seen: whole });
  }

  async size(name: string): Promise<number | undefined> {
    this.#alive();
    return this.#files.get(name)?.seen.length;
  }

  async remove(name: string): Promise<void> {
    this.#step(`remove ${name}`);
    this.#files.delete(name);
  }

  #step(name: string): void {
    this.#alive();
    this.steps += 1;
    if (this.steps === this.#options.cutAt) {
      this.#off = true;
      throw new PowerCut(name);
    }
    this.done.push(name);
  }

  #alive(): void {
    if (this.#off) throw new PowerCut('off');
  }
}

function diskFull(): Error {
  return Object.assign(new Error('full'), { code: 'ENOSPC' });
}
