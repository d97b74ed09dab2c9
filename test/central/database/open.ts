/** Opens the database: embedded PostgreSQL in a folder, or any PostgreSQL by its address. */
import { createHash } from 'node:crypto';
import { constants, cpSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { migrate, schemaText } from './migrate.ts';
import { PgliteDialect } from './pglite-dialect.ts';
import { namingPool } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/**
 * @param where a folder, made when missing; or a `postgres://` address.
 * @throws NewerSchemaError
 */
export async function openDatabase(where: { folder: string } | { url: string }): Promise<Database> {
  const db = 'url' in where ? openServer(where.url) : await openEmbedded(where.folder);
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/** Connections of one process: requests that need more wait for one. */
const CONNECTIONS = 10;
/** After this long a request that got no connection, or no answer, fails instead of waiting on. */
const WAIT_MS = 10_000;
const STATEMENT_MS = 30_000;

function openServer(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: WAIT_MS,
    statement_timeout: STATEMENT_MS,
    // A process that stands still keeps no lock from the others.
    idle_in_transaction_session_timeout: STATEMENT_MS,
  });
  // A connection that breaks while nobody uses it is replaced when one is needed; who uses it hears of it from
  // their own question. Without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: namingPool(pool) }) });
}

async function openEmbedded(folder: string): Promise<Database> {
  if (!(await exists(folder))) await copyTemplate(folder);
  return embedded(folder);
}

async function embedded(folder: string): Promise<Database> {
  return new Kysely<Tables>({ dialect: new PgliteDialect(await PGlite.create(folder)) });
}

/**
 * A new embedded database is a copy of an empty one kept beside the dependencies: making one (initdb in
 * WebAssembly) takes seconds, copying it a fraction.
 */
async function copyTemplate(folder: string): Promise<void> {
  const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
  const engine = await readFile(join(modules, '@electric-sql', 'pglite', 'package.json'));
  // Another engine or another schema: another template.
  const name = createHash('sha256').update(engine).update(schemaText).digest('hex').slice(0, 16);
  const template = join(modules, '.cache', 'zhiqing-central', `empty-database-${name}`);
  if (!(await exists(template))) await makeTemplate(template);
  await mkdir(dirname(folder), { recursive: true });
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  // Not the asynchronous copy: that takes twice as long for these thousand files.
  cpSync(template, partial, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await rename(partial, folder);
}

async function makeTemplate(template: string): Promise<void> {
  await mkdir(dirname(template), { recursive: true });
  const temporary = await mkdtemp(`${template}-`);
  try {
    const db = await embedded(temporary);
    try {
      await migrate(db);
    } finally {
      await db.destroy();
    }
    await rename(temporary, template);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Somebody else may have been quicker; theirs is as good.
    if (!(await exists(template))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
