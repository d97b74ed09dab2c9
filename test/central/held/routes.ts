/** Records that a counter keeps for a case, opened again: central says whether they may be. */
import { consentRecordSchema } from '../../../shared/domain/consent.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { writeAccess } from '../access-log.ts';
import { requireServing } from '../auth.ts';
import { lockConsent } from '../consents/routes.ts';
import type { Context } from '../context.ts';
import type { Handlers } from '../routes.ts';
import { standingPurposes } from '../withdrawals/consents.ts';
import { heldUntil } from './standing.ts';

/** How long a passed identity check is good for it. */
const ASSERTION_MS = 30 * 60_000;

export function heldRoutes({ db }: Context): Pick<Handlers, 'reopenHeld'> {
  return {
    reopenHeld: async ({ device, staff, params, body, now }) => {
      requireServing(staff);
      const { consentId } = params;
      return db.transaction().execute(async (tx) => {
        // A withdrawal under way wins.
        await lockConsent(tx, consentId);
        const row = await tx
          .selectFrom('consents')
          .selectAll()
          .where('id', '=', consentId)
          .executeTakeFirst();
        // Another counter's consent is answered like none.
        if (row?.device_id !== device.id) throw new Failure('consent-required');
        if (row.hall !== staff.staff.hall) throw new Failure('forbidden', { detail: 'hall' });
        const consent = consentRecordSchema.parse(JSON.parse(row.document));
        const check = await tx
          .selectFrom('challenges')
          .select(['subscriber', 'verified_at', 'representation'])
          .where('assertion_id', '=', body.assertionId)
          .where('session_id', '=', body.sessionId)
          .where('device_id', '=', device.id)
          .executeTakeFirst();
        // SECURITY: S6 whoever gave the consent has proved themselves in this very visit, by central's own word.
        const passed =
          check?.verified_at &&
          check.subscriber === consent.scope.subscriber &&
          check.representation === consent.representation.kind &&
          now - check.verified_at.getTime() <= ASSERTION_MS;
        if (!passed) throw new Failure('identity-failed', { detail: 'assertion' });
        // A profile that was put back to an older state holds what central knows to be destroyed.
        const until = await heldUntil(tx, row, now);
        if (until === undefined) throw new Failure('consent-expired', { detail: 'held' });
        await writeAccess(tx, {
          at: now,
          deviceId: device.id,
          staffId: staff.staff.id,
          sessionId: body.sessionId,
          action: 'reopenHeld',
          outcome: 'answered',
          consentId,
        });
        return {
          consentId,
          heldUntil: new Date(until).toISOString(),
          purposes: await standingPurposes(tx, row, now),
        };
      });
    },
  };
}
