/** Two processes of the service over one database and one folder, as far as one test process can hold both. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Identity } from '../../pki/identity.ts';
import { type Central, type CentralOptions, startCentral } from '../../service.ts';
import { TestCounter } from '../client.ts';
import { openTestDatabase } from '../server.ts';

export interface Pair {
  /** Both, started at the same moment. */
  readonly both: readonly [Central, Central];
  readonly database: string;
  readonly dataDir: string;
  /** Starts one more. */
  start(options?: CentralOptions): Promise<Central>;
  /** One counter's connections to both, with a clerk signed in at the first. */
  counter(deviceId: string): Promise<readonly [TestCounter, TestCounter]>;
}

/** Starts before the first and closes after the last test of the file. */
export function pairFixture(options: CentralOptions = {}): Pair {
  const closers: (() => Promise<unknown>)[] = [];
  let state: Omit<Pair, 'counter' | 'start'> | undefined;
  const given = () => {
    if (!state) throw new Error('not started');
    return state;
  };
  const start = async (more: CentralOptions = {}) => {
    const central = await startCentral({
      heavyMessages: 2_000,
      ...options,
      database: given().database,
      dataDir: given().dataDir,
      ...more,
    });
    closers.push(central.close);
    return central;
  };
  beforeAll(async () => {
    const database = await openTestDatabase();
    closers.push(database.close);
    const dataDir = await mkdtemp(join(tmpdir(), 'zhiqing-pair-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    // Filled in a moment.
    const both = [] as unknown as [Central, Central];
    state = { database: database.url, dataDir, both };
    const [first, second] = await Promise.all([start(), start()]);
    both.push(first, second);
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  return {
    get both() {
      return given().both;
    },
    get database() {
      return given().database;
    },
    get dataDir() {
      return given().dataDir;
    },
    start,
    async counter(deviceId) {
      const [first, second] = given().both;
      const identity: Identity = await first.makeDevice(deviceId);
      const counters = [new TestCounter(first, identity), new TestCounter(second, identity)] as const;
      await counters[0].signIn();
      counters[1].token = counters[0].token;
      return counters;
    },
  };
}
