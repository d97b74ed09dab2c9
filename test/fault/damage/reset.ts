/** Central as it was when a profile was copied: each copy goes on from there, and none is a fork of another. */
import type { Central } from '../../central/service.ts';
import type { Place } from '../counter/profile.ts';

/** @returns takes back what central was told of the log since now */
export async function resetter(
  { context: { db } }: Central,
  { deviceId }: Place,
): Promise<() => Promise<void>> {
  const newest = async (table: 'audit_entries' | 'audit_checkpoints', column: 'seq' | 'size') => {
    const row = await db
      .selectFrom(table)
      .select((e) => e.fn.max<number>(column as never).as('newest'))
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    return Number(row?.newest ?? -1);
  };
  const seq = await newest('audit_entries', 'seq');
  const size = await newest('audit_checkpoints', 'size');
  return async () => {
    await db.deleteFrom('audit_entries').where('device_id', '=', deviceId).where('seq', '>', seq).execute();
    await db
      .deleteFrom('audit_checkpoints')
      .where('device_id', '=', deviceId)
      .where('size', '>', size)
      .execute();
  };
}
