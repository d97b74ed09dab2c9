/** Rows of the halls' day lists: masked, kept as the counter last stated them, handed back to it alone. */
import { sql } from 'kysely';
import { canonicalJson } from '../../shared/canonical/json.ts';
import { caseRowSchema } from '../../shared/domain/case.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Context } from './context.ts';
import type { Handlers } from './routes.ts';

export function caseRoutes({ db }: Context): Pick<Handlers, 'recordCase' | 'dayCases'> {
  return {
    recordCase: async ({ device, params, body, now }) => {
      if (body.caseId !== params.caseId) throw new Failure('bad-input', { detail: 'caseId' });
      const row = { document: canonicalJson(body), received_at: new Date(now) };
      const result = await db
        .insertInto('cases')
        .values({ id: body.caseId, device_id: device.id, ...row })
        .onConflict((conflict) =>
          // Another counter's case is not this counter's to change.
          conflict.column('id').doUpdateSet(row).where('cases.device_id', '=', device.id),
        )
        .executeTakeFirst();
      if (result.numInsertedOrUpdatedRows === 0n) throw new Failure('forbidden', { detail: 'caseId' });
      return {};
    },

    dayCases: async ({ device, params }) => {
      const found = await db
        .selectFrom('cases')
        .select('document')
        .where('device_id', '=', device.id)
        .where(sql`document::jsonb ->> 'date'`, '=', params.day)
        .execute();
      const rows = found.map(({ document }) => caseRowSchema.parse(JSON.parse(document)));
      return { rows: rows.sort((a, b) => a.serial - b.serial) };
    },
  };
}
