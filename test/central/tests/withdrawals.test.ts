/** Withdrawal and erasure evidence at central: by code, in person, against every race, and final. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { signDocument, subjectField, verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { makeWithdrawalCode } from '../../../shared/canonical/withdrawal-code.ts';
import { type ErasureEvidence, visitParts } from '../../../shared/domain/erasure.ts';
import type { WithdrawnPart } from '../../../shared/domain/withdrawal.ts';
import type { WithdrawalAuthority } from '../../../shared/protocol/withdrawals.ts';
import type { TestCounter } from './client.ts';
import { centralFixture, MINUTE, told } from './fixture.ts';
import {
  askFor,
  draftConsent,
  giveConsent,
  LI,
  openCounter,
  proveIdentity,
  submission,
  ZHANG,
} from './visit.ts';

const fixture = centralFixture();
let counter: TestCounter;
let other: TestCounter;
beforeAll(async () => {
  counter = await openCounter(fixture.central, 'counter-w-1');
  other = await openCounter(fixture.central, 'counter-w-2', { id: '1025', pin: '135791' });
});

const byCode = (code: string): WithdrawalAuthority => ({ by: 'code', code });
const give = (subscriber = ZHANG, at = counter) =>
  giveConsent(at, askFor(subscriber, fixture.now()), fixture.now());
const withdrawal = (
  consentId: string,
  authority: WithdrawalAuthority,
  part: WithdrawnPart = 'all',
  withdrawalId: string = randomUUID(),
) => ({ body: { withdrawalId, authority, consentId, part } });
const lookup = (consentId: string, subscriber = ZHANG) => ({
  body: { lookupId: randomUUID(), consentId, request: askFor(subscriber, fixture.now()) },
});
/** Room for tries: each test has its own. */
const later = () => fixture.advance(16 * MINUTE);

async function evidenceOf(at: TestCounter, consentId: string, change: Partial<ErasureEvidence> = {}) {
  const row = await fixture.central.context.db
    .selectFrom('consents')
    .select('hash')
    .where('id', '=', consentId)
    .executeTakeFirst();
  const evidence: ErasureEvidence = {
    schema: 'zhiqing-erasure/1',
    consentId,
    consentHash: row?.hash ?? '0'.repeat(64),
    reason: 'withdrawn',
    destroyed: [...visitParts],
    at: new Date(fixture.now()).toISOString(),
    device: subjectField(at.identity.certificate, 'CN') ?? '',
    auditEntry: { seq: 3, sha256: 'a'.repeat(64) },
    ...change,
  };
  const { cms } = await signDocument(evidence, at.identity, new Date());
  return { params: { consentId }, body: { evidence, cms } };
}

describe('by the code on the receipt', () => {
  test('finds the one consent, shows what was agreed, and withdraws at another counter', async () => {
    const { draft, consentId } = await give();
    const authority = byCode(draft.withdrawalCode);
    const { consents } = await other.call('standingConsents', { body: { authority }, token: undefined });
    expect(consents).toHaveLength(1);
    expect(consents[0]).toMatchObject({ consentId, state: 'open', maskedNumber: '139****0001' });
    expect(JSON.stringify(consents)).not.toContain(ZHANG);
    const input = withdrawal(consentId, authority);
    const answer = await other.call('withdraw', { ...input, token: undefined });
    expect(answer.counters).toEqual([{ device: 'counter-w-1', hall: expect.any(String), state: 'pending' }]);
    const verdict = await verifyDocument(answer.withdrawal, {
      trustedCertificates: [fixture.central.authority.root.certificate],
      expectedRole: 'central',
    });
    expect(verdict.ok).toBe(true);
    expect(answer.withdrawal.document).toMatchObject({
      consentId,
      whole: true,
      by: 'code',
      consentHash: await hashOf(draft.consent),
    });
    // The counter that holds it is told, once.
    const { changes } = await counter.call('changes');
    const ended = changes.filter((one) => one.kind === 'consent-ended' && one.consentId === consentId);
    expect(ended).toMatchObject([{ reason: 'withdrawn', consentHash: await hashOf(draft.consent) }]);
    // Final: no lookup, no second change, the same answer again.
    expect(told(await counter.refused('lookup', lookup(consentId)))).toBe('consent-expired');
    expect(await other.call('withdraw', input)).toEqual(answer);
    const again = await other.call('withdraw', withdrawal(consentId, authority));
    expect(again.withdrawal).toEqual(answer.withdrawal);
    expect((await counter.call('changes')).changes).toHaveLength(changes.length);
    // Only on its signed word is the counter's part done.
    await counter.call('reportErasure', await evidenceOf(counter, consentId));
    const params = { withdrawalId: input.body.withdrawalId };
    const state = await other.call('withdrawalState', { params });
    expect(state.counters).toMatchObject([{ device: 'counter-w-1', state: 'erased' }]);
    expect(told(await counter.refused('withdrawalState', { params }))).toBe('consent-required');
  });

  test('an unknown code finds nothing; tries are limited for the counter and for the code', async () => {
    later();
    const { draft } = await give(LI);
    const wrong = await counter.refused('standingConsents', {
      body: { authority: byCode(makeWithdrawalCode()) },
    });
    expect(wrong).toMatchObject({ kind: 'withdrawal-code-unknown', status: 404, triesLeft: 9 });
    for (let i = 0; i < 9; i++) {
      await counter.refused('standingConsents', { body: { authority: byCode(makeWithdrawalCode()) } });
    }
    const authority = byCode(draft.withdrawalCode);
    expect(told(await counter.refused('standingConsents', { body: { authority } }))).toBe('too-many-tries');
    // Another counter has tries of its own; the code's are counted over all of them.
    for (let i = 0; i < 10; i++) await other.call('standingConsents', { body: { authority } });
    const third = await openCounter(fixture.central, 'counter-w-3');
    expect(told(await third.refused('standingConsents', { body: { authority } }))).toBe('too-many-tries');
  });

  test('is for its own consent only', async () => {
    later();
    const mine = await give(ZHANG);
    const theirs = await give(LI);
    const authority = byCode(mine.draft.withdrawalCode);
    expect(told(await other.refused('withdraw', withdrawal(theirs.consentId, authority)))).toBe(
      'consent-required',
    );
    expect((await counter.call('lookup', lookup(theirs.consentId, LI))).manifest).toBeDefined();
  });

  test('a code can stand in one consent only', async () => {
    const first = await give(ZHANG);
    const draft = await draftConsent(counter, askFor(LI, fixture.now()), { now: fixture.now() });
    const { withdrawalCodeSha256 } = first.draft.consent;
    const changed = { ...draft, consent: { ...draft.consent, withdrawalCodeSha256 } };
    const params = { consentId: changed.consent.header.recordId };
    const body = await submission(counter, changed);
    expect(told(await counter.refused('submitConsent', { params, body }))).toBe(
      'consent-rejected (withdrawalCodeSha256: already used)',
    );
  });
});

describe('in person', () => {
  const prove = async (at: TestCounter, subscriber: string): Promise<WithdrawalAuthority> => {
    const sessionId = randomUUID();
    const { assertionId } = await proveIdentity(at, subscriber, sessionId);
    return { by: 'identity', sessionId, assertionId };
  };

  test("lists the subject's own that still stand, and nobody else's", async () => {
    later();
    const theirs = await give(LI);
    const mine = await give(ZHANG);
    const authority = await prove(other, ZHANG);
    const { consents } = await other.call('standingConsents', { body: { authority } });
    const ids = consents.map(({ consentId }) => consentId);
    expect(ids).toContain(mine.consentId);
    expect(ids).not.toContain(theirs.consentId);
    expect(told(await other.refused('withdraw', withdrawal(theirs.consentId, authority)))).toBe(
      'consent-required',
    );
    const answer = await other.call('withdraw', withdrawal(mine.consentId, authority));
    expect(answer.withdrawal.document.by).toBe('identity');
    // It is gone from the list.
    const after = await other.call('standingConsents', { body: { authority } });
    expect(after.consents.map(({ consentId }) => consentId)).not.toContain(mine.consentId);
  });

  test('an assertion counts in its own session, at its own counter, for half an hour', async () => {
    const authority = await prove(other, ZHANG);
    if (authority.by !== 'identity') throw new Error('identity');
    const ask = (at: TestCounter, change: object) =>
      at.refused('standingConsents', { body: { authority: { ...authority, ...change } } });
    expect((await ask(counter, {})).kind).toBe('identity-failed');
    expect((await ask(other, { sessionId: randomUUID() })).kind).toBe('identity-failed');
    expect((await ask(other, { assertionId: randomUUID() })).kind).toBe('identity-failed');
    fixture.advance(31 * MINUTE);
    expect((await ask(other, {})).kind).toBe('identity-failed');
  });

  test('single purposes: the rest stays, the counter is told', async () => {
    later();
    const grants = {
      lookup: true,
      analysis: true,
      release: true,
      keep: false,
      contact: true,
      marketing: true,
      richInk: false,
    };
    const request = askFor(ZHANG, fixture.now());
    const draft = await draftConsent(counter, request, { now: fixture.now(), grants });
    const consentId = draft.consent.header.recordId;
    await counter.call('submitConsent', { params: { consentId }, body: await submission(counter, draft) });
    const authority = byCode(draft.withdrawalCode);
    const answer = await other.call('withdraw', withdrawal(consentId, authority, ['marketing']));
    expect(answer.withdrawal.document).toMatchObject({ whole: false, purposes: ['marketing'] });
    const { consents } = await other.call('standingConsents', { body: { authority } });
    expect(consents[0]?.purposes).toEqual(['lookup', 'analysis', 'release', 'contact']);
    expect((await counter.call('lookup', lookup(consentId))).manifest).toBeDefined();
    expect((await counter.call('changes')).changes.at(-1)).toMatchObject({
      kind: 'purposes-withdrawn',
      purposes: ['marketing'],
    });
    // Once the visit has ended, what outlasts it is what is left to take back.
    await counter.call('endConsent', {
      params: { consentId },
      body: { reason: 'visit-ended', at: new Date(fixture.now()).toISOString() },
    });
    const ended = await other.call('standingConsents', { body: { authority } });
    expect(ended.consents[0]).toMatchObject({ state: 'ended', purposes: ['contact'] });
    // Without the lookup there is no consent: taking that back is taking back the whole.
    const whole = await other.call('withdraw', withdrawal(consentId, authority, ['lookup']));
    expect(whole.withdrawal.document.whole).toBe(true);
  });
});

describe('races', () => {
  test('a withdrawal during a lookup wins, whichever comes first', async () => {
    later();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { minLength: 2, maxLength: 5 }), async (delays) => {
        fixture.advance(16 * MINUTE);
        await counter.signIn();
        const { draft, consentId } = await give();
        const pause = async (turns: number) => {
          for (let i = 0; i < turns * 4; i++) await new Promise((resolve) => setImmediate(resolve));
        };
        const [first = 0, ...rest] = delays;
        const withdrawing = (async () => {
          await pause(first);
          return other.call('withdraw', withdrawal(consentId, byCode(draft.withdrawalCode)));
        })();
        const asked = await Promise.all(
          rest.slice(0, 3).map(async (turns) => {
            await pause(turns);
            return counter.raw('lookup', lookup(consentId));
          }),
        );
        await withdrawing;
        // Whatever was answered before: from here on nothing is.
        expect(told(await counter.refused('lookup', lookup(consentId)))).toBe('consent-expired');
        for (const answer of asked) expect([200, 403]).toContain(answer.status);
        const row = await fixture.central.context.db
          .selectFrom('consents')
          .select(['secret', 'withdrawn_at'])
          .where('id', '=', consentId)
          .executeTakeFirstOrThrow();
        expect(row.secret).toBeNull();
        expect(row.withdrawn_at).not.toBeNull();
        const left = await fixture.central.context.db
          .selectFrom('lookups')
          .select('id')
          .where('consent_id', '=', consentId)
          .where('secrets', 'is not', null)
          .execute();
        expect(left).toEqual([]);
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});

describe('erasure evidence', () => {
  test('an end with its evidence is done; the same again changes nothing', async () => {
    later();
    await counter.signIn();
    const { draft, consentId } = await give();
    const input = await evidenceOf(counter, consentId, { reason: 'visit-ended' });
    await counter.call('reportErasure', input);
    await counter.call('reportErasure', input);
    await counter.call('reportErasure', await evidenceOf(counter, consentId, { reason: 'expired' }));
    const rows = await fixture.central.context.db
      .selectFrom('erasures')
      .select('reason')
      .where('consent_id', '=', consentId)
      .execute();
    expect(rows).toEqual([{ reason: 'visit-ended' }]);
    // Nothing to wait for when it is withdrawn afterwards, and nobody is told.
    const { head } = await counter.call('changes');
    const answer = await other.call('withdraw', withdrawal(consentId, byCode(draft.withdrawalCode)));
    expect(answer.counters).toMatchObject([{ state: 'erased' }]);
    expect((await counter.call('changes')).head).toBe(head);
    // Keys that are gone at the counter are gone here.
    expect(told(await counter.refused('lookup', lookup(consentId)))).toBe('consent-expired');
  });

  test('of another counter, another consent, other bytes or a later time is none', async () => {
    const { consentId } = await give();
    const refusal = async (input: Awaited<ReturnType<typeof evidenceOf>>, at = counter) =>
      told(await at.refused('reportErasure', input));
    const good = await evidenceOf(counter, consentId);
    expect(await refusal(good, other)).toBe('bad-input (evidence.device)');
    expect(await refusal(await evidenceOf(other, consentId), other)).toBe('consent-required');
    const forged = await evidenceOf(other, consentId, { device: 'counter-w-1' });
    expect(await refusal(forged)).toBe('bad-input (cms: another signer)');
    expect(await refusal({ ...good, params: { consentId: randomUUID() } })).toBe(
      'bad-input (evidence.consentId)',
    );
    const changed = { ...good.body.evidence, reason: 'expired' as const };
    expect(await refusal({ ...good, body: { ...good.body, evidence: changed } })).toBe(
      'bad-input (cms: digest-mismatch)',
    );
    expect(await refusal(await evidenceOf(counter, consentId, { consentHash: 'b'.repeat(64) }))).toBe(
      'bad-input (evidence.consentHash)',
    );
    const ahead = new Date(fixture.now() + 10 * MINUTE).toISOString();
    expect(await refusal(await evidenceOf(counter, consentId, { at: ahead }))).toBe(
      'bad-input (evidence.at)',
    );
    const central = await signDocument(good.body.evidence, fixture.central.authority.central, new Date());
    expect(await refusal({ ...good, body: { ...good.body, cms: central.cms } })).toBe(
      'bad-input (cms: wrong-role)',
    );
    const rows = await fixture.central.context.db
      .selectFrom('erasures')
      .select('reason')
      .where('consent_id', '=', consentId)
      .execute();
    expect(rows).toEqual([]);
  });
});

describe('a consent that comes late', () => {
  const submit = async (
    signedMinutesAgo: number,
    change = (draft: Awaited<ReturnType<typeof draftConsent>>) => draft,
  ) => {
    await counter.signIn();
    const draft = change(await draftConsent(counter, askFor(ZHANG, fixture.now()), { now: fixture.now() }));
    fixture.advance(signedMinutesAgo * MINUTE);
    const body = await submission(counter, draft);
    const params = { consentId: draft.consent.header.recordId };
    return { draft, params, answer: await counter.raw('submitConsent', { params, body }) };
  };

  test('is accepted while it has not expired, and opens what it says', async () => {
    const { params, answer } = await submit(10);
    expect(answer.status).toBe(200);
    expect((await counter.call('lookup', lookup(params.consentId))).manifest).toBeDefined();
  });

  test('comes from a colleague where who took it is gone; on time it does not, nor in the name of a third', async () => {
    await counter.signIn();
    const took = await draftConsent(counter, askFor(ZHANG, fixture.now()), { now: fixture.now() });
    const params = { consentId: took.consent.header.recordId };
    await counter.signIn('1025', '135791');
    const early = await counter.refused('submitConsent', { params, body: await submission(counter, took) });
    expect(told(early)).toBe('consent-rejected (parties.staff)');
    fixture.advance(10 * MINUTE);
    const parties = took.consent.parties.map((party) =>
      party.role === 'staff' ? { ...party, id: '1025' } : party,
    );
    const claimed = { ...took, consent: { ...took.consent, parties } };
    const third = await counter.refused('submitConsent', {
      params,
      body: await submission(counter, claimed),
    });
    expect(told(third)).toBe('consent-rejected (parties.staff)');
    expect(
      (await counter.raw('submitConsent', { params, body: await submission(counter, took) })).status,
    ).toBe(200);
    const row = await fixture.central.context.db
      .selectFrom('consents')
      .select('staff_id')
      .where('id', '=', params.consentId)
      .executeTakeFirstOrThrow();
    expect(row.staff_id).toBe('1024');
  });

  test('past its time it is kept as evidence and opens nothing', async () => {
    const { draft, params, answer } = await submit(11 * 60);
    expect(answer.status).toBe(200);
    expect(told(await counter.refused('lookup', lookup(params.consentId)))).toBe('consent-expired');
    const row = await fixture.central.context.db
      .selectFrom('consents')
      .select(['secret', 'end_reason'])
      .where('id', '=', params.consentId)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ secret: null, end_reason: 'expired' });
    later();
    const { consents } = await other.call('standingConsents', {
      body: { authority: byCode(draft.withdrawalCode) },
      token: undefined,
    });
    expect(consents[0]?.state).toBe('expired');
  });

  test('is judged by the policy of its own time', async () => {
    await counter.signIn();
    const draft = await draftConsent(counter, askFor(ZHANG, fixture.now()), { now: fixture.now() });
    fixture.advance(10 * MINUTE);
    await fixture.central.publishPolicy((policy) => policy);
    const body = await submission(counter, draft);
    const params = { consentId: draft.consent.header.recordId };
    expect((await counter.raw('submitConsent', { params, body })).status).toBe(200);
    // One that is signed now, under the policy of before, is not.
    const old = await draftConsent(counter, askFor(ZHANG, fixture.now()), { now: fixture.now() });
    const { privacyNotice } = old.consent.processing;
    const policyVersion = privacyNotice.policyVersion - 1;
    const consent = {
      ...old.consent,
      processing: { ...old.consent.processing, privacyNotice: { ...privacyNotice, policyVersion } },
    };
    const stale = await counter.refused('submitConsent', {
      params: { consentId: consent.header.recordId },
      body: await submission(counter, { ...old, consent }),
    });
    expect(stale.kind).toBe('policy-changed');
  });

  test('its own word on when it was signed is held against the identity check', async () => {
    await counter.signIn();
    // Identity is checked now; the consent claims to have been signed before.
    fixture.advance(60 * MINUTE);
    const request = askFor(ZHANG, fixture.now());
    const draft = await draftConsent(counter, request, { now: fixture.now() - 20 * MINUTE });
    const refused = await counter.refused('submitConsent', {
      params: { consentId: draft.consent.header.recordId },
      body: await submission(counter, draft),
    });
    expect(told(refused)).toContain('evidence.identityAssertion: after signing');
    // Or long after.
    const late = await draftConsent(counter, request, { now: fixture.now() });
    fixture.advance(60 * MINUTE);
    const [event] = late.consent.events;
    if (!event) throw new Error('event');
    const at = new Date(fixture.now() - 10 * MINUTE).toISOString();
    const expiresAt = new Date(Date.parse(at) + 20 * MINUTE).toISOString();
    const scope = { ...late.consent.scope, expiresAt };
    const consent = {
      ...late.consent,
      scope,
      events: [{ ...event, at, validUntil: expiresAt }],
      evidence: { ...late.consent.evidence, scopeSha256: await hashOf(scope) },
    };
    const old = await counter.refused('submitConsent', {
      params: { consentId: consent.header.recordId },
      body: await submission(counter, { ...late, consent }),
    });
    expect(told(old)).toContain('evidence.identityAssertion: too old');
  });
});
