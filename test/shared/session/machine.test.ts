import { describe, expect, it } from 'vitest';
import { createActor, fromPromise } from 'xstate';
import { Failure } from '../../../shared/domain/errors.ts';
import { grantNames } from '../../../shared/domain/scope.ts';
import {
  type EffectName,
  type EffectResults,
  phaseOf,
  type VisitContext,
  type VisitEvent,
  visitMachine,
} from '../../../shared/session/machine.ts';

const request = {
  subscriber: '13900010001',
  categories: ['sms' as const],
  period: { from: '2026-10-23', to: '2026-11-22' },
  purpose: 'own-copy' as const,
};
const grants = {
  lookup: true,
  analysis: false,
  release: true,
  keep: false,
  contact: false,
  marketing: false,
  richInk: false,
};
const facts = { lookupId: 'l', rows: 3, received: 2, sent: 1, byCategory: { sms: 3 } };
const start: VisitEvent = { type: 'START', sessionId: 's', staffId: '1024', request };

type Answers = { [N in EffectName]: () => Promise<unknown> };
const prepared = (pages: number): EffectResults['prepare'] => ({
  policyVersion: 1,
  questionTries: 2,
  pageCounts: { 'zh-CN': { normal: pages, large: pages }, en: { normal: pages, large: pages } },
  offered: [...grantNames],
  witnessWanted: false,
  identityStands: true,
});
const good: Answers = {
  prepare: async () => prepared(1),
  challenge: async () => ({ proofs: ['one-time-code'], triesLeft: 5 }),
  prove: async () => ({ passed: true }),
  attest: async () => undefined,
  submitConsent: async () => ({ consentId: 'c' }),
  lookUp: async () => facts,
  reopen: async () => ({ consentId: 'c', grants, lookup: facts }),
  makeReport: async () => ({ reportId: 'r', pages: 2 }),
  saveReport: async () => ({ savedAs: 's' }),
  wipeContent: async () => ({ kept: undefined }),
  closeVisit: async () => undefined,
};

/** The machine with effects that answer at once; each phase it rests in is waited for by draining promises. */
function visit(answers: Partial<Answers> = {}) {
  const effects = { ...good, ...answers };
  const calls: EffectName[] = [];
  const actors = Object.fromEntries(
    (Object.keys(effects) as EffectName[]).map((name) => [
      name,
      fromPromise<never, VisitContext>(async () => {
        calls.push(name);
        return (await effects[name]()) as never;
      }),
    ]),
  );
  const actor = createActor(visitMachine.provide({ actors })).start();
  const settle = async () => {
    for (let i = 0; i < 30; i++) await Promise.resolve();
  };
  return {
    calls,
    phase: () => phaseOf(actor.getSnapshot().value),
    context: () => actor.getSnapshot().context,
    can: (event: VisitEvent) => actor.getSnapshot().can(event),
    async send(...events: VisitEvent[]) {
      for (const event of events) {
        actor.send(event);
        await settle();
      }
      return phaseOf(actor.getSnapshot().value);
    },
  };
}

const toSignature: VisitEvent[] = [
  start,
  { type: 'ACCEPT' },
  { type: 'NOTICE_PAGE', page: 1 },
  { type: 'NOTICE_READ' },
  { type: 'PROVE' },
  { type: 'ANSWER', answerId: 'a', correct: true },
  { type: 'TICK', grants },
];
const toReading: VisitEvent[] = [...toSignature, { type: 'SIGN' }];

describe('a receipt without a report', () => {
  it('is taken from the records, from the choices and from the preview, and leaves no report behind', async () => {
    const make: VisitEvent = {
      type: 'MAKE_REPORT',
      options: { nameStyle: 'masked', texts: true, peers: 'masked' },
    };
    for (const before of [
      [],
      [{ type: 'OPEN_REPORT' }],
      [{ type: 'OPEN_REPORT' }, make],
    ] satisfies VisitEvent[][]) {
      const run = visit();
      expect(await run.send(...toReading, ...before, { type: 'TAKE_RECEIPT' })).toBe('serving.receipt');
      expect(run.context()).toMatchObject({ report: undefined, savedAs: 's' });
      expect(await run.send({ type: 'BACK' })).toBe('serving.reading');
    }
  });
  it('can be asked for again where it failed', async () => {
    let fails = true;
    const run = visit({
      saveReport: async () => {
        if (fails) throw new Failure('save-failed');
        return { savedAs: 's' };
      },
    });
    expect(await run.send(...toReading, { type: 'TAKE_RECEIPT' })).toBe('serving.report.composing');
    expect(run.context().error?.kind).toBe('save-failed');
    fails = false;
    expect(await run.send({ type: 'TAKE_RECEIPT' })).toBe('serving.receipt');
    expect(run.context().error).toBeUndefined();
  });
  it('can not be had before there are records', async () => {
    const run = visit();
    await run.send(...toSignature);
    expect(run.can({ type: 'TAKE_RECEIPT' })).toBe(false);
  });
});

describe('a whole visit', () => {
  it('runs to idle, each effect once', async () => {
    const run = visit();
    expect(await run.send(...toReading)).toBe('serving.reading');
    await run.send({ type: 'RELEASED', count: 2 }, { type: 'OPEN_REPORT' });
    await run.send({ type: 'MAKE_REPORT', options: { nameStyle: 'masked', texts: true, peers: 'masked' } });
    expect(run.phase()).toBe('serving.report.preview');
    expect(await run.send({ type: 'SAVE_REPORT' })).toBe('serving.receipt');
    expect(await run.send({ type: 'FINISH' })).toBe('serving.followUp');
    expect(await run.send({ type: 'CLOSE', followUp: 'x' })).toBe('idle');
    // No witness is needed for a signature, and nothing was kept before.
    expect(run.calls).toEqual(Object.keys(good).filter((name) => name !== 'attest' && name !== 'reopen'));
    expect(run.context().request).toBeUndefined();
  });
});

describe('what cannot be skipped', () => {
  it('never looks up without a consent that was accepted', async () => {
    const run = visit({ submitConsent: () => Promise.reject(new Failure('consent-rejected')) });
    expect(await run.send(...toReading)).toBe('serving.submitFailed');
    expect(run.calls).not.toContain('lookUp');
    expect(run.context().error?.kind).toBe('consent-rejected');
  });
  it('does not take the notice for read by a jump to its last page', async () => {
    const run = visit({ prepare: async () => prepared(3) });
    await run.send(start, { type: 'ACCEPT' });
    expect(run.can({ type: 'NOTICE_PAGE', page: 3 })).toBe(false);
    expect(run.can({ type: 'NOTICE_READ' })).toBe(false);
    await run.send(...[1, 2, 3].map((page): VisitEvent => ({ type: 'NOTICE_PAGE', page })));
    expect(run.can({ type: 'NOTICE_READ' })).toBe(true);
  });
  it('starts the reading anew when the language changes, and keeps it afterwards', async () => {
    const run = visit();
    const english: VisitEvent = { type: 'SET_DISPLAY', language: 'en', largeType: true };
    await run.send(start, { type: 'ACCEPT' }, { type: 'NOTICE_PAGE', page: 1 }, english);
    expect(run.can({ type: 'NOTICE_READ' })).toBe(false);
    await run.send({ type: 'NOTICE_PAGE', page: 1 }, { type: 'NOTICE_READ' });
    await run.send({ type: 'SET_DISPLAY', language: 'zh-CN', largeType: false });
    expect(run.context().display).toEqual({ language: 'en', largeType: false });
  });
  it('keeps the language of the reading until the consent is built, also after a failure', async () => {
    const run = visit({ submitConsent: () => Promise.reject(new Failure('audit-failed')) });
    expect(await run.send(...toReading)).toBe('serving.submitFailed');
    await run.send({ type: 'SET_DISPLAY', language: 'en', largeType: true });
    expect(run.context().display).toEqual({ language: 'zh-CN', largeType: true });
  });
  it('does not go on without the one tick that is needed', async () => {
    const run = visit();
    await run.send(...toSignature.slice(0, -1));
    expect(run.can({ type: 'TICK', grants: { ...grants, lookup: false } })).toBe(false);
  });
  it('takes no released rows without that tick', async () => {
    const run = visit();
    const without: VisitEvent = { type: 'TICK', grants: { ...grants, release: false } };
    await run.send(...toSignature.slice(0, -1), without, { type: 'SIGN' });
    expect(run.can({ type: 'RELEASED', count: 1 })).toBe(false);
  });
});

describe('unhappy ends', () => {
  const ends: [string, VisitEvent[], Partial<Answers>, string][] = [
    ['refused', [start, { type: 'REFUSE' }], {}, 'ended'],
    ['not-my-number', [start, { type: 'NOT_MY_NUMBER' }], {}, 'ended'],
    ['abandoned', [...toReading, { type: 'ABANDON' }], {}, 'ended'],
    ['expired', [...toReading, { type: 'EXPIRE' }], {}, 'ended'],
    ['stopped', [...toReading, { type: 'STOP' }], {}, 'ended'],
    ['cancelled-by-staff', [start, { type: 'CANCEL' }], {}, 'ended'],
    [
      'identity-failed',
      toSignature.slice(0, 5),
      { prove: async () => ({ passed: false, triesLeft: 0 }) },
      'ended',
    ],
    [
      'identity-failed',
      toSignature.slice(0, 5),
      { prove: () => Promise.reject(new Failure('too-many-tries')) },
      'ended',
    ],
    [
      'identity-failed',
      toSignature.slice(0, 4),
      { challenge: () => Promise.reject(new Failure('too-many-tries')) },
      'ended',
    ],
  ];
  it.each(ends)('%s leads through erasure', async (outcome, events, answers, phase) => {
    const run = visit(answers);
    expect(await run.send(...events)).toBe(phase);
    expect(run.context().outcome).toBe(outcome);
    expect(run.calls.at(-1)).toBe('closeVisit');
    expect(await run.send({ type: 'ACKNOWLEDGE' })).toBe('idle');
  });
  it('ends when the question was answered wrongly too often', async () => {
    const run = visit();
    const wrong: VisitEvent = { type: 'ANSWER', answerId: 'b', correct: false };
    expect(await run.send(...toSignature.slice(0, 5), wrong)).toBe('serving.question');
    expect(await run.send(wrong)).toBe('ended');
    expect(run.context().outcome).toBe('not-understood');
  });
  it('cannot be left while erasing has failed', async () => {
    let works = false;
    const run = visit({
      closeVisit: () => (works ? Promise.resolve(undefined) : Promise.reject(new Failure('erase-failed'))),
    });
    expect(await run.send(start, { type: 'CANCEL' })).toBe('closeFailed');
    expect(run.can(start)).toBe(false);
    expect(run.can({ type: 'ACKNOWLEDGE' })).toBe(false);
    works = true;
    expect(await run.send({ type: 'RETRY' })).toBe('ended');
  });
  it('does not end a visit that the customer has finished by anything but closing', async () => {
    const run = visit();
    await run.send(...toReading, { type: 'FINISH' });
    for (const type of ['CANCEL', 'STOP', 'ABANDON', 'EXPIRE'] as const)
      expect(run.can({ type })).toBe(false);
  });
});

describe('failures keep what the customer did', () => {
  it('tries each failed step again', async () => {
    for (const name of ['prepare', 'submitConsent', 'lookUp', 'wipeContent'] as const) {
      let failed = false;
      const run = visit({
        [name]: () => {
          if (failed) return good[name]();
          failed = true;
          return Promise.reject(new Failure('central-unreachable'));
        },
      });
      await run.send(start);
      if (name === 'prepare') await run.send({ type: 'RETRY' });
      await run.send(...toReading.slice(1));
      if (name === 'wipeContent') await run.send({ type: 'FINISH' });
      if (name !== 'prepare') {
        expect(run.context().error?.kind).toBe('central-unreachable');
        await run.send({ type: 'RETRY' });
      }
      expect(run.phase()).toBe(name === 'wipeContent' ? 'serving.followUp' : 'serving.reading');
      expect(run.context().error).toBeUndefined();
      expect(run.context().grants).toEqual(grants);
    }
  });
});

describe('a mark, and witnesses', () => {
  const toMark: VisitEvent[] = [...toSignature, { type: 'CANNOT_SIGN' }];
  it('a mark waits for a second member of staff', async () => {
    const run = visit();
    expect(await run.send(...toMark)).toBe('serving.mark');
    expect(run.can({ type: 'SIGN' })).toBe(false);
    expect(await run.send({ type: 'MARK' })).toBe('serving.witnessing.waiting');
    expect(run.calls).not.toContain('submitConsent');
    expect(await run.send({ type: 'WITNESS' })).toBe('serving.reading');
    expect(run.context()).toMatchObject({ method: 'witnessed-mark', witnessed: true });
    expect(run.calls.indexOf('attest')).toBeLessThan(run.calls.indexOf('submitConsent'));
  });
  it('a witness who is refused witnesses nothing; the customer can sign instead', async () => {
    const run = visit({ attest: () => Promise.reject(new Failure('sign-in-refused', { triesLeft: 3 })) });
    await run.send(...toMark, { type: 'MARK' });
    expect(await run.send({ type: 'WITNESS' })).toBe('serving.witnessing.waiting');
    expect(run.context().error?.triesLeft).toBe(3);
    expect(await run.send({ type: 'BACK' })).toBe('serving.signature');
    expect(await run.send({ type: 'SIGN' })).toBe('serving.reading');
    expect(run.context()).toMatchObject({ method: 'signature', witnessed: false });
  });
  it('whoever witnessed an earlier signature has not seen the next', async () => {
    const wants = { ...prepared(1), witnessWanted: true };
    const run = visit({
      prepare: async () => wants,
      submitConsent: () => Promise.reject(new Failure('policy-changed')),
    });
    expect(await run.send(...toReading)).toBe('serving.witnessing.waiting');
    expect(await run.send({ type: 'WITNESS' })).toBe('serving.notice');
    expect(run.context().witnessed).toBe(false);
  });
});

describe('what was refused', () => {
  const half = { ...grants, release: false };
  it('stays refused until the customer takes the refusal back', async () => {
    const run = visit();
    await run.send(...toSignature.slice(0, -1), { type: 'TICK', grants: half }, { type: 'BACK' });
    expect(run.context().declined).toContain('release');
    expect(run.can({ type: 'TICK', grants })).toBe(false);
    expect(run.can({ type: 'RECONSIDER', grant: 'lookup' })).toBe(false);
    await run.send({ type: 'RECONSIDER', grant: 'release' });
    expect(await run.send({ type: 'TICK', grants })).toBe('serving.signature');
    expect(run.context().grants?.release).toBe(true);
  });
  it('stays refused under a new policy too, and what was given is asked again', async () => {
    const run = visit();
    await run.send(...toSignature.slice(0, -1), { type: 'TICK', grants: half });
    expect(await run.send({ type: 'POLICY_CHANGED' })).toBe('serving.notice');
    expect(run.context()).toMatchObject({ renewed: true, grants: undefined });
    await run.send({ type: 'NOTICE_PAGE', page: 1 }, { type: 'NOTICE_READ' });
    await run.send({ type: 'ANSWER', answerId: 'a', correct: true });
    expect(run.phase()).toBe('serving.ticks');
    expect(run.can({ type: 'TICK', grants })).toBe(false);
    expect(run.can({ type: 'TICK', grants: half })).toBe(true);
  });
  it('takes no tick that was not offered', async () => {
    const run = visit({ prepare: async () => ({ ...prepared(1), offered: ['lookup'] }) });
    await run.send(...toSignature.slice(0, -1));
    expect(run.can({ type: 'TICK', grants })).toBe(false);
  });
});

describe('a policy that changes during the visit', () => {
  it.each(toSignature.map((_, i) => i + 1).filter((i) => i > 1))(
    'before signing, the reading begins anew (after %i steps)',
    async (count) => {
      const run = visit();
      await run.send(...toSignature.slice(0, count));
      expect(await run.send({ type: 'POLICY_CHANGED' })).toBe('serving.notice');
      expect(run.context().noticePage.page).toBe(0);
      expect(run.can({ type: 'NOTICE_READ' })).toBe(false);
    },
  );
  it('asks for identity again only where the new policy wants other proofs', async () => {
    for (const identityStands of [true, false]) {
      const run = visit({ prepare: async () => ({ ...prepared(1), identityStands }) });
      await run.send(...toSignature, { type: 'POLICY_CHANGED' });
      await run.send({ type: 'NOTICE_PAGE', page: 1 }, { type: 'NOTICE_READ' });
      expect(run.phase()).toBe(identityStands ? 'serving.question' : 'serving.identity.entering');
    }
  });
  it('after signing it changes nothing, unless central refuses for it', async () => {
    const run = visit();
    await run.send(...toReading);
    expect(run.can({ type: 'POLICY_CHANGED' })).toBe(false);
  });
});

describe('records kept for a case', () => {
  const kept = { caseId: 'k', until: '2026-12-20T02:00:00.000Z' };
  const keeping: VisitEvent = { type: 'TICK', grants: { ...grants, keep: true } };
  const toKeeping: VisitEvent[] = [...toSignature.slice(0, -1), keeping, { type: 'SIGN' }];
  const seals: Partial<Answers> = { wipeContent: async () => ({ kept }) };
  const back: VisitEvent = { ...start, kept } as VisitEvent;
  const toReadAgain: VisitEvent[] = [back, { type: 'ACCEPT' }, { type: 'PROVE' }];

  it('are sealed when the customer is done, and closed by the clerk', async () => {
    const run = visit(seals);
    expect(await run.send(...toKeeping, { type: 'FINISH' })).toBe('serving.followUp');
    expect(run.context().kept).toEqual({ ...kept, again: false });
    expect(await run.send({ type: 'CLOSE', followUp: '' })).toBe('idle');
  });
  it('are not kept once the customer says so, while reading or after they are done', async () => {
    const reading = visit(seals);
    await reading.send(...toKeeping, { type: 'KEEP_NOTHING' });
    expect(reading.context().grants).toEqual({ ...grants, keep: false });
    expect(reading.can({ type: 'KEEP_NOTHING' })).toBe(false);
    const done = visit(seals);
    await done.send(...toKeeping, { type: 'FINISH' }, { type: 'KEEP_NOTHING' });
    expect(done.context()).toMatchObject({ kept: undefined, grants: { keep: false } });
    expect(done.phase()).toBe('serving.followUp');
  });
  it('that cannot be sealed are tried again, or left', async () => {
    let fails = true;
    const answers: Partial<Answers> = {
      wipeContent: async () => {
        if (fails) throw new Failure('central-unreachable');
        return { kept: undefined };
      },
    };
    const run = visit(answers);
    expect(await run.send(...toKeeping, { type: 'FINISH' })).toBe('serving.finishFailed');
    fails = false;
    expect(await run.send({ type: 'KEEP_NOTHING' })).toBe('serving.followUp');
    expect(run.context()).toMatchObject({ kept: undefined, grants: { keep: false } });
    fails = true;
    const plain = visit(answers);
    expect(await plain.send(...toReading, { type: 'FINISH' })).toBe('serving.finishFailed');
    expect(plain.can({ type: 'KEEP_NOTHING' })).toBe(false);
  });
  it('are gone when keeping is taken back elsewhere', async () => {
    const run = visit(seals);
    await run.send(...toKeeping, { type: 'FINISH' }, { type: 'PURPOSES_WITHDRAWN', purposes: ['keep'] });
    expect(run.context()).toMatchObject({ kept: undefined, grants: { keep: false } });
  });

  it('are read again after request and identity alone, and nothing new is looked up', async () => {
    const run = visit();
    expect(await run.send(back)).toBe('serving.request');
    expect(await run.send({ type: 'ACCEPT' })).toBe('serving.identity.entering');
    expect(await run.send({ type: 'PROVE' })).toBe('serving.reading');
    expect(run.context()).toMatchObject({
      kept: { ...kept, again: true },
      grants,
      lookup: facts,
      consentId: 'c',
    });
    expect(run.calls).toEqual(['prepare', 'challenge', 'prove', 'reopen']);
    expect(run.can({ type: 'OPEN_REPORT' })).toBe(false);
    expect(run.can({ type: 'TAKE_RECEIPT' })).toBe(false);
    expect(run.can({ type: 'RELEASED', count: 1 })).toBe(true);
    expect(await run.send({ type: 'FINISH' })).toBe('serving.followUp');
    expect(run.context().kept).toEqual({ ...kept, again: true });
    expect(await run.send({ type: 'CLOSE', followUp: '', caseDone: true })).toBe('idle');
  });
  it.each<[string, VisitEvent]>([
    ['refused', { type: 'REFUSE' }],
    ['not-my-number', { type: 'NOT_MY_NUMBER' }],
  ])('are left alone by who is asked and says no: %s', async (outcome, event) => {
    const run = visit();
    expect(await run.send(back, event)).toBe('ended');
    expect(run.context()).toMatchObject({ outcome, kept: { again: true } });
  });
  it.each<[string, VisitEvent]>([
    ['withdrawn', { type: 'KEEP_NOTHING' }],
    ['withdrawn', { type: 'PURPOSES_WITHDRAWN', purposes: ['keep'] }],
    ['withdrawn', { type: 'WITHDRAWN' }],
    ['expired', { type: 'EXPIRE' }],
    ['held-lost', { type: 'HELD_LOST' }],
  ])('end the visit when they go: %s', async (outcome, event) => {
    const run = visit();
    expect(await run.send(...toReadAgain, event)).toBe('ended');
    expect(run.context()).toMatchObject({ outcome, kept: { again: true } });
  });
  it('that do not open end the visit; a line that is away is waited for', async () => {
    let kind: 'central-unreachable' | 'held-damaged' = 'central-unreachable';
    const run = visit({ reopen: () => Promise.reject(new Failure(kind)) });
    expect(await run.send(...toReadAgain)).toBe('serving.reopenFailed');
    expect(run.context().error?.kind).toBe('central-unreachable');
    kind = 'held-damaged';
    expect(await run.send({ type: 'RETRY' })).toBe('ended');
    expect(run.context().outcome).toBe('held-lost');
  });
  it('are asked about again under a new policy, without a notice', async () => {
    const run = visit();
    expect(await run.send(back, { type: 'ACCEPT' }, { type: 'POLICY_CHANGED' })).toBe(
      'serving.identity.entering',
    );
  });
});
