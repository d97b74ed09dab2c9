/** The withdrawal machine with invented effects: where it can go, where it can't, and that it always ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createActor, fromPromise } from 'xstate';
import { customerWithdrawalSchema, staffWithdrawalSchema } from '../../../shared/contract/withdrawal.ts';
import { type ErrorKind, Failure } from '../../../shared/domain/errors.ts';
import type { StandingConsent } from '../../../shared/domain/withdrawal.ts';
import { phaseOf } from '../../../shared/session/machine.ts';
import {
  isOffered,
  type WithdrawalContext,
  type WithdrawalEffect,
  type WithdrawalEvent,
  type WithdrawalResults,
  withdrawalMachine,
  withdrawalPhases,
  withdrawalWaits,
} from '../../../shared/session/withdrawal.ts';
import { customerWithdrawal, staffWithdrawal } from '../../../shared/session/withdrawal-views.ts';

const ID = '0192f3aa-0000-4000-8000-000000000001';
const OTHER = '0192f3aa-0000-4000-8000-000000000002';
const NUMBER = '139****0001';
const consent: StandingConsent = {
  consentId: ID,
  givenAt: '2026-11-22T01:00:00Z',
  hall: '人民路营业厅',
  maskedNumber: NUMBER,
  categories: ['sms'],
  period: { from: '2026-10-22', to: '2026-11-21' },
  purpose: 'own-copy',
  purposes: ['lookup', 'contact'],
  state: 'open',
};

type Answers = { [N in WithdrawalEffect]: () => Promise<WithdrawalResults[N]> };
const good: Answers = {
  find: async () => ({ consents: [consent] }),
  challenge: async () => ({ proofs: ['service-password'], triesLeft: 5 }),
  prove: async () => ({ passed: true }),
  withdraw: async () => ({
    withdrawalId: OTHER,
    consentId: ID,
    whole: true,
    purposes: ['lookup', 'contact'],
    at: '2026-11-22T02:00:00Z',
    counters: [{ device: 'counter-0001', hall: '人民路营业厅', state: 'pending' }],
  }),
  close: async () => undefined,
};

function run(answers: Partial<Answers> = {}) {
  const all = { ...good, ...answers };
  const actors = {
    find: fromPromise<WithdrawalResults['find'], WithdrawalContext>(all.find),
    challenge: fromPromise<WithdrawalResults['challenge'], WithdrawalContext>(all.challenge),
    prove: fromPromise<WithdrawalResults['prove'], WithdrawalContext>(all.prove),
    withdraw: fromPromise<WithdrawalResults['withdraw'], WithdrawalContext>(all.withdraw),
    close: fromPromise<WithdrawalResults['close'], WithdrawalContext>(all.close),
  };
  const actor = createActor(withdrawalMachine.provide({ actors }));
  actor.start();
  const phase = () => phaseOf(actor.getSnapshot().value) as string;
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const send = async (...events: WithdrawalEvent[]) => {
    for (const event of events) {
      if (actor.getSnapshot().can(event)) actor.send(event);
      await settle();
    }
    return phase();
  };
  return { actor, phase, send, context: () => actor.getSnapshot().context };
}

const start: WithdrawalEvent = { type: 'START', sessionId: ID, staffId: '1024', language: 'zh-CN' };
const number: WithdrawalEvent = { type: 'NUMBER', maskedNumber: NUMBER };
const choose: WithdrawalEvent = { type: 'CHOOSE', consentId: ID, part: 'all' };
const fails = (kind: ErrorKind, triesLeft?: number) => () =>
  Promise.reject(new Failure(kind, triesLeft === undefined ? {} : { triesLeft }));

describe('withdrawal by code', () => {
  it('goes from code to done and out', async () => {
    const { send, context } = run();
    expect(await send(start, { type: 'BY_CODE' }, { type: 'CODE' })).toBe('active.list');
    expect(await send(choose, { type: 'CONFIRM' })).toBe('active.done');
    expect(context().result?.whole).toBe(true);
    const counters = [{ device: 'counter-0001', hall: '人民路营业厅', state: 'erased' as const }];
    await send({ type: 'ERASED', counters });
    expect(context().result?.counters).toEqual(counters);
    expect(await send({ type: 'FINISH' })).toBe('ended');
    expect(context()).toMatchObject({ outcome: 'withdrawn', consents: [], maskedNumber: undefined });
    expect(await send({ type: 'ACKNOWLEDGE' })).toBe('idle');
    expect(context().result).toBeUndefined();
  });
  it('an unknown code can be typed again, with the tries left', async () => {
    const { send, context } = run({ find: fails('withdrawal-code-unknown', 4) });
    expect(await send(start, { type: 'BY_CODE' }, { type: 'CODE' })).toBe('active.code.entering');
    expect(context()).toMatchObject({ triesLeft: 4, error: { kind: 'withdrawal-code-unknown' } });
  });
  it('no tries left ends it', async () => {
    const { send, context } = run({ find: fails('too-many-tries', 0) });
    expect(await send(start, { type: 'BY_CODE' }, { type: 'CODE' })).toBe('ended');
    expect(context().outcome).toBe('too-many-codes');
  });
});

describe('withdrawal in person', () => {
  it('goes over number and proofs', async () => {
    const { send } = run();
    expect(await send(start, { type: 'BY_IDENTITY' }, number)).toBe('active.identity.entering');
    expect(await send({ type: 'PROVE' })).toBe('active.list');
  });
  it('the last wrong proof ends it; an earlier one does not', async () => {
    const wrong = run({ prove: async () => ({ passed: false, triesLeft: 2 }) });
    expect(await wrong.send(start, { type: 'BY_IDENTITY' }, number, { type: 'PROVE' })).toBe(
      'active.identity.entering',
    );
    expect(wrong.context().triesLeft).toBe(2);
    const last = run({ prove: async () => ({ passed: false, triesLeft: 0 }) });
    expect(await last.send(start, { type: 'BY_IDENTITY' }, number, { type: 'PROVE' })).toBe('ended');
    expect(last.context().outcome).toBe('identity-failed');
  });
  it('nothing found is said, and can only be finished', async () => {
    const { send, context } = run({ find: async () => ({ consents: [] }) });
    expect(await send(start, { type: 'BY_IDENTITY' }, number, { type: 'PROVE' })).toBe('active.list');
    expect(await send(choose)).toBe('active.list');
    expect(await send({ type: 'FINISH' })).toBe('ended');
    expect(context().outcome).toBe('nothing-found');
  });
});

describe('what is chosen', () => {
  it('is only what was shown', () => {
    expect(isOffered([consent], { consentId: ID, part: 'all' })).toBe(true);
    expect(isOffered([consent], { consentId: ID, part: ['contact'] })).toBe(true);
    expect(isOffered([consent], { consentId: ID, part: ['marketing'] })).toBe(false);
    expect(isOffered([consent], { consentId: ID, part: [] })).toBe(false);
    expect(isOffered([consent], { consentId: OTHER, part: 'all' })).toBe(false);
    expect(isOffered([{ ...consent, state: 'withdrawn' }], { consentId: ID, part: 'all' })).toBe(false);
  });
});

describe('what has been sent', () => {
  it('is not stopped on its way, and is tried again as the same withdrawal', async () => {
    let tries = 0;
    const { send, context } = run({
      withdraw: () => {
        tries += 1;
        return tries === 1 ? Promise.reject(new Failure('central-unreachable')) : good.withdraw();
      },
    });
    expect(await send(start, { type: 'BY_CODE' }, { type: 'CODE' }, choose, { type: 'CONFIRM' })).toBe(
      'active.withdrawFailed',
    );
    expect(await send({ type: 'RETRY' })).toBe('active.done');
    // Whoever goes away now goes away from something that is done.
    expect(await send({ type: 'ABANDON' })).toBe('ended');
    expect(context().outcome).toBe('withdrawn');
  });
  it('cannot be cancelled while it is sent', async () => {
    const { send, actor } = run({ withdraw: () => new Promise(() => undefined) });
    await send(start, { type: 'BY_CODE' }, { type: 'CODE' }, choose, { type: 'CONFIRM' });
    for (const type of ['STOP', 'CANCEL', 'ABANDON'] as const) {
      expect(await send({ type })).toBe('active.withdrawing');
    }
    actor.stop();
  });
});

describe('whatever happens', () => {
  const events: WithdrawalEvent[] = [
    start,
    { type: 'CANCEL' },
    { type: 'ACKNOWLEDGE' },
    { type: 'BY_CODE' },
    { type: 'BY_IDENTITY' },
    { type: 'CODE' },
    number,
    { type: 'RESEND_CODE' },
    { type: 'PROVE' },
    choose,
    { type: 'CHOOSE', consentId: ID, part: ['contact'] },
    { type: 'CHOOSE', consentId: OTHER, part: 'all' },
    { type: 'CONFIRM' },
    { type: 'BACK' },
    { type: 'FINISH' },
    { type: 'STOP' },
    { type: 'RETRY' },
    { type: 'ABANDON' },
    { type: 'SET_DISPLAY', language: 'en', largeType: true },
  ];
  const answer = fc.constantFrom<ErrorKind | 'good'>(
    'good',
    'good',
    'central-unreachable',
    'too-many-tries',
    'withdrawal-code-unknown',
  );

  it('every phase is known, views keep to their schemas, staff see no consent and no number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...events), { maxLength: 25 }),
        fc.record({ find: answer, challenge: answer, prove: answer, withdraw: answer, close: answer }),
        async (sent, outcomes) => {
          const answers: Partial<Answers> = {};
          if (outcomes.find !== 'good') answers.find = fails(outcomes.find, 1);
          if (outcomes.challenge !== 'good') answers.challenge = fails(outcomes.challenge);
          if (outcomes.prove !== 'good') answers.prove = fails(outcomes.prove);
          if (outcomes.withdraw !== 'good') answers.withdraw = fails(outcomes.withdraw);
          const { send, context } = run(answers);
          let confirmed = false;
          for (const event of sent) {
            const before = await send();
            const after = await send(event);
            const phase = withdrawalPhases.find((one) => one === after);
            expect(phase).toBeDefined();
            if (!phase) return;
            const staff = staffWithdrawal(phase, context());
            staffWithdrawalSchema.parse(staff);
            expect(JSON.stringify(staff)).not.toContain('139');
            expect(JSON.stringify(staff)).not.toContain('2026-10-22');
            customerWithdrawalSchema.parse(customerWithdrawal(phase, context()));
            // Nothing is taken back without the last question.
            if (before === 'active.confirm' && event.type === 'CONFIRM') confirmed = true;
            if (after === 'active.done') expect(confirmed).toBe(true);
            if (after === 'idle') confirmed = false;
          }
          // There is always a way out.
          for (let i = 0; i < 3; i++) await send({ type: 'CANCEL' }, { type: 'RETRY' });
          await send({ type: 'CANCEL' });
          expect(await send({ type: 'ACKNOWLEDGE' })).toBe('idle');
        },
      ),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('waits for the customer wherever nothing is under way: who leaves then is noticed', () => {
    const busy = /checking|challenging|finding|withdrawing/;
    const waits = withdrawalPhases.filter((phase) => phase.startsWith('active.') && !busy.test(phase));
    expect(withdrawalPhases.filter(withdrawalWaits)).toEqual(waits);
  });
});
