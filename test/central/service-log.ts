/** The service's log: JSON Lines of what happened, never of whom or what about. // SECURITY: S12 */
import { createWriteStream } from 'node:fs';

export interface LogLine {
  readonly event: 'answered' | 'crashed';
  readonly [fact: string]: string | number | readonly string[] | undefined;
}

export interface ServiceLog {
  write(line: LogLine): void;
  /** Resolves once everything is in the file. */
  close(): Promise<void>;
}

export function openServiceLog(file: string): ServiceLog {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  return {
    write: (line) => {
      stream.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
    },
    close: () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      stream.once('error', reject);
      stream.end(resolve);
      return promise;
    },
  };
}

/** A crash by class and place: its message may quote data. */
export function describeCrash(thrown: unknown): LogLine {
  if (!(thrown instanceof Error)) return { event: 'crashed', error: typeof thrown };
  const frames = thrown.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return { event: 'crashed', error: thrown.name, frames: frames.slice(0, 6).map((line) => line.trim()) };
}
