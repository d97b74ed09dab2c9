/** A real PostgreSQL server of one's own: Debian's programs, a folder, port and password of its own, on loopback. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface PostgresServer {
  /** `postgres://` address of its superuser. */
  readonly url: string;
  /** Process id of the postmaster; the others are its children. */
  readonly pid: number;
  /** Bytes under its folder lie here. */
  readonly folder: string;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** Lines of `postgresql.conf`, e.g. `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Parent of the server's folder; the system's temporary folder when left out. */
  readonly parent?: string;
}

/** Folder of the newest server programs, as Debian's package `postgresql` lays them; undefined when there are none. */
export function postgresPrograms(): string | undefined {
  return globSync('/usr/lib/postgresql/*/bin')
    .filter((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
    .toSorted((a, b) => versionOf(a) - versionOf(b))
    .at(-1);
}

const versionOf = (folder: string) => Number(folder.split('/').at(-2));

/** What to say where a test that needs a server is skipped. */
export const NO_POSTGRES = 'no PostgreSQL server here: install the Debian package postgresql';

/** Starts a server with nothing in it. @throws Error where the programs are missing or it does not start. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error(NO_POSTGRES);
  const folder = await mkdtemp(join(options.parent ?? tmpdir(), 'zhiqing-postgres-'));
  const user = unprivileged();
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  let server: ChildProcess | undefined;
  const close = async () => {
    if (server && server.exitCode === null) {
      const ended = once(server, 'exit');
      // Fast shutdown: sessions are ended, what was committed is on the disk.
      server.kill('SIGINT');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) for (const path of [folder, passwordFile]) await chown(path, user.uid, user.gid);
    const data = join(folder, 'data');
    await promisify(execFile)(
      join(programs, 'initdb'),
      [
        ...['--pgdata', data, '--username', 'zhiqing', '--pwfile', passwordFile, '--no-sync'],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale'],
      ],
      { cwd: folder, ...user },
    );
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      ...options.settings,
    };
    server = spawn(
      join(programs, 'postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...user },
    );
    await ready(server);
    const { pid } = server;
    if (pid === undefined) throw new Error('no process id');
    return { url: `postgres://zhiqing:${password}@127.0.0.1:${port}/postgres`, pid, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** PostgreSQL refuses to run as root: then as the user that Debian's package makes. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'postgres');
  if (!entry) throw new Error('no user postgres to run the server as');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** Resolves when the server takes connections. @throws Error with what it said when it ends before. */
async function ready(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (!server.stderr) throw new Error('no output of the server');
  // Read to its end: a pipe that is full would hold the server up.
  createInterface({ input: server.stderr }).on('line', (line) => {
    if (said.length < 50) said.push(line);
    if (line.includes('database system is ready to accept connections')) resolve();
  });
  server.once('error', reject);
  server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)));
  await promise;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
