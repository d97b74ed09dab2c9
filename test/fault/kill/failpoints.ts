/**
 * Ends this very process with SIGKILL at its nth change of the disk: before it, in the middle of a write, or right
 * after. What the code under test calls is what it always calls; only the moment of death is chosen.
 */
import { writeSync } from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';

export const moments = ['before', 'within', 'after'] as const;
export type Moment = (typeof moments)[number];

export interface Death {
  /** Which change of the disk, from 1. */
  at: number;
  moment: Moment;
}

/** Must be called before anything is opened. @param last Told what it dies of, before it does. */
export async function dieAt({ at, moment }: Death, last: (point: string) => void): Promise<void> {
  const paths = new WeakMap<FileHandle, string>();
  let changes = 0;
  /** Changes within changes (`appendFile` writes) count once. */
  let nested = false;
  const die = (point: string): never => {
    last(`${point} ${moment}`);
    process.kill(process.pid, 'SIGKILL');
    throw new Error('dead');
  };
  const around = async <T>(point: string, change: () => Promise<T>, half: () => void): Promise<T> => {
    if (nested) return change();
    changes += 1;
    if (changes !== at) return change();
    if (moment === 'before') return die(point);
    if (moment === 'within') {
      half();
      return die(point);
    }
    const value = await change();
    return die(point) ?? value;
  };

  const open = promises.open;
  promises.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    paths.set(handle, nameOf(String(path)));
    return handle;
  };
  for (const name of ['rename', 'rm', 'mkdir'] as const) {
    const real = promises[name] as (...args: unknown[]) => Promise<unknown>;
    const wrapped = (path: string, ...rest: unknown[]) =>
      around(
        `${name} ${nameOf(path)}`,
        () => real(path, ...rest),
        () => undefined,
      );
    Object.assign(promises, { [name]: wrapped });
  }
  syncBuiltinESMExports();

  // The class of file handles is not exported: it is taken from one.
  const probe = await open('/dev/null', 'r');
  const prototype = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  for (const name of ['appendFile', 'writeFile', 'datasync', 'sync', 'truncate'] as const) {
    const real = prototype[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(prototype, {
      [name]: async function (this: FileHandle, ...args: unknown[]) {
        const half = () => {
          if (name === 'appendFile' || name === 'writeFile') writeSync(this.fd, halfOf(args[0]));
        };
        return around(
          `${name} ${paths.get(this) ?? '?'}`,
          async () => {
            nested = true;
            try {
              return await real.apply(this, args);
            } finally {
              nested = false;
            }
          },
          half,
        );
      },
    });
  }
}

/** Folder and name: enough to say what was being written. */
function nameOf(path: string): string {
  return join(basename(dirname(path)), basename(path));
}

function halfOf(data: unknown): Uint8Array {
  const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data as Uint8Array);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}
