/** Central as it was when a profile was copied: each copy goes on from there, and none is a fork of another. */
import type { Central } from '../../central/service.ts';
import type { Place } from '../counter/profile.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

/** @returns takes back what central was told by this counter since now: log, evidence, access log */
export async function resetter(
  { context: { db } }: Central,
  { deviceId }: Place,
): Promise<() => Promise<void>> {
  const heads = await db.selectFrom('audit_heads').selectAll().where('device_id', '=', deviceId).execute();
  const [head = { size: 0, cosigned_size: 0 }] = heads;
  const erased = await db.selectFrom('erasures').select('consent_id').execute();
  // The nil UUID: a list of none is no list.
  const known = [NIL, ...erased.map(({ consent_id }) => consent_id)];
  const noted = await db
    .selectFrom('access_log')
    .select((e) => e.fn.max('id').as('newest'))
    .executeTakeFirst();
  const newest = String(noted?.newest ?? '0');
  return async () => {
    const mine = deviceId;
    await db
      .deleteFrom('audit_entries')
      .where('device_id', '=', mine)
      .where('seq', '>=', head.size)
      .execute();
    await db
      .deleteFrom('audit_checkpoints')
      .where('device_id', '=', mine)
      .where('size', '>', head.cosigned_size)
      .execute();
    await db.deleteFrom('audit_heads').where('device_id', '=', mine).execute();
    if (heads.length > 0) await db.insertInto('audit_heads').values(heads).execute();
    await db
      .deleteFrom('erasures')
      .where('device_id', '=', mine)
      .where('consent_id', 'not in', known)
      .execute();
    await db.deleteFrom('access_log').where('device_id', '=', mine).where('id', '>', newest).execute();
  };
}
