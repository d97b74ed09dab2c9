/** Everything that the run needs: database, processes of the service, balancer, people, counters. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../support/postgres-server.ts';
import type { Groups } from './accounts.ts';
import { type Fleet, startFleet } from './fleet/fleet.ts';
import { type Balancer, startBalancer } from './machine/balancer.ts';
import { type ServiceProcess, startService } from './machine/service.ts';
import type { LoadOptions } from './options.ts';
import { type Population, populate } from './population.ts';

export interface Stage {
  /** `postgres://` address. */
  readonly database: string;
  readonly dataDir: string;
  /** Those that serve. */
  readonly services: readonly ServiceProcess[];
  readonly balancer: Balancer;
  readonly population: Population;
  readonly fleet: Fleet;
  /** Who uses what; the database only where it runs here. */
  groups(): Groups;
  /** Has all but the first process of the service leave. */
  leaveOne(): Promise<void>;
  /** Ends the counters in order: what they have to say is said. */
  endCounters(): Promise<void>;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..');

/**
 * @param say told of each step.
 * @param interruptible told at once how to end everything that was started so far.
 */
export async function setStage(
  options: LoadOptions,
  say: (line: string) => void,
  interruptible: (close: () => Promise<void>) => void,
): Promise<Stage> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  interruptible(close);
  try {
    const packages = ['libnginx-mod-stream', ...(options.database === undefined ? ['postgresql'] : [])];
    execFileSync(process.execPath, [join(root, 'build/run/need.mjs'), ...packages], { stdio: 'inherit' });
    // Keys and profiles in memory where there is such a folder: the counters' disks are not what is measured.
    const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'zhiqing-load-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const dataDir = join(folder, 'central');
    await mkdir(dataDir);

    say('database');
    const database = await openDatabaseServer(options.database);
    closers.push(database.close);
    say(`${options.processes} processes of the service`);
    const starting = Array.from({ length: options.processes }, () =>
      startService({ database: database.url, dataDir }),
    );
    // One that does not start must not leave the others behind.
    for (const one of await Promise.allSettled(starting)) {
      if (one.status === 'fulfilled') closers.push(one.value.stop);
    }
    let services = await Promise.all(starting);
    const balancer = await startBalancer(folder, services);
    closers.push(balancer.stop);
    say('halls, clerks and customers');
    const { counters } = options;
    const population = await populate({ database: database.url, dataDir, counters });
    say(`${counters} counters: keys, certificates, change feeds`);
    const fleet = await startFleet(
      {
        url: balancer.url,
        enrolUrl: balancer.enrolUrl,
        caFile: services[0]?.caFile ?? '',
        folder: join(folder, 'counters'),
        phones: { folder: join(dataDir, 'phone'), keyFile: join(dataDir, 'ca', 'service.key') },
        answerId: population.answerId,
        counters: population.counters,
      },
      Math.min(counters, availableParallelism()),
    );
    let ended: Promise<void> | undefined;
    const endCounters = () => {
      ended ??= fleet.close();
      return ended;
    };
    closers.push(endCounters);
    return {
      database: database.url,
      dataDir,
      get services() {
        return services;
      },
      balancer,
      population,
      fleet,
      groups: () => ({
        ...Object.fromEntries(services.map(({ pid }, i) => [`service ${i + 1}`, [pid]])),
        ...(database.pid === undefined ? {} : { PostgreSQL: [database.pid] }),
        balancer: [balancer.pid],
        counters: fleet.pids,
      }),
      leaveOne: async () => {
        const [first, ...others] = services;
        services = first ? [first] : [];
        await Promise.all(others.map((service) => service.stop()));
      },
      endCounters,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface DatabaseServer {
  readonly url: string;
  /** When it runs on this machine and is ours. */
  readonly pid?: number;
  close(): Promise<void>;
}

/** A server of the run's own, or a database of its own on the one that was named. */
async function openDatabaseServer(given: string | undefined): Promise<DatabaseServer> {
  // As a server of some gigabytes is set up; durability is as it comes.
  if (given === undefined)
    return startPostgres({ settings: { shared_buffers: '512MB', max_wal_size: '4GB' } });
  const name = `zhiqing_load_${randomUUID().replaceAll('-', '')}`;
  const command = async (text: string) => {
    const client = new pg.Client({ connectionString: given });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await command(`create database ${name}`);
  const url = new URL(given);
  url.pathname = `/${name}`;
  return { url: url.href, close: () => command(`drop database ${name}`) };
}
