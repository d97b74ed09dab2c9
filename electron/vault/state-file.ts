/** A small fact that must survive a restart and that nobody but the core may set. */
import { z } from 'zod';
import { Failure } from '../../shared/domain/errors.ts';
import { readTextIfThere, writeDurably } from '../durable-file.ts';
import { isAuthentic, macOf } from './authentic.ts';

export interface StateFile<T> {
  /** What was written last; undefined when there is nothing, or nothing that the core wrote. */
  readonly value: T | undefined;
  /** Whether a file was there that the core did not write. */
  readonly altered: boolean;
  /** Resolves once it is on the disk. Writes follow one another; one that is overtaken is left out. */
  write(value: T): Promise<void>;
  /** Takes no more, and resolves once nothing is being written. */
  close(): Promise<void>;
}

const fileSchema = z.strictObject({ value: z.unknown(), mac: z.string().regex(/^[0-9a-f]{64}$/) });

/** @param name What the fact is; part of what is authenticated. */
export async function openStateFile<S extends z.ZodType>(options: {
  path: string;
  name: string;
  key: Buffer;
  schema: S;
}): Promise<StateFile<z.infer<S>>> {
  const { path, name, key, schema } = options;
  const read = await readTextIfThere(path);
  let value = read === undefined ? undefined : open(read);
  const altered = read !== undefined && value === undefined;
  let next: { value: z.infer<S> } | undefined;
  let writing: Promise<void> | undefined;
  let isClosed = false;

  function open(text: string): z.infer<S> | undefined {
    try {
      const file = fileSchema.parse(JSON.parse(text));
      // SECURITY: S16 what the core did not write counts as nothing.
      if (!isAuthentic(key, name, file.value, file.mac)) return undefined;
      return schema.parse(file.value) as z.infer<S>;
    } catch {
      return undefined;
    }
  }
  const drain = async () => {
    while (next) {
      const taken = next.value;
      next = undefined;
      const text = JSON.stringify({ value: taken, mac: macOf(key, name, taken) });
      await writeDurably(path, text);
      value = taken;
    }
  };
  return {
    get value() {
      return value;
    },
    altered,
    write(given) {
      if (isClosed) return Promise.reject(new Failure('wrong-state', { detail: 'stopped' }));
      next = { value: given };
      writing ??= drain().finally(() => {
        writing = undefined;
      });
      return writing;
    },
    async close() {
      isClosed = true;
      await writing?.catch(() => undefined);
    },
  };
}
