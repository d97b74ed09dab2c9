/** `app.requestSingleInstanceLock`: one host a profile. The second one's argv reaches the first over a socket. */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** What a second instance says of itself. */
export interface SecondInstance {
  readonly argv: string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

/** Whether this process is a host: a number may have gone to another program since. */
const isHost = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('launch.ts');
  } catch {
    return false;
  }
};

// A socket's path has 107 bytes at most, so it lies in the temporary folder under a hash of the profile's.
const socketOf = (userData: string): string =>
  path.join(
    os.tmpdir(),
    `zhiqing-host-${createHash('sha256').update(userData).digest('hex').slice(0, 20)}.sock`,
  );

/** Takes the lock of this profile; false when a living host holds it. */
export function takeLock(userData: string): boolean {
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  const file = path.join(userData, 'HostLock');
  for (;;) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      writeSync(handle, String(process.pid));
      closeSync(handle);
      process.once('exit', () => rmSync(file, { force: true }));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(file, 'utf8'));
    if (holder === process.pid) return true;
    if (Number.isInteger(holder) && holder > 0 && isHost(holder)) return false;
    unlinkSync(file);
  }
}

/** What the other end said; undefined when it was cut off or is no host. */
function parse(text: string): SecondInstance | undefined {
  try {
    const { argv, workingDirectory, additionalData } = JSON.parse(text) as SecondInstance;
    return { argv, workingDirectory, additionalData };
  } catch {
    return undefined;
  }
}

/** Listens for second instances of this profile. */
export function listenForOthers(userData: string, heard: (other: SecondInstance) => void): void {
  const socket = socketOf(userData);
  // Left by a host that was killed.
  rmSync(socket, { force: true });
  process.once('exit', () => rmSync(socket, { force: true }));
  const server = net.createServer((connection) => {
    let text = '';
    connection.setEncoding('utf8');
    connection.on('data', (chunk: string) => {
      text += chunk;
    });
    connection.on('end', () => {
      const other = parse(text);
      if (other) heard(other);
    });
    connection.on('error', () => connection.destroy());
  });
  server.listen(socket);
  server.unref();
}

/** How long a second instance tries to reach the first, in milliseconds. */
const REACH_LIMIT_MS = 2000;

/** Tells the first instance about this one; resolves whether or not it could be reached. */
export function tellFirst(userData: string, self: SecondInstance): Promise<void> {
  return new Promise((resolve) => {
    const connection = net.connect(socketOf(userData));
    connection.setTimeout(REACH_LIMIT_MS, () => connection.destroy());
    connection.once('error', () => resolve());
    connection.once('close', () => resolve());
    connection.end(JSON.stringify(self));
    // Without reading, the other end's close would never be seen.
    connection.resume();
  });
}
