/** Taking a consent back. It wins every race and is final. */
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { signDocument } from '../../../shared/canonical/signed-document.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { grantNames } from '../../../shared/domain/scope.ts';
import {
  isWhole,
  type Withdrawal,
  type WithdrawnPart,
  withdrawalSchema,
} from '../../../shared/domain/withdrawal.ts';
import type { WithdrawalAnswer } from '../../../shared/protocol/withdrawals.ts';
import { writeAccess } from '../access-log.ts';
import type { Device } from '../auth.ts';
import { lockConsent } from '../consents/routes.ts';
import type { Context } from '../context.ts';
import { brokenConstraint } from '../database/conflict.ts';
import { countersOf, standingPurposes } from './consents.ts';

export interface WithdrawInput {
  readonly withdrawalId: string;
  readonly consentId: string;
  readonly part: WithdrawnPart;
  readonly by: Withdrawal['by'];
  /** Counter that sent it in. */
  readonly device: Device;
  readonly now: number;
}

/**
 * Marks it, destroys central's key, tells the counter that holds it: one transaction under the consent's lock,
 * which a lookup takes as well before it answers. // SECURITY: S5 S6
 */
export async function withdraw(context: Context, input: WithdrawInput): Promise<WithdrawalAnswer> {
  const { db, changes, pages } = context;
  const { withdrawalId, consentId, device, part, now } = input;
  const requestHash = await hashOf({ consentId, part });
  const done = await db.transaction().execute(async (tx) => {
    await lockConsent(tx, consentId);
    const row = await tx.selectFrom('consents').selectAll().where('id', '=', consentId).executeTakeFirst();
    if (!row) throw new Failure('consent-required');
    const answer = async (held: { document: string; document_cms: string }): Promise<WithdrawalAnswer> => ({
      withdrawal: {
        document: withdrawalSchema.parse(JSON.parse(held.document)),
        cms: held.document_cms,
      },
      counters: await countersOf(tx, row),
    });
    const twin = await tx
      .selectFrom('withdrawals')
      .selectAll()
      .where('id', '=', withdrawalId)
      .executeTakeFirst();
    if (twin) {
      if (twin.request_hash !== requestHash || twin.device_id !== device.id) {
        throw new Failure('bad-input', { detail: 'withdrawalId: already used' });
      }
      return { answer: await answer(twin), told: [], pageSets: [] };
    }
    if (row.withdrawn_at) {
      // Final: what was said then is said again, under whatever id it is asked.
      const first = await tx
        .selectFrom('withdrawals')
        .selectAll()
        .where('consent_id', '=', consentId)
        .orderBy('withdrawn_at', 'desc')
        .executeTakeFirstOrThrow();
      return { answer: await answer(first), told: [], pageSets: [] };
    }
    const whole = isWhole(part);
    const standing = await standingPurposes(tx, row, now);
    const purposes = whole ? standing : standing.filter((name) => part !== 'all' && part.includes(name));
    const document: Withdrawal = {
      schema: 'zhiqing-withdrawal/1',
      withdrawalId,
      consentId,
      consentHash: row.hash,
      whole,
      purposes: grantNames.filter((name) => purposes.includes(name)),
      by: input.by,
      at: new Date(now).toISOString(),
    };
    const signed = await signDocument(document, context.authority.central, new Date(now));
    const kept = { document: canonicalJson(document), document_cms: signed.cms };
    await tx
      .insertInto('withdrawals')
      .values({
        id: withdrawalId,
        consent_id: consentId,
        device_id: device.id,
        request_hash: requestHash,
        withdrawn_at: new Date(now),
        ...kept,
      })
      .execute()
      .catch(refuseUsedId);
    let pageSets: string[] = [];
    if (whole) {
      // SECURITY: S11 the key goes with the mark: from here on nothing opens what is left.
      await tx
        .updateTable('consents')
        .set({
          withdrawn_at: new Date(now),
          secret: null,
          ...(row.ended_at ? {} : { ended_at: new Date(now), end_reason: 'withdrawn' }),
        })
        .where('id', '=', consentId)
        .execute();
      const lookups = await tx
        .updateTable('lookups')
        .set({ secrets: null })
        .where('consent_id', '=', consentId)
        .returning('page_set')
        .execute();
      pageSets = lookups.map((lookup) => lookup.page_set);
    } else if (document.purposes.length > 0) {
      await tx
        .insertInto('withdrawn_purposes')
        .values(
          document.purposes.map((purpose) => ({
            consent_id: consentId,
            purpose,
            withdrawn_at: new Date(now),
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    const counters = await countersOf(tx, row);
    const told = counters.filter(({ state }) => state === 'pending').map((counter) => counter.device);
    if (whole) {
      const body = { kind: 'consent-ended', consentId, consentHash: row.hash, reason: 'withdrawn' } as const;
      await changes.append(tx, told, body, now);
    } else if (document.purposes.length > 0) {
      const body = { kind: 'purposes-withdrawn', consentId, purposes: document.purposes } as const;
      await changes.append(tx, told, body, now);
    }
    await writeAccess(tx, {
      at: now,
      deviceId: device.id,
      action: 'withdraw',
      outcome: 'answered',
      consentId,
    });
    return { answer: { withdrawal: { document, cms: signed.cms }, counters }, told, pageSets };
  });
  changes.announce(done.told);
  await Promise.all(done.pageSets.map((pageSet) => pages.remove(pageSet)));
  return done.answer;
}

/** The same id for two consents at the same moment. @throws Failure 'bad-input' */
function refuseUsedId(error: unknown): never {
  if (brokenConstraint(error) === 'withdrawals_pkey') {
    throw new Failure('bad-input', { detail: 'withdrawalId: already used' });
  }
  throw error;
}
