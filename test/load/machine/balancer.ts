/**
 * One address before several processes: nginx's stream module hands each TCP connection on to the process that has
 * fewest, unopened. TLS ends in the service, which has to see the counter's certificate.
 */

import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../support/postgres-server.ts';
import { type Program, startProgram } from './children.ts';

/** Each holds some thousand counters: two descriptors for every connection. */
const WORKERS = 2;

const NGINX = '/usr/sbin/nginx';
const STREAM_MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';

export interface Balancer extends Program {
  readonly url: string;
  readonly enrolUrl: string;
}

export async function startBalancer(
  folder: string,
  processes: readonly { port: number; enrolPort: number }[],
): Promise<Balancer> {
  const base = join(folder, 'balancer');
  await mkdir(base);
  const [port, enrolPort] = [await freePort(), await freePort()];
  const config = join(base, 'nginx.conf');
  await writeFile(
    config,
    configuration(base, [
      { name: 'counters', port, to: processes.map((one) => one.port) },
      { name: 'enrolment', port: enrolPort, to: processes.map((one) => one.enrolPort) },
    ]),
  );
  const program = await startProgram(NGINX, ['-p', base, '-c', config, '-e', join(base, 'error.log')]);
  try {
    await listens(port);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return { ...program, url: `https://localhost:${port}`, enrolUrl: `https://localhost:${enrolPort}` };
}

interface Line {
  readonly name: string;
  readonly port: number;
  readonly to: readonly number[];
}

function configuration(base: string, lines: readonly Line[]): string {
  const blocks = lines.map(
    ({ name, port, to }) => `
  upstream ${name} { least_conn; ${to.map((one) => `server 127.0.0.1:${one};`).join(' ')} }
  server { listen 127.0.0.1:${port} backlog=4096; proxy_pass ${name}; proxy_timeout 1h; proxy_connect_timeout 5s; }`,
  );
  return `daemon off;
worker_processes ${WORKERS};
worker_rlimit_nofile 20000;
pid ${join(base, 'nginx.pid')};
load_module ${STREAM_MODULE};
events { worker_connections 16000; }
stream {${blocks.join('')}
}
`;
}

const ATTEMPTS = 100;
const PAUSE_MS = 50;

/** Resolves once the port takes connections: nginx does not say when. */
async function listens(port: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const socket = createConnection({ host: '127.0.0.1', port });
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    } finally {
      socket.destroy();
    }
  }
  throw new Error('the balancer does not listen');
}
