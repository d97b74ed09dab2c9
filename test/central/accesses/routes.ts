/** Who looked at me: the subject's own list of accesses, refused attempts included. */
import { writeAccess } from '../access-log.ts';
import { requireServing } from '../auth.ts';
import type { Context } from '../context.ts';
import type { Handlers } from '../routes.ts';
import { accessOf } from './access.ts';
import { requireLiveAssertion } from './assertion.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { countEvents, readEvents } from './events.ts';
import { accessSubject } from './subject.ts';
import { readUnreported } from './unreported.ts';

export function accessRoutes(context: Context): Pick<Handlers, 'accesses'> {
  const { db } = context;
  return {
    accesses: async ({ device, staff, params, body, now }) => {
      requireServing(staff);
      const { sessionId, limit, refusedOnly } = body;
      const check = { assertionId: params.assertionId, sessionId, device, now };
      const { subscriber } = await requireLiveAssertion(context, check);
      const of = { subscriber, subject: accessSubject(context, subscriber) };
      const after = body.cursor === undefined ? undefined : readCursor(body.cursor);
      // One more than asked for tells whether there is another page.
      const found = await readEvents(db, of, { after, limit: limit + 1, refusedOnly });
      const counts = await countEvents(db, of);
      const unreported = await readUnreported(db, subscriber, sessionId);
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      await recordReading(context, {
        at: now,
        deviceId: device.id,
        staffId: staff.staff.id,
        sessionId,
        ...of,
      });
      return {
        entries: rows.map((row) => accessOf(row, { device: device.id, sessionId })),
        ...counts,
        unreported,
        ...(found.length > limit && last
          ? { next: writeCursor({ at: last.at.toISOString(), key: last.key }) }
          : {}),
      };
    },
  };
}

/** SECURITY: S10 the reading is an access too; once a visit, so that turning pages does not fill the list. */
async function recordReading(
  { db }: Context,
  reading: { at: number; deviceId: string; staffId: string; sessionId: string; subject: string },
): Promise<void> {
  const { at, deviceId, staffId, sessionId, subject } = reading;
  const held = await db
    .selectFrom('access_log')
    .select('id')
    .where('subject', '=', subject)
    .where('session_id', '=', sessionId)
    .where('action', '=', 'accesses')
    .where('outcome', '=', 'answered')
    .executeTakeFirst();
  if (held) return;
  await writeAccess(db, {
    at,
    deviceId,
    staffId,
    sessionId,
    subject,
    action: 'accesses',
    outcome: 'answered',
  });
}
