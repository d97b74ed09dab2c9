/** Lookups under a consent, and the sealed pages they hold. */
import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { concat } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { type ConsentRecord, consentRecordSchema } from '../../../shared/domain/consent.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { layerSchema, manifestSchema } from '../../../shared/domain/lookup.ts';
import { parsePageRun } from '../../../shared/domain/page-run.ts';
import { instantsOf } from '../../../shared/domain/period.ts';
import { withinScope } from '../../../shared/domain/scope.ts';
import { type LookupAnswer, lookupAnswerSchema } from '../../../shared/protocol/documents.ts';
import { writeAccess } from '../access-log.ts';
import { type Device, requireServing, type StaffSession } from '../auth.ts';
import { lockConsent } from '../consents/routes.ts';
import type { Context } from '../context.ts';
import { brokenConstraint } from '../database/conflict.ts';
import type { Database } from '../database/open.ts';
import type { Tables } from '../database/tables.ts';
import type { Handlers } from '../routes.ts';
import { answerLookup, type LookupInput } from './answer.ts';

/** Distinct lookups under one consent: the one, and room for a second look. */
const MAX_LOOKUPS = 3;

export function lookupRoutes(context: Context): Pick<Handlers, 'lookup' | 'page'> {
  const { db, pages } = context;
  return {
    lookup: async ({ device, staff, body, now }) => {
      requireServing(staff);
      const { lookupId, request } = body;
      const requestHash = await hashOf({ consentId: body.consentId, request });
      const live = await requireLive(db, body.consentId, device, staff, now);
      const held = await findHeld(db, lookupId, requestHash);
      if (held) return held;
      // SECURITY: S5 S6 no more than was signed.
      if (!withinScope(request, live.consent.scope)) throw new Failure('scope-exceeded');
      await refuseFourth(db, body.consentId);

      const { from, until } = instantsOf(request.period);
      const records = await context.records.find(request.subscriber, request.categories, from, until);
      const pageSet = randomUUID();
      const keep: LookupInput['keep'] = (sealed) =>
        pages.put(
          pageSet,
          sealed.map(({ layer, ref, sealed: bytes }) => ({ layer, page: ref.page, sealed: bytes })),
        );
      try {
        const answer = await answerLookup(context, {
          lookupId,
          ...live,
          request,
          records,
          device,
          now,
          keep,
        });
        const kept = await db.transaction().execute(async (tx) => {
          await lockConsent(tx, body.consentId);
          // What was true when sealing began may have ended since: the end wins. Housekeeping ends many at once and
          // takes none of their locks, but it passes over a row that is held.
          await requireLive(tx, body.consentId, device, staff, context.now(), 'held');
          const twin = await findHeld(tx, lookupId, requestHash);
          if (twin) return twin;
          await refuseFourth(tx, body.consentId);
          await tx
            .insertInto('lookups')
            .values({
              id: lookupId,
              consent_id: body.consentId,
              request_hash: requestHash,
              answered_at: new Date(now),
              rows: records.length,
              manifest: canonicalJson(answer.manifest.document),
              manifest_cms: answer.manifest.cms,
              secrets: canonicalJson(answer.secrets),
              page_set: pageSet,
            })
            .execute()
            .catch(refuseUsedId);
          await tx
            .updateTable('consents')
            .set({ lookup_staff_id: staff.staff.id })
            .where('id', '=', body.consentId)
            .execute();
          await writeAccess(tx, {
            at: now,
            deviceId: device.id,
            staffId: staff.staff.id,
            action: 'lookup',
            outcome: 'answered',
            consentId: body.consentId,
            lookupId,
            rows: records.length,
          });
          return answer;
        });
        // The same question was quicker elsewhere.
        if (kept !== answer) await pages.remove(pageSet);
        return kept;
      } catch (error) {
        await pages.remove(pageSet);
        throw error;
      }
    },

    page: async ({ device, staff, params, now }) => {
      requireServing(staff);
      const run = parsePageRun(params.pages);
      if (!run) throw new Failure('bad-input', { detail: 'pages' });
      // One question a run: a window asks for dozens of them in a row.
      const row = await db
        .selectFrom('lookups')
        .innerJoin('consents', 'consents.id', 'lookups.consent_id')
        .select(['page_set', 'content_noted_at'])
        .select(['device_id', 'ended_at', 'secret', 'expires_at', 'hall', 'lookup_staff_id'])
        .where('lookups.id', '=', params.lookupId)
        .executeTakeFirst();
      checkLive(row, device, staff, now);
      const layer = layerSchema.parse(params.layer);
      const sealed = await pages.get(row.page_set, layer, run);
      // A run that has a page too many has none.
      if (!sealed) throw new Failure('bad-input', { detail: 'pages' });
      if (layer === 'content' && row.content_noted_at === null) {
        await noteContent(db, params.lookupId, { device, staff, now });
      }
      return concat(...sealed);
    },
  };
}

/**
 * SECURITY: S10 that a lookup's texts are handed over is written down before the first of them, once: it is one
 * counter's and one member of staff's. Metadata is what staff work with and holds no text.
 */
async function noteContent(
  db: Database,
  lookupId: string,
  { device, staff, now }: { device: Device; staff: StaffSession; now: number },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const first = await tx
      .updateTable('lookups')
      .set({ content_noted_at: new Date(now) })
      .where('id', '=', lookupId)
      .where('content_noted_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!first) return;
    await writeAccess(tx, {
      at: now,
      deviceId: device.id,
      staffId: staff.staff.id,
      action: 'page',
      outcome: 'answered',
      lookupId,
    });
  });
}

/** A consent under which records may be given now. */
export interface LiveConsent {
  readonly consent: ConsentRecord;
  readonly consentHash: string;
  /** The consent's secret, under the service's key. */
  readonly wrappedSecret: string;
}

/**
 * The consent, if it opens anything for this counter and member of staff at this moment of central's clock.
 * @param row held: nobody changes it until the transaction is over
 * @throws Failure 'consent-required', 'consent-expired', 'forbidden'
 */
async function requireLive(
  db: Kysely<Tables>,
  consentId: string,
  device: Device,
  staff: StaffSession,
  now: number,
  row: 'read' | 'held' = 'read',
): Promise<LiveConsent> {
  const consent = await db
    .selectFrom('consents')
    .selectAll()
    .where('id', '=', consentId)
    .$if(row === 'held', (query) => query.forUpdate())
    .executeTakeFirst();
  checkLive(consent, device, staff, now);
  return {
    consent: consentRecordSchema.parse(JSON.parse(consent.document)),
    consentHash: consent.hash,
    wrappedSecret: consent.secret,
  };
}

type ConsentState = Pick<
  Selectable<Tables['consents']>,
  'device_id' | 'ended_at' | 'secret' | 'expires_at' | 'hall' | 'lookup_staff_id'
>;

/** @throws Failure 'consent-required', 'consent-expired', 'forbidden' */
function checkLive<Row extends ConsentState>(
  row: Row | undefined,
  device: Device,
  staff: StaffSession,
  now: number,
): asserts row is Row & { secret: string } {
  // Another counter's consent is answered like none.
  if (row?.device_id !== device.id) throw new Failure('consent-required');
  if (row.ended_at || row.secret === null || row.expires_at.getTime() <= now) {
    throw new Failure('consent-expired');
  }
  if (row.hall !== staff.staff.hall) throw new Failure('forbidden', { detail: 'hall' });
  // The first lookup binds the consent to who asked.
  if (row.lookup_staff_id !== null && row.lookup_staff_id !== staff.staff.id) {
    throw new Failure('forbidden', { detail: 'staff' });
  }
}

/** The answer given before to the same question. @throws Failure 'scope-exceeded' for another question. */
async function findHeld(
  db: Kysely<Tables>,
  lookupId: string,
  requestHash: string,
): Promise<LookupAnswer | undefined> {
  const row = await db.selectFrom('lookups').selectAll().where('id', '=', lookupId).executeTakeFirst();
  if (!row) return undefined;
  if (row.request_hash !== requestHash) {
    throw new Failure('scope-exceeded', { detail: 'lookupId: already used' });
  }
  if (row.secrets === null) throw new Failure('consent-expired');
  return lookupAnswerSchema.parse({
    manifest: { document: manifestSchema.parse(JSON.parse(row.manifest)), cms: row.manifest_cms },
    secrets: JSON.parse(row.secrets),
  });
}

/** The same id under two consents at the same moment. @throws Failure 'scope-exceeded' */
function refuseUsedId(error: unknown): never {
  if (brokenConstraint(error) === 'lookups_pkey') {
    throw new Failure('scope-exceeded', { detail: 'lookupId: already used' });
  }
  throw error;
}

async function refuseFourth(db: Kysely<Tables>, consentId: string): Promise<void> {
  const { count } = await db
    .selectFrom('lookups')
    .select((e) => e.fn.countAll<string>().as('count'))
    .where('consent_id', '=', consentId)
    .executeTakeFirstOrThrow();
  if (Number(count) >= MAX_LOOKUPS) throw new Failure('scope-exceeded', { detail: 'lookups' });
}
