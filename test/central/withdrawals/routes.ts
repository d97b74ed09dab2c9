/** Withdrawal at any counter: by the receipt's code, or in person. */
import { Failure } from '../../../shared/domain/errors.ts';
import { withdrawalSchema } from '../../../shared/domain/withdrawal.ts';
import { writeAccess } from '../access-log.ts';
import { subjectOf } from '../accesses/subject.ts';
import type { Context } from '../context.ts';
import type { Handlers } from '../routes.ts';
import { consentsOf, countersOf, shownConsent } from './consents.ts';
import { withdraw } from './withdraw.ts';

/** Needs no member of staff's token: taking back is as easy as giving, also when a session has run out. */
export function withdrawalRoutes(
  context: Context,
): Pick<Handlers, 'standingConsents' | 'withdraw' | 'withdrawalState'> {
  const { db } = context;
  return {
    standingConsents: async ({ device, body, now }) => {
      const rows = await consentsOf(db, body.authority, device, now);
      const shown = await Promise.all(rows.map((row) => shownConsent(db, row, now)));
      await writeAccess(db, {
        at: now,
        deviceId: device.id,
        action: 'standingConsents',
        outcome: 'answered',
        // By code: the one consent. In person: whoever has proved themselves.
        consentId: body.authority.by === 'code' ? rows[0]?.id : undefined,
        ...(await subjectOf(context, { body, params: {} })),
      });
      // A code is asked about one consent, whatever its state; in person, what is still there to take back.
      const isCode = body.authority.by === 'code';
      return { consents: shown.filter(({ purposes }) => isCode || purposes.length > 0) };
    },

    withdraw: async ({ device, body, now }) => {
      const { authority, consentId, part, withdrawalId } = body;
      // SECURITY: S6 asked again here: that a list was shown before proves nothing.
      const rows = await consentsOf(db, authority, device, now);
      const own = rows.some((row) => row.id === consentId);
      // In person a consent that is withdrawn already is no longer among those found.
      if (!own && !(await isRepeated(context, withdrawalId, consentId, device.id))) {
        throw new Failure('consent-required');
      }
      return withdraw(context, { withdrawalId, consentId, part, by: authority.by, device, now });
    },

    withdrawalState: async ({ device, params }) => {
      const held = await db
        .selectFrom('withdrawals')
        .selectAll()
        .where('id', '=', params.withdrawalId)
        .executeTakeFirst();
      // Another counter's withdrawal is answered like none.
      if (held?.device_id !== device.id) throw new Failure('consent-required');
      const row = await db
        .selectFrom('consents')
        .selectAll()
        .where('id', '=', held.consent_id)
        .executeTakeFirstOrThrow();
      return {
        withdrawal: { document: withdrawalSchema.parse(JSON.parse(held.document)), cms: held.document_cms },
        counters: await countersOf(db, row),
      };
    },
  };
}

async function isRepeated(
  { db }: Context,
  withdrawalId: string,
  consentId: string,
  deviceId: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('withdrawals')
    .select(['consent_id', 'device_id'])
    .where('id', '=', withdrawalId)
    .executeTakeFirst();
  return row?.consent_id === consentId && row.device_id === deviceId;
}
