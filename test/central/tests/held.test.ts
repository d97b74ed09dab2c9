/** Records kept at a counter for a case: how long, opened again by whom, and when their end is due. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { signDocument, subjectField } from '../../../shared/canonical/signed-document.ts';
import { type ConsentRecord, purposeTypes } from '../../../shared/domain/consent.ts';
import { type ErasureEvidence, heldParts, visitParts } from '../../../shared/domain/erasure.ts';
import type { TestCounter } from './client.ts';
import { centralFixture, MINUTE, told } from './fixture.ts';
import {
  ALL_GRANTS,
  askFor,
  type Draft,
  draftConsent,
  LI,
  openCounter,
  proveIdentity,
  submission,
  ZHANG,
} from './visit.ts';

const DAY = 24 * 60 * MINUTE;
const keeping = { ...ALL_GRANTS, keep: true };

const fixture = centralFixture();
let counter: TestCounter;
let other: TestCounter;
beforeAll(async () => {
  counter = await openCounter(fixture.central, 'counter-h-1');
  other = await openCounter(fixture.central, 'counter-h-2');
});

/** Each test has tries, and a staff token, of its own. */
beforeEach(() => later(31 * MINUTE));
async function later(ms: number): Promise<void> {
  fixture.advance(ms);
  for (const one of [counter, other]) await one.signIn('1024', '246810');
}

const draft = (grants = keeping, subscriber = ZHANG) =>
  draftConsent(counter, askFor(subscriber, fixture.now()), { now: fixture.now(), grants });

/** With another scope, and hash and evidence that fit it. */
async function withScope(made: Draft, change: Partial<ConsentRecord['scope']>): Promise<Draft> {
  const scope = { ...made.consent.scope, ...change };
  if (scope.heldUntil === undefined) delete scope.heldUntil;
  const evidence = { ...made.consent.evidence, scopeSha256: await hashOf(scope) };
  return { ...made, consent: { ...made.consent, scope, evidence } };
}

async function refusalOf(made: Draft): Promise<string> {
  const params = { consentId: made.consent.header.recordId };
  return told(await counter.refused('submitConsent', { params, body: await submission(counter, made) }));
}

/** An accepted consent, its visit over. */
async function held(grants = keeping, subscriber = ZHANG) {
  const made = await draft(grants, subscriber);
  const params = { consentId: made.consent.header.recordId };
  await counter.call('submitConsent', { params, body: await submission(counter, made) });
  const end = { reason: 'visit-ended' as const, at: new Date(fixture.now()).toISOString() };
  await counter.call('endConsent', { params, body: end });
  return { ...params, code: made.withdrawalCode, made };
}

async function reopening(at: TestCounter, subscriber = ZHANG) {
  const sessionId = randomUUID();
  const { assertionId } = await proveIdentity(at, subscriber, sessionId);
  return { sessionId, assertionId };
}

async function reportErasure(consentId: string, made: Draft, reason: ErasureEvidence['reason']) {
  const evidence: ErasureEvidence = {
    schema: 'zhiqing-erasure/1',
    consentId,
    consentHash: await hashOf(made.consent),
    reason,
    destroyed: [...visitParts, ...heldParts],
    at: new Date(fixture.now()).toISOString(),
    device: subjectField(counter.identity.certificate, 'CN') ?? '',
    auditEntry: { seq: 3, sha256: 'a'.repeat(64) },
  };
  const { cms } = await signDocument(evidence, counter.identity, new Date(fixture.now()));
  await counter.call('reportErasure', { params: { consentId }, body: { evidence, cms } });
}

const days = (n: number) => later(n * DAY);

describe('the date in the scope', () => {
  const until = (made: Draft, change: number) =>
    new Date(Date.parse(made.consent.scope.heldUntil ?? '') + change).toISOString();

  test('is there exactly when keeping was ticked', async () => {
    expect(await refusalOf(await withScope(await draft(), { heldUntil: undefined }))).toBe(
      'consent-rejected (scope.heldUntil)',
    );
    const unasked = await draft(ALL_GRANTS);
    const heldUntil = new Date(fixture.now() + DAY).toISOString();
    expect(await refusalOf(await withScope(unasked, { heldUntil }))).toBe(
      'consent-rejected (scope.heldUntil)',
    );
  });

  test('is no later than the policy allows, and after the signature', async () => {
    const made = await draft();
    expect(await refusalOf(await withScope(made, { heldUntil: until(made, 1) }))).toBe(
      'consent-rejected (scope.heldUntil)',
    );
    const past = new Date(fixture.now() - MINUTE).toISOString();
    expect(await refusalOf(await withScope(await draft(), { heldUntil: past }))).toBe(
      'consent-rejected (scope.heldUntil)',
    );
    const sooner = await withScope(await draft(), { heldUntil: until(made, -DAY) });
    const params = { consentId: sooner.consent.header.recordId };
    await counter.call('submitConsent', { params, body: await submission(counter, sooner) });
  });

  test('never lets a lookup out', async () => {
    const made = await draft();
    const params = { consentId: made.consent.header.recordId };
    await counter.call('submitConsent', { params, body: await submission(counter, made) });
    fixture.advance(61 * MINUTE);
    const request = askFor(ZHANG, fixture.now() - DAY);
    const body = { lookupId: randomUUID(), consentId: params.consentId, request };
    expect(told(await counter.refused('lookup', { body }))).toBe('consent-expired');
  });

  test('is not offered to who acts for somebody else', async () => {
    const kinds = (await counter.call('policy')).document.representatives;
    expect(kinds.flatMap(({ grants }) => grants)).not.toContain('keep');
    expect(Object.keys(purposeTypes)).toContain('keep');
  });
});

describe('opening it again', () => {
  test('needs the subject in this visit, and says what still stands', async () => {
    const { consentId, made } = await held();
    await days(2);
    const answer = await counter.call('reopenHeld', {
      params: { consentId },
      body: await reopening(counter),
    });
    expect(answer).toEqual({
      consentId,
      heldUntil: made.consent.scope.heldUntil,
      purposes: ['lookup', 'analysis', 'release', 'keep'],
    });
    const logged = await fixture.central.context.db
      .selectFrom('access_log')
      .select(['outcome', 'staff_id'])
      .where('action', '=', 'reopenHeld')
      .where('consent_id', '=', consentId)
      .execute();
    expect(logged).toEqual([{ outcome: 'answered', staff_id: '1024' }]);
  });

  test('is refused to another number, session, counter, and to an old check', async () => {
    const { consentId } = await held();
    const ask = async (at: TestCounter, body: { sessionId: string; assertionId: string }) =>
      told(await at.refused('reopenHeld', { params: { consentId }, body }));
    const own = await reopening(counter);
    expect(await ask(counter, await reopening(counter, LI))).toBe('identity-failed (assertion)');
    expect(await ask(counter, { ...own, sessionId: randomUUID() })).toBe('identity-failed (assertion)');
    expect(await ask(counter, { ...own, assertionId: randomUUID() })).toBe('identity-failed (assertion)');
    expect(await ask(other, await reopening(other))).toBe('consent-required');
    fixture.advance(31 * MINUTE);
    expect(await ask(counter, own)).toBe('identity-failed (assertion)');
    const unknown = randomUUID();
    const body = await reopening(counter);
    expect(told(await counter.refused('reopenHeld', { params: { consentId: unknown }, body }))).toBe(
      'consent-required',
    );
    await counter.signIn('2001', '864209');
    expect(await ask(counter, body)).toMatch(/^forbidden/);
  });

  test('is refused for what was never to be kept', async () => {
    const { consentId } = await held(ALL_GRANTS);
    const body = await reopening(counter);
    expect(told(await counter.refused('reopenHeld', { params: { consentId }, body }))).toBe(
      'consent-expired (held)',
    );
  });

  test('is refused from its date on', async () => {
    const { consentId } = await held();
    await days(30);
    const body = await reopening(counter);
    expect(told(await counter.refused('reopenHeld', { params: { consentId }, body }))).toBe(
      'consent-expired (held)',
    );
  });

  test('is refused once its end was reported: a profile put back opens nothing', async () => {
    const { consentId, made } = await held();
    await reportErasure(consentId, made, 'case-closed');
    const body = await reopening(counter);
    expect(told(await counter.refused('reopenHeld', { params: { consentId }, body }))).toBe(
      'consent-expired (held)',
    );
  });
});

describe('taking it back', () => {
  test('keeping alone, at another counter, with the code: the counter is told, then nothing opens', async () => {
    const { consentId, code } = await held();
    await days(1);
    const authority = { by: 'code' as const, code };
    const listed = await other.call('standingConsents', { body: { authority } });
    expect(listed.consents[0]).toMatchObject({
      state: 'held',
      purposes: ['lookup', 'analysis', 'release', 'keep'],
      heldUntil: expect.any(String),
    });
    const body = { withdrawalId: randomUUID(), authority, consentId, part: ['keep' as const] };
    const { withdrawal, counters } = await other.call('withdraw', { body });
    expect(withdrawal.document).toMatchObject({ whole: false, purposes: ['keep'] });
    expect(counters).toMatchObject([{ device: 'counter-h-1', state: 'pending' }]);
    const { changes } = await counter.call('changes');
    expect(changes.filter((one) => 'consentId' in one && one.consentId === consentId)).toMatchObject([
      { kind: 'purposes-withdrawn', purposes: ['keep'] },
    ]);
    const refusal = await counter.refused('reopenHeld', {
      params: { consentId },
      body: await reopening(counter),
    });
    expect(told(refusal)).toBe('consent-expired (held)');
    const after = await other.call('standingConsents', { body: { authority } });
    expect(after.consents[0]).toMatchObject({ state: 'expired', purposes: [] });
    expect(after.consents[0]).not.toHaveProperty('heldUntil');
  });

  test('single purposes while it is kept: the rest stays', async () => {
    const { consentId, code } = await held();
    const authority = { by: 'code' as const, code };
    const body = { withdrawalId: randomUUID(), authority, consentId, part: ['release' as const] };
    await other.call('withdraw', { body });
    const answer = await counter.call('reopenHeld', {
      params: { consentId },
      body: await reopening(counter),
    });
    expect(answer.purposes).toEqual(['lookup', 'analysis', 'keep']);
  });

  test('all of it: the counter hears that the consent ended', async () => {
    const { consentId, code } = await held();
    const authority = { by: 'code' as const, code };
    await other.call('withdraw', {
      body: { withdrawalId: randomUUID(), authority, consentId, part: 'all' },
    });
    const { changes } = await counter.call('changes');
    expect(changes.filter((one) => 'consentId' in one && one.consentId === consentId)).toMatchObject([
      { kind: 'consent-ended', reason: 'withdrawn' },
    ]);
    const refusal = await counter.refused('reopenHeld', {
      params: { consentId },
      body: await reopening(counter),
    });
    expect(told(refusal)).toBe('consent-expired (held)');
  });
});

describe('evidence that is due', () => {
  const overdue = async (consentId: string) =>
    (await fixture.central.overdue()).filter((one) => one.consentId === consentId);

  test('at the end of the visit, of what is kept at its date, of what was taken back at once', async () => {
    const plain = await held(ALL_GRANTS);
    const kept = await held();
    const taken = await held();
    await other.call('withdraw', {
      body: {
        withdrawalId: randomUUID(),
        authority: { by: 'code', code: taken.code },
        consentId: taken.consentId,
        part: ['keep'],
      },
    });
    expect(await overdue(plain.consentId)).toMatchObject([{ device: 'counter-h-1' }]);
    expect(await overdue(kept.consentId)).toEqual([]);
    expect(await overdue(taken.consentId)).toHaveLength(1);
    await days(30);
    expect(await overdue(kept.consentId)).toMatchObject([{ since: kept.made.consent.scope.heldUntil }]);
    await reportErasure(kept.consentId, kept.made, 'expired');
    expect(await overdue(kept.consentId)).toEqual([]);
    const again = await reportErasure(kept.consentId, kept.made, 'damaged');
    expect(again).toBeUndefined();
  });
});
