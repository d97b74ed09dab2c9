/**
 * A small fact that must survive a restart and that nobody but the core may set: JSON with an HMAC-SHA-256 under
 * the vault's key, bound to the file's name so that one can't stand in for another.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalJson } from '../../shared/canonical/json.ts';
import { writeDurably } from '../durable-file.ts';

export interface StateFile<T> {
  /** What was written last; undefined when there is nothing, or nothing that the core wrote. */
  readonly value: T | undefined;
  /** Whether a file was there that the core did not write. */
  readonly altered: boolean;
  /** Resolves once it is on the disk. Writes follow one another; one that is overtaken is left out. */
  write(value: T): Promise<void>;
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
  const mac = (value: unknown) =>
    createHmac('sha256', key).update(`zhiqing-state/1 ${name}\n`).update(canonicalJson(value)).digest();
  const read = await readText(path);
  let value = read === undefined ? undefined : open(read);
  const altered = read !== undefined && value === undefined;
  let next: { value: z.infer<S> } | undefined;
  let writing: Promise<void> | undefined;

  function open(text: string): z.infer<S> | undefined {
    try {
      const file = fileSchema.parse(JSON.parse(text));
      // SECURITY: S16 what the core did not write counts as nothing.
      if (!timingSafeEqual(mac(file.value), Buffer.from(file.mac, 'hex'))) return undefined;
      return schema.parse(file.value) as z.infer<S>;
    } catch {
      return undefined;
    }
  }
  const drain = async () => {
    while (next) {
      const taken = next.value;
      next = undefined;
      const text = JSON.stringify({ value: taken, mac: mac(taken).toString('hex') });
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
      next = { value: given };
      writing ??= drain().finally(() => {
        writing = undefined;
      });
      return writing;
    },
  };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
