/** Consents: checked, countersigned, stored; ended for good. */
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import { randomBytes } from '../../../shared/canonical/bytes.ts';
import { verifyDetached } from '../../../shared/canonical/cms.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalBytes, canonicalJson } from '../../../shared/canonical/json.ts';
import { signDocument, subjectField } from '../../../shared/canonical/signed-document.ts';
import type { Witnesses } from '../../../shared/domain/consent.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import {
  type ConsentSubmission,
  consentAcceptanceSchema,
  type signedAcceptanceSchema,
} from '../../../shared/protocol/documents.ts';
import { writeAccess } from '../access-log.ts';
import { type Device, requireServing } from '../auth.ts';
import type { Context } from '../context.ts';
import { brokenConstraint } from '../database/conflict.ts';
import type { Tables } from '../database/tables.ts';
import type { Handlers } from '../routes.ts';
import { checkConsent } from './check.ts';
import { type Assertion, type Attestation, CLOCK_TOLERANCE_MS, isLate, servedBy, signedAt } from './facts.ts';
import { decodeBase64, reject } from './reject.ts';

type SignedAcceptance = z.infer<typeof signedAcceptanceSchema>;

export function consentRoutes(context: Context): Pick<Handlers, 'submitConsent' | 'endConsent'> {
  const { db, authority, keys, policies } = context;
  return {
    submitConsent: async ({ device, staff, params, body, now }) => {
      requireServing(staff);
      const { consent } = body;
      const id = params.consentId;
      if (consent.header.recordId !== id) reject('header.recordId');
      const hash = await hashOf(consent);
      const held = await findHeld(db, id, device, hash);
      if (held) return held;

      await checkSignature(context, body, device, now);
      const assertion = await findAssertion(db, consent.evidence.identityAssertion);
      const attestations = await findAttestations(db, consent.signature.witnesses);
      // What came late is judged by the rules of its own time.
      const policy = isLate(consent, now)
        ? await policies.inForceAt(signedAt(consent))
        : await policies.inForce();
      const facts = { policy, device, staff, assertion, attestations, now };
      const picture = await checkConsent(body, facts);

      const document = {
        schema: 'zhiqing-acceptance/1' as const,
        consentId: id,
        consentHash: hash,
        acceptedAt: new Date(now).toISOString(),
      };
      const acceptance = await signDocument(document, authority.central, new Date(now));
      // SECURITY: S5 too late to open anything: kept as evidence, without a key.
      const expired = Date.parse(consent.scope.expiresAt) <= now;
      const secret = expired ? null : await keys.wrap(randomBytes(32), id);
      const { evidence } = body;
      return db.transaction().execute(async (tx) => {
        await lockConsent(tx, id);
        // SECURITY: S11 an end wins every race, also against a consent that comes after it.
        const ended = await tx
          .selectFrom('early_ends')
          .select('consent_id')
          .where('consent_id', '=', id)
          .where('device_id', '=', device.id)
          .executeTakeFirst();
        if (ended) throw new Failure('consent-expired');
        const twin = await findHeld(tx, id, device, hash);
        if (twin) return twin;
        await tx
          .insertInto('consents')
          .values({
            id,
            hash,
            document: canonicalJson(consent),
            cms: body.cms,
            device_id: device.id,
            staff_id: servedBy(consent, { staff, assertion, now }),
            hall: staff.staff.hall,
            assertion_id: consent.evidence.identityAssertion,
            nonce: consent.nonce,
            accepted_at: new Date(now),
            expires_at: new Date(consent.scope.expiresAt),
            held_until: consent.scope.heldUntil === undefined ? null : new Date(consent.scope.heldUntil),
            acceptance: canonicalJson(document),
            acceptance_cms: acceptance.cms,
            secret,
            ...(expired ? { ended_at: new Date(now), end_reason: 'expired' } : {}),
            subscriber: consent.scope.subscriber,
            withdrawal_code_sha256: consent.withdrawalCodeSha256,
          })
          .execute()
          .catch(refuseUsed);
        await tx
          .insertInto('consent_evidence')
          .values({
            consent_id: id,
            accepted_at: new Date(now),
            notice_text: evidence.noticeText,
            answers: canonicalJson(evidence.answers),
            ink: canonicalJson(evidence.ink),
            picture: Buffer.from(picture),
          })
          .execute();
        await writeAccess(tx, {
          at: now,
          deviceId: device.id,
          staffId: staff.staff.id,
          action: 'submitConsent',
          outcome: 'answered',
          consentId: id,
        });
        return acceptance;
      });
    },

    endConsent: async ({ device, params, body, now }) => {
      const id = params.consentId;
      const pageSets = await db.transaction().execute(async (tx) => {
        await lockConsent(tx, id);
        const consent = await tx
          .selectFrom('consents')
          .select(['device_id', 'ended_at'])
          .where('id', '=', id)
          .executeTakeFirst();
        if (!consent) {
          await tx
            .insertInto('early_ends')
            .values({ consent_id: id, device_id: device.id, reason: body.reason, received_at: new Date(now) })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
          return [];
        }
        if (consent.device_id !== device.id) throw new Failure('consent-required');
        if (consent.ended_at) return [];
        // SECURITY: S11 the key goes first: from here on nothing opens what is left.
        await tx
          .updateTable('consents')
          .set({ ended_at: new Date(now), end_reason: body.reason, secret: null })
          .where('id', '=', id)
          .execute();
        const lookups = await tx
          .updateTable('lookups')
          .set({ secrets: null })
          .where('consent_id', '=', id)
          .returning('page_set')
          .execute();
        await writeAccess(tx, {
          at: now,
          deviceId: device.id,
          action: 'endConsent',
          outcome: 'answered',
          consentId: id,
        });
        return lookups.map((lookup) => lookup.page_set);
      });
      await Promise.all(pageSets.map((pageSet) => context.pages.remove(pageSet)));
      return {};
    },
  };
}

/** One change of a consent at a time, whether it is there already or not. Within a transaction. */
export async function lockConsent(tx: Kysely<Tables>, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`consent:${id}`}, 0))`.execute(tx);
}

/** The acceptance given before to the same bytes. @throws Failure 'consent-rejected' for other bytes. */
async function findHeld(
  db: Kysely<Tables>,
  id: string,
  device: Device,
  hash: string,
): Promise<SignedAcceptance | undefined> {
  const row = await db
    .selectFrom('consents')
    .select(['device_id', 'hash', 'acceptance', 'acceptance_cms'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.device_id !== device.id || row.hash !== hash) reject('header.recordId: already used');
  return { document: consentAcceptanceSchema.parse(JSON.parse(row.acceptance)), cms: row.acceptance_cms };
}

/** The device key of this very connection signed these very bytes, now. */
async function checkSignature(
  { authority }: Context,
  { consent, cms }: ConsentSubmission,
  device: Device,
  now: number,
): Promise<void> {
  const late = isLate(consent, now);
  const verdict = await verifyDetached({
    content: canonicalBytes(consent),
    cms: decodeBase64(cms, 'cms'),
    trustedCertificates: [authority.root.certificate],
    // What came late counts when the certificate was valid at signing; it may have been renewed since.
    ...(late ? {} : { at: new Date(now) }),
  });
  if (!verdict.ok) return reject(`cms: ${verdict.reason}`);
  const { signer, signingTime } = verdict;
  const same = late
    ? subjectField(signer.certificate, 'CN') === device.id
    : signer.certificateSha256 === device.certificateSha256;
  if (!same) reject('cms: another signer');
  if (subjectField(signer.certificate, 'OU') !== 'device') reject('cms: signer is no counter');
  if (Math.abs(signingTime.getTime() - signedAt(consent)) > CLOCK_TOLERANCE_MS) reject('cms: signing time');
  if (signingTime.getTime() - now > CLOCK_TOLERANCE_MS) reject('cms: signing time');
}

async function findAssertion(db: Kysely<Tables>, id: string): Promise<Assertion | undefined> {
  const row = await db
    .selectFrom('challenges')
    .select(['session_id', 'device_id', 'staff_id', 'subscriber', 'verified_at', 'representation'])
    .where('assertion_id', '=', id)
    .executeTakeFirst();
  if (!row?.verified_at) return undefined;
  return {
    sessionId: row.session_id,
    deviceId: row.device_id,
    staffId: row.staff_id,
    subscriber: row.subscriber,
    verifiedAt: row.verified_at.getTime(),
    representation: row.representation,
  };
}

async function findAttestations(db: Kysely<Tables>, witnesses: Witnesses = []): Promise<Attestation[]> {
  if (witnesses.length === 0) return [];
  const ids = witnesses.map(({ assertion }) => assertion);
  const rows = await db.selectFrom('attestations').selectAll().where('id', 'in', ids).execute();
  return rows.map((row) => ({
    id: row.id,
    sessionId: row.session_id,
    deviceId: row.device_id,
    subscriber: row.subscriber,
    inkSha256: row.ink_sha256,
    staffId: row.staff_id,
    attestedAt: row.attested_at.getTime(),
  }));
}

/** Fields of a consent whose values count once, by the unique index that says so. */
const usedOnce: Readonly<Record<string, string | undefined>> = {
  consents_nonce_key: 'nonce',
  consents_assertion_id_key: 'evidence.identityAssertion',
  consents_by_withdrawal_code: 'withdrawalCodeSha256',
};

/** The index decides, so that of two at the same moment one gets through. @throws Failure 'consent-rejected' */
function refuseUsed(error: unknown): never {
  const field = usedOnce[brokenConstraint(error) ?? ''];
  if (field !== undefined) reject(`${field}: already used`);
  throw error;
}
