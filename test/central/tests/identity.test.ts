import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestCounter } from './client.ts';
import { centralFixture, MINUTE } from './fixture.ts';
import { LI, openCounter, proveIdentity, ZHANG } from './visit.ts';

const fixture = centralFixture();
let counter: TestCounter;
beforeAll(async () => {
  counter = await openCounter(fixture.central, 'counter-0001');
});
// Tries of one test are no concern of the next.
beforeEach(() => fixture.advance(31 * MINUTE));

const challenge = (subscriber: string, at = counter) =>
  at.call('challenge', { body: { sessionId: randomUUID(), subscriber } });
const code = (number: string) => fixture.central.secrets(number).codes.at(-1) ?? '';
const password = (number: string) => fixture.central.secrets(number).servicePassword;
const prove = (challengeId: string, servicePassword: string, oneTimeCode: string) =>
  counter.refused('prove', { params: { challengeId }, body: { servicePassword, oneTimeCode } });
const wrong = (right: string) => (right === '000000' ? '000001' : '000000');

describe('the challenge', () => {
  test('sends a six-digit code to the phone and says what to prove', async () => {
    const answer = await challenge(ZHANG);
    expect(answer.proofs).toEqual(['service-password', 'one-time-code']);
    expect(answer.triesLeft).toBe(5);
    expect(code(ZHANG)).toMatch(/^\d{6}$/);
    expect(fixture.central.phone(ZHANG).at(-1)).toContain('不要告诉任何人');
  });

  test('refuses an unknown subscriber', async () => {
    const problem = await counter.refused('challenge', {
      body: { sessionId: randomUUID(), subscriber: '13911112222' },
    });
    expect(problem).toMatchObject({ kind: 'unknown-subscriber', status: 404 });
  });

  test('floods nobody’s phone', async () => {
    for (let i = 0; i < 10; i++) await challenge(LI);
    const body = { sessionId: randomUUID(), subscriber: LI };
    expect((await counter.refused('challenge', { body })).kind).toBe('too-many-tries');
  });

  test('keeps the code nowhere in the database', async () => {
    await challenge(ZHANG);
    const rows = await fixture.central.context.db.selectFrom('challenges').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(`"${code(ZHANG)}"`);
  });
});

describe('the proofs', () => {
  test('pass with the right ones, once', async () => {
    const { challengeId } = await challenge(ZHANG);
    const proofs = { servicePassword: password(ZHANG), oneTimeCode: code(ZHANG) };
    const assertion = await counter.call('prove', { params: { challengeId }, body: proofs });
    expect(assertion).toMatchObject({ subscriber: ZHANG, name: '张三' });
    expect((await prove(challengeId, proofs.servicePassword, proofs.oneTimeCode)).kind).toBe('code-expired');
  });

  test('fail when either is wrong, and do not tell which', async () => {
    const { challengeId } = await challenge(ZHANG);
    const wrongCode = await prove(challengeId, password(ZHANG), wrong(code(ZHANG)));
    const wrongPassword = await prove(challengeId, '000000', code(ZHANG));
    expect(wrongCode).toEqual({ ...wrongPassword, triesLeft: 4 });
    expect(wrongPassword).toMatchObject({ kind: 'identity-failed', status: 403, triesLeft: 3 });
  });

  test('are limited over all challenges of a number', async () => {
    for (const left of [4, 3, 2, 1, 0]) {
      const { challengeId } = await challenge(ZHANG);
      expect(await prove(challengeId, '000000', '000000')).toMatchObject({ triesLeft: left });
    }
    const body = { sessionId: randomUUID(), subscriber: ZHANG };
    expect((await counter.refused('challenge', { body })).kind).toBe('too-many-tries');
    fixture.advance(30 * MINUTE);
    await proveIdentity(counter, ZHANG, randomUUID());
  });

  test('refuse the right ones when tries are used up', async () => {
    const { challengeId } = await challenge(ZHANG);
    for (let i = 0; i < 5; i++) await prove(challengeId, '000000', '000000');
    expect((await prove(challengeId, password(ZHANG), code(ZHANG))).kind).toBe('too-many-tries');
  });

  test('refuse a code after five minutes, without a try', async () => {
    const { challengeId } = await challenge(ZHANG);
    fixture.advance(5 * MINUTE);
    expect((await prove(challengeId, password(ZHANG), code(ZHANG))).kind).toBe('code-expired');
    expect((await challenge(ZHANG)).triesLeft).toBe(5);
  });

  test('refuse the code of a challenge that a newer one has ended', async () => {
    const first = await challenge(ZHANG);
    const old = code(ZHANG);
    const second = await challenge(ZHANG);
    expect((await prove(first.challengeId, password(ZHANG), old)).kind).toBe('code-expired');
    // The old code is not the new challenge's, unless chance made them alike.
    if (old !== code(ZHANG)) {
      expect((await prove(second.challengeId, password(ZHANG), old)).kind).toBe('identity-failed');
    }
  });

  test('refuse one left out and one not asked for', async () => {
    const { challengeId } = await challenge(ZHANG);
    const { identityNumber } = fixture.central.secrets(ZHANG);
    for (const body of [
      { servicePassword: password(ZHANG) },
      { servicePassword: password(ZHANG), oneTimeCode: code(ZHANG), identityNumber },
    ]) {
      expect((await counter.refused('prove', { params: { challengeId }, body })).kind).toBe('bad-input');
    }
  });

  test('refuse another counter’s challenge', async () => {
    const other = await openCounter(fixture.central, 'counter-0002');
    const { challengeId } = await challenge(ZHANG, other);
    expect((await prove(challengeId, password(ZHANG), code(ZHANG))).kind).toBe('bad-input');
  });

  test('ask for the identity number when the policy does', async () => {
    await fixture.central.publishPolicy((policy) => ({ ...policy, identityProofs: ['identity-number'] }));
    const { challengeId, proofs } = await challenge(ZHANG);
    expect(proofs).toEqual(['identity-number']);
    const { identityNumber } = fixture.central.secrets(ZHANG);
    const other = fixture.central.secrets(LI).identityNumber;
    const params = { challengeId };
    expect((await counter.refused('prove', { params, body: { identityNumber: other } })).kind).toBe(
      'identity-failed',
    );
    expect((await counter.call('prove', { params, body: { identityNumber } })).name).toBe('张三');
  });
});
