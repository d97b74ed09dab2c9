/** Statements with names: a server parses and plans each once a connection, which is half of what a short one costs. */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** Statements that get a name; what comes after (lists of many lengths) is planned each time. */
const MOST_STATEMENTS = 300;
/** SQLSTATE of a plan that does not fit any more: another process has changed a table. */
const STALE_PLAN = '0A000';

/** A pool that names the statements of its connections. They must not be shared by a pooler that knows no names. */
export function namingPool(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  /** A statement seen for the first time may be the only one of its kind, as in a migration. */
  const seen = new Set<string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST_STATEMENTS) return known;
    if (!seen.delete(text)) {
      if (seen.size < MOST_STATEMENTS) seen.add(text);
      return undefined;
    }
    const name = `central-${names.size}`;
    names.set(text, name);
    return name;
  };
  return {
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect();
      let stale = false;
      const query = async (text: string, values: readonly unknown[]) => {
        const name = values.length > 0 ? nameOf(text) : undefined;
        try {
          return await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
        } catch (error) {
          stale ||= error instanceof Error && 'code' in error && error.code === STALE_PLAN;
          throw error;
        }
      };
      // A connection with plans of before is not used again.
      return { query, release: () => client.release(stale) } as unknown as PostgresPoolClient;
    },
  };
}
