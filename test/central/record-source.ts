/** Where records come from. */
import { sql } from 'kysely';
import { z } from 'zod';
import { directionSchema } from '../../shared/domain/record.ts';
import { type Category, categorySchema } from '../../shared/domain/scope.ts';
import type { Database } from './database/open.ts';

/** A record as its source gives it. */
export interface SourceRecord {
  /** Epoch ms. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly category: Category;
  /** Counterpart in full. */
  readonly peer: string;
  readonly text: string;
}

/**
 * Port: an operator keeps records in a store of its own and answers this one question. The service asks it only
 * under a checked consent.
 */
export interface RecordSource {
  /** All records of a subscriber in these categories, `from` included, `until` excluded, oldest first. */
  find(
    subscriber: string,
    categories: readonly Category[],
    from: number,
    until: number,
  ): Promise<readonly SourceRecord[]>;
}

const columnsSchema = z.object({
  at: z.array(z.int()),
  direction: z.array(directionSchema),
  category: z.array(categorySchema),
  peer: z.array(z.string()),
  text: z.array(z.string()),
});

/** Records in the service's own database. One row of columns instead of thousands of rows: seven times faster. */
export function databaseRecords(db: Database): RecordSource {
  return {
    find: async (subscriber, categories, from, until) => {
      const { rows } = await sql<Record<keyof z.infer<typeof columnsSchema>, string>>`
        select
          coalesce(json_agg(at order by at, id), '[]')::text as at,
          coalesce(json_agg(direction order by at, id), '[]')::text as direction,
          coalesce(json_agg(category order by at, id), '[]')::text as category,
          coalesce(json_agg(peer order by at, id), '[]')::text as peer,
          coalesce(json_agg(text order by at, id), '[]')::text as text
        from records
        where subscriber = ${subscriber}
          and category = any(${[...categories]}::text[])
          and at >= ${from} and at < ${until}
      `.execute(db);
      const row = rows[0];
      if (!row) return [];
      const columns = columnsSchema.parse(
        Object.fromEntries(Object.entries(row).map(([name, json]) => [name, JSON.parse(json)])),
      );
      return columns.at.map((at, i) => ({
        at,
        direction: cell(columns.direction, i),
        category: cell(columns.category, i),
        peer: cell(columns.peer, i),
        text: cell(columns.text, i),
      }));
    },
  };
}

function cell<T>(column: readonly T[], i: number): T {
  const value = column[i];
  if (value === undefined) throw new RangeError('columns of different lengths');
  return value;
}
