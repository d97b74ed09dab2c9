/** A database on a PostgreSQL server for a test file: a server of its own, or one that is there already. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe } from 'vitest';
import { NO_POSTGRES, postgresPrograms, startPostgres } from '../../support/postgres-server.ts';

/** `postgres://` address of a server on which databases may be made; one is started where there is none. */
const given = process.env.ZHIQING_TEST_DATABASE;
const possible = given !== undefined || postgresPrograms() !== undefined;

if (!possible) process.stderr.write(`Skipped: ${NO_POSTGRES}\n`);

/** Like `describe`; skipped where there is no PostgreSQL. */
export const describeOnServer = describe.skipIf(!possible);

export interface TestDatabase {
  /** Of a database with nothing in it. */
  readonly url: string;
  close(): Promise<void>;
}

export async function openTestDatabase(): Promise<TestDatabase> {
  if (given === undefined) {
    // What a crash of the machine would lose is no part of these tests.
    return startPostgres({ settings: { fsync: 'off' } });
  }
  const name = `zhiqing_${randomUUID().replaceAll('-', '')}`;
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
