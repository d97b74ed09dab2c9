/** Erasure evidence: nothing counts as erased that a counter has not signed for. */
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { subjectField, verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { writeAccess } from '../access-log.ts';
import { lockConsent } from '../consents/routes.ts';
import type { Context } from '../context.ts';
import type { Handlers } from '../routes.ts';

/** How far ahead a counter's clock may be. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export function erasureRoutes(context: Context): Pick<Handlers, 'reportErasure'> {
  const { db, authority, pages } = context;
  return {
    reportErasure: async ({ device, params, body, now }) => {
      const { evidence } = body;
      const refuse = (detail: string): never => {
        throw new Failure('bad-input', { detail });
      };
      if (evidence.consentId !== params.consentId) refuse('evidence.consentId');
      if (evidence.device !== device.id) refuse('evidence.device');
      // The certificate may have been renewed since: the chain is checked at the time of signing.
      const verdict = await verifyDocument(
        { document: evidence, cms: body.cms },
        { trustedCertificates: [authority.root.certificate], expectedRole: 'device' },
      );
      if (!verdict.ok) return refuse(`cms: ${verdict.reason}`);
      if (subjectField(verdict.signer.certificate, 'CN') !== device.id) refuse('cms: another signer');
      if (verdict.signingTime.getTime() > now + CLOCK_TOLERANCE_MS) refuse('cms: signing time');
      if (Date.parse(evidence.at) > now + CLOCK_TOLERANCE_MS) refuse('evidence.at');

      const pageSets = await db.transaction().execute(async (tx) => {
        await lockConsent(tx, params.consentId);
        const consent = await tx
          .selectFrom('consents')
          .select(['device_id', 'hash', 'ended_at'])
          .where('id', '=', params.consentId)
          .executeTakeFirst();
        // Another counter's consent is answered like none.
        if (consent?.device_id !== device.id) throw new Failure('consent-required');
        if (consent.hash !== evidence.consentHash) refuse('evidence.consentHash');
        const held = await tx
          .selectFrom('erasures')
          .select('consent_id')
          .where('consent_id', '=', params.consentId)
          .where('device_id', '=', device.id)
          .executeTakeFirst();
        // What is erased once is erased: the first evidence stands, a later one adds nothing.
        if (held) return [];
        await tx
          .insertInto('erasures')
          .values({
            consent_id: params.consentId,
            device_id: device.id,
            reason: evidence.reason,
            erased_at: new Date(evidence.at),
            document: canonicalJson(evidence),
            cms: body.cms,
            received_at: new Date(now),
          })
          .execute();
        await writeAccess(tx, {
          at: now,
          deviceId: device.id,
          action: 'reportErasure',
          outcome: 'answered',
          consentId: params.consentId,
        });
        if (consent.ended_at) return [];
        // Keys that are gone at the counter are of no use here either.
        await tx
          .updateTable('consents')
          .set({ ended_at: new Date(now), end_reason: evidence.reason, secret: null })
          .where('id', '=', params.consentId)
          .execute();
        const lookups = await tx
          .updateTable('lookups')
          .set({ secrets: null })
          .where('consent_id', '=', params.consentId)
          .returning('page_set')
          .execute();
        return lookups.map((lookup) => lookup.page_set);
      });
      await Promise.all(pageSets.map((pageSet) => pages.remove(pageSet)));
      return {};
    },
  };
}
