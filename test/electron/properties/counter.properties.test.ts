/**
 * The invariants on the real core: real handlers, real log, outbox and clock on a folder, real signatures and sealed
 * answers; central in this process. Commands come in any order, also those that make no sense.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../../electron/central/connection.ts';
import type { StreamEvent } from '../../../electron/central/event-stream.ts';
import { createGateway } from '../../../electron/ipc/gateway.ts';
import type { SenderFacts } from '../../../electron/ipc/sender.ts';
import { channel } from '../../../shared/contract/contract.ts';
import type { Status } from '../../../shared/contract/views.ts';
import { Failure, type Result } from '../../../shared/domain/errors.ts';
import { dayOf, lastMonth } from '../../../shared/domain/period.ts';
import { grantNames, withinScope } from '../../../shared/domain/scope.ts';
import type { Device } from '../../central/auth.ts';
import { runs } from '../../support/runs.ts';
import {
  CentralDouble,
  type CentralKeys,
  centralKeys,
  deviceOf,
  PIN,
  PROOFS,
  STAFF,
  type Trouble,
} from './central-double.ts';
import { Counter, type Shared, shareKeys, wire } from './counter.ts';

vi.mock('../../../electron/central/connection.ts', () => ({
  createConnection: ({ clock }: { clock: { now(): number } }): Connection => {
    const { central, shared } = wire;
    if (!central || !shared) throw new Error('no wire');
    let closed = false;
    const { line } = wire;
    return {
      call: (async (
        name: Parameters<CentralDouble['call']>[0],
        options: Parameters<CentralDouble['call']>[1] & { query?: unknown } = {},
      ) => {
        if (closed || line !== wire.line) throw new Failure('central-unreachable');
        const body = options.body ?? options.query;
        return central.call(name, { ...options, body });
      }) as Connection['call'],
      events: async (_, { query, signal, onEvent }) => {
        if (closed || line !== wire.line) throw new Failure('central-unreachable');
        const { after = 0 } = (query ?? {}) as { after?: number };
        const heard = (event: StreamEvent) => {
          if (line === wire.line) onEvent(event);
        };
        return central.listen({ after, signal, onEvent: heard });
      },
      identity: () => shared.identity,
      enrolled: true,
      trusted: [shared.authority.root.certificate],
      lastAnswer: () => clock.now(),
      lastOutcome: () => undefined,
      onTurn: () => undefined,
      setToken: () => undefined,
      onTokenRefused: () => undefined,
      ready: async () => true,
      close: () => {
        closed = true;
      },
    };
  },
}));
// scrypt would be all that the runs do; what is looked at here is what follows from its answer.
vi.mock('../../../electron/gate/pin-verifier.ts', () => ({
  pinVerifier: async (pin: string) => async (typed: string) => typed === pin,
}));

const request = {
  subscriber: '13900010001',
  categories: ['sms' as const],
  period: lastMonth(dayOf(Date.now())),
  purpose: 'own-copy' as const,
};
const ink = {
  width: 600,
  height: 240,
  device: 'pen' as const,
  strokes: [
    Array.from({ length: 12 }, (_, i) => ({ x: 40 + i * 9, y: 100 + (i % 7) * 12, p: 0.5, t: i * 20 })),
  ],
};

let shared: Shared;
let keys: CentralKeys;
let device: Device;
beforeAll(async () => {
  shared = await shareKeys();
  keys = await centralKeys(shared.authority);
  device = await deviceOf(
    shared.identity.certificate,
    new Uint8Array(await crypto.subtle.exportKey('spki', shared.vault.deviceKey.publicKey)),
  );
});
afterAll(() => shared.close());

/** What the customer and the clerk would do next, if all goes well. */
async function advance(counter: Counter, last = true, back = false): Promise<void> {
  const { phase, questions, display } = counter.view();
  const ask = (plane: 'staff' | 'customer', name: string, args?: unknown) => counter.ask(plane, name, args);
  const { policy } = { policy: keys.policies[counter.central.inForce - 1]?.document };
  switch (phase) {
    case 'idle':
      if (!counter.staffView().staff) await ask('staff', 'signIn', { staffId: STAFF.id, pin: PIN });
      if (back) {
        const kept = counter.staffView().heldCases.find(({ state }) => state === 'held');
        if (kept) await ask('staff', 'startHeld', { caseId: kept.caseId });
      } else await ask('staff', 'startSession', request);
      break;
    case 'serving.request':
      await ask('customer', 'acceptRequest');
      break;
    case 'serving.notice':
      for (let page = 1; page <= 100; page++) {
        const turned = await ask('customer', 'noticePage', { page });
        const { noticePage } = counter.staffView();
        if (!turned.ok || noticePage?.page === noticePage?.of) break;
      }
      await ask('customer', 'noticeRead');
      break;
    case 'serving.identity.entering':
      await ask('customer', 'prove', PROOFS);
      break;
    case 'serving.question':
      if (questions)
        await ask('customer', 'answer', { answerId: policy?.questions[display.language].correct });
      break;
    case 'serving.ticks': {
      const choices = counter.view().grantChoices;
      const given = Object.fromEntries(
        grantNames.map((name) => [
          name,
          name !== 'marketing' && name !== 'richInk' && choices.some((one) => one === name),
        ]),
      );
      await ask('customer', 'tick', given);
      break;
    }
    case 'serving.signature':
      await ask('customer', 'sign', ink);
      break;
    case 'serving.reading':
      for (const [plane, name] of [
        ['customer', 'openRecords'],
        ['staff', 'openMetadata'],
      ] as const) {
        await judgeKeys(counter, name, await ask(plane, name));
      }
      if (last) await ask('customer', 'finish');
      break;
    case 'serving.followUp':
      // A case is made of every other one.
      await ask('staff', 'closeSession', {
        followUp: counter.central.answeredLookups.length % 2 === 0 ? '' : 'x',
      });
      break;
    case 'ended':
      await ask('staff', 'acknowledge');
      break;
    default:
      await ask('customer', 'retry');
  }
  await counter.settle();
}

/** Commands that mean something somewhere; at the wrong time or on the wrong plane they must do no harm. */
const commands: readonly (readonly [string, unknown?])[] = [
  ['cancel'],
  ['acknowledge'],
  ['retry'],
  ['closeSession', { followUp: 'x' }],
  ['closeSession', { followUp: 'x', caseDone: true }],
  ['keepNothing'],
  ['startHeld', { caseId: '0192f3aa-0000-7000-8000-000000000001' }],
  ['openMetadata'],
  ['openRecords'],
  ['sign', ink],
  ['mark', ink],
  ['cannotSign'],
  ['refuse'],
  ['stop'],
  ['finish'],
  ['back'],
  ['noticeRead'],
  ['setDisplay', { language: 'en', largeType: true }],
  ['tick', { lookup: true, release: true }],
  ['takeReceipt'],
  ['signOut'],
  ['signIn', { staffId: STAFF.id, pin: '000000' }],
  ['startSession', { ...request, subscriber: '13900010002' }],
  ['prove', { servicePassword: '000000', oneTimeCode: '000000' }],
  ['constructor'],
  ['notMyNumber'],
];
const troubles: readonly Trouble[] = ['none', 'cut', 'answer lost', 'garbage', 'replay', 'late'];

type Act =
  | { readonly do: 'advance'; readonly times: number }
  | {
      readonly do: 'command';
      readonly plane: 'staff' | 'customer';
      readonly index: number;
      readonly wait: boolean;
    }
  | { readonly do: 'trouble'; readonly trouble: Trouble }
  | { readonly do: 'both'; readonly index: number }
  | { readonly do: 'keep' | 'return'; readonly times: number }
  | {
      readonly do:
        | 'crash'
        | 'withdraw'
        | 'stop keeping'
        | 'case done'
        | 'month'
        | 'revoke'
        | 'new policy'
        | 'old policy'
        | 'clock';
    };

const plane = fc.constantFrom('staff' as const, 'customer' as const);
const index = fc.nat({ max: commands.length - 1 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('advance' as const), times: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('command' as const), plane, index, wait: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('both' as const), index }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('keep' as const, 'return' as const),
      times: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('stop keeping' as const, 'case done' as const, 'month' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('trouble' as const), trouble: fc.constantFrom(...troubles) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'crash' as const,
        'withdraw' as const,
        'revoke' as const,
        'new policy' as const,
        'old policy' as const,
        'clock' as const,
      ),
    }),
  },
);

/** What was reached over all runs: a property that never sees a lookup says nothing about lookups. */
const reached: Record<string, number> = {};
const note = (what: string) => {
  reached[what] = (reached[what] ?? 0) + 1;
};

async function perform(counter: Counter, one: Act): Promise<void> {
  const { central } = counter;
  switch (one.do) {
    case 'advance':
      // The records stay open at the end of a walk, for what comes next.
      for (let i = 1; i <= one.times; i++) await advance(counter, i < one.times);
      return;
    case 'command': {
      const [name = '', args = {}] = commands[one.index] ?? [];
      const asked = counter.ask(one.plane, name, args);
      // Not waited for: the next one overtakes it.
      if (one.wait) await judgeKeys(counter, name, await asked);
      else void asked;
      return;
    }
    case 'both': {
      const [name = '', args = {}] = commands[one.index] ?? [];
      await Promise.all([
        counter.ask('customer', name, args),
        counter.ask('staff', name, args),
        advance(counter),
      ]);
      return;
    }
    case 'keep':
      return keepSomething(counter);
    case 'return':
      await keepSomething(counter);
      for (let i = 1; i <= one.times; i++) await advance(counter, i < one.times, true);
      return;
    case 'stop keeping':
    case 'case done':
      await endKeeping(counter, one.do);
      return;
    case 'month':
      await passDate(counter);
      return;
    case 'trouble':
      central.trouble = one.trouble;
      return;
    case 'crash':
      note('crash');
      await counter.crash();
      // 18, 19: after a crash nobody is served, and nothing is held.
      expect(counter.view().phase).toBe('idle');
      expect((await counter.ask('customer', 'openRecords')).ok).toBe(false);
      return;
    case 'withdraw': {
      const { consentId } = counter.view();
      if (consentId === undefined || central.consents.get(consentId)?.ended === 'withdrawn') return;
      note('withdrawal');
      central.withdraw(consentId);
      if (central.trouble !== 'none' || central.revoked) return;
      // 12, 13: online the counter hears of it, and nothing opens any more.
      // Staff may still hold theirs where the customer has finished: both are waited for.
      for (const [plane, name] of [
        ['customer', 'openRecords'],
        ['staff', 'openMetadata'],
      ] as const) {
        await vi.waitUntil(async () => !(await counter.ask(plane, name)).ok, {
          timeout: 20_000,
          interval: 5,
        });
      }
      return;
    }
    case 'revoke':
      central.revoke();
      return;
    case 'new policy':
      central.policy = Math.min(3, central.inForce + 1);
      central.inForce = central.policy;
      return;
    case 'old policy':
      central.policy = Math.max(1, central.policy - 1);
      return;
    case 'clock':
      central.skew += 2 * 3_600_000;
      return;
  }
}

/** A whole visit, so that there is something kept to do things with. */
async function keepSomething(counter: Counter): Promise<void> {
  for (let i = 0; i < 24 && counter.staffView().heldCases.length === 0; i++) await advance(counter);
  for (let i = 0; i < 3 && counter.view().phase !== 'idle'; i++) {
    await counter.ask('staff', 'cancel');
    await counter.settle();
    await counter.ask('staff', 'acknowledge');
  }
}

/** What is kept goes: taken back elsewhere, or the clerk says that the case is done. 12, 13, 21 */
async function endKeeping(counter: Counter, how: 'stop keeping' | 'case done'): Promise<void> {
  const { central } = counter;
  await keepSomething(counter);
  const [kept] = counter.staffView().heldCases.filter(({ state }) => state === 'held');
  if (!kept) return;
  const consentId = (await counter.entries()).find(
    ({ action, facts }) => action === 'records-held' && facts.case === kept.caseId,
  )?.consentId;
  if (consentId === undefined) return;
  if (how === 'case done') {
    const { ok } = await counter.ask('staff', 'closeCase', { caseId: kept.caseId });
    if (!ok) return;
  } else {
    if (!central.mayKeep(consentId)) return;
    central.withdrawPurposes(consentId, ['keep']);
    if (central.trouble !== 'none' || central.revoked) return;
  }
  note(how);
  const isThere = () => counter.staffView().heldCases.some(({ caseId }) => caseId === kept.caseId);
  await vi.waitUntil(async () => !isThere() && !counter.heldOnDisk().has(kept.caseId), {
    timeout: 20_000,
    interval: 5,
  });
  if (central.trouble !== 'none' || central.revoked) return;
  await vi.waitUntil(() => central.consents.get(consentId)?.erased !== undefined, {
    timeout: 20_000,
    interval: 5,
  });
}

/** A month: whatever is kept is past its date, and goes as soon as the counter hears the time. 14, 21 */
async function passDate(counter: Counter): Promise<void> {
  const { central } = counter;
  await keepSomething(counter);
  central.skew += 31 * 24 * 3_600_000;
  const before = counter.staffView().heldCases.filter(({ state }) => state === 'held');
  if (central.trouble !== 'none' || central.revoked || before.length === 0) return;
  note('date passed');
  // The time is heard at a start, and every ten seconds.
  await counter.crash();
  await vi.waitUntil(
    async () => {
      const here = counter.heldOnDisk();
      return before.every(({ caseId }) => !here.has(caseId));
    },
    { timeout: 20_000, interval: 5 },
  );
}

/** 1, 14, 15: keys are handed out only under a consent that central accepted, unexpired by central's own time. */
async function judgeKeys(
  counter: Counter,
  name: string,
  { ok, value }: { ok: boolean; value: unknown },
): Promise<void> {
  if (!ok || (name !== 'openRecords' && name !== 'openMetadata')) return;
  note('keys handed out');
  const { consentHash } = (value as { binding: { consentHash: string } }).binding;
  const held = [...counter.central.consents.values()].find(({ hash }) => hash === consentHash);
  expect(held, 'keys under a consent that central holds').toBeDefined();
  if (counter.view().kept?.again) {
    note('kept opened');
    const id = held?.submission.consent.header.recordId;
    const last = counter.central.reopened.filter(({ consentId }) => consentId === id).at(-1);
    expect(last?.answered, '21: central has said that it may be opened').toBe(true);
    const { clock } = (await counter.ask('staff', 'getStatus')).value as Status;
    expect(clock.now < (held?.submission.consent.scope.heldUntil ?? ''), '21: before its date').toBe(true);
  }
  const opened = (await counter.entries()).filter(({ action }) => action === 'layer-opened');
  expect(opened.length, '9: on the disk before').toBeGreaterThan(0);
  // 4: the metadata layer for staff carries no content key.
  if (name === 'openMetadata') expect(Object.keys(value as object)).not.toContain('contentSecret');
}

/** Whatever happened, this holds. */
async function judge(counter: Counter): Promise<void> {
  const { central } = counter;
  const entries = await counter.entries();
  const view = counter.view();
  for (const asked of central.asked) {
    // 1, 3, 4: what left the core was covered by a consent that central had accepted before.
    expect(asked.consent, '1: lookup without an accepted consent').toBeDefined();
    expect(asked.consent && withinScope(asked.request, asked.consent.scope), '4: in scope').toBe(true);
    expect(asked.consent?.scope.subscriber, '3').toBe(asked.request.subscriber);
  }
  // 6, 7: the signer is the principal; staff are a party of their own.
  for (const { submission } of central.consents.values()) {
    const { parties, header } = submission.consent;
    expect(parties.find(({ role }) => role === 'principal')?.id).toBe(header.principalId);
    expect(parties.find(({ role }) => role === 'staff')?.id).toBe(STAFF.id);
  }
  // 8, 16: one consent, one nonce, the same bytes at every try.
  const byId = new Map<string, string>();
  for (const { id, hash, nonce } of central.submissions) {
    expect(byId.get(id) ?? hash, '16: other bytes at another try').toBe(hash);
    byId.set(id, hash);
    const others = central.submissions.filter((one) => one.nonce === nonce && one.id !== id);
    expect(others, '8: nonce used twice').toEqual([]);
  }
  // 9, 10: what the customer's window knows of an answer lies in the log, once.
  if (view.lookupId !== undefined) {
    note('answer shown');
    const logged = entries.filter(
      ({ action, facts }) => action === 'lookup-answered' && facts.lookupId === view.lookupId,
    );
    expect(logged.length, '10: exactly one entry').toBe(1);
    expect(view.consentId).toBeDefined();
  }
  // 21: what is listed was agreed to, has its entry and no end; what has its end is nowhere.
  const here = counter.heldOnDisk();
  const ended = new Set(
    entries.flatMap(({ action, facts }) => (action === 'keys-destroyed' ? [facts.case] : [])),
  );
  for (const { caseId, state } of counter.staffView().heldCases) {
    if (state !== 'held') continue;
    note('kept');
    const begun = entries.filter(({ action, facts }) => action === 'records-held' && facts.case === caseId);
    expect(begun.length, '21: one entry for what is kept').toBe(1);
    const consent = central.consents.get(begun[0]?.consentId ?? '')?.submission.consent;
    expect(consent?.scope.heldUntil, '21: kept as it was signed').toBe(begun[0]?.facts.until);
    expect(ended.has(caseId), '21: destroyed, and listed').toBe(false);
    expect(here.has(caseId), '21: listed, and not there').toBe(true);
  }
  // 11: central's copy never forks, has no gap, and is a beginning of ours.
  expect(central.problems, '11').toEqual([]);
  for (const { entry } of central.audit) expect(entries[entry.seq], '11: ours continues it').toEqual(entry);
  // 19: nothing is shown of a visit that is over, and both windows were told.
  if (view.phase === 'idle' || view.phase === 'ended') {
    expect(view.lookupId).toBeUndefined();
    expect(counter.staffView().lookupId).toBeUndefined();
    expect(counter.staffView().released).toEqual([]);
    // Of one that ended before it began no window ever had anything.
    const ended = entries.filter(
      ({ action, facts }) => action === 'session-ended' && facts.after === undefined && facts.begun !== false,
    );
    for (const { sessionId = '' } of ended) {
      expect(counter.wiped.staff.has(sessionId) && counter.wiped.customer.has(sessionId), '19').toBe(true);
    }
    if (ended.length > 0) note('visit over');
  }
}

/** 12, 13, 18, 20: at the end of a run the line is whole again, and central has the last word. */
async function finish(counter: Counter): Promise<void> {
  const { central } = counter;
  const answers = central.answeredLookups.length;
  const { revoked } = central;
  central.trouble = 'none';
  if (revoked) {
    note('revoked');
    await advance(counter);
    expect(central.answeredLookups.length, '20: revoked, and answered').toBe(answers);
  }
  await counter.ask('customer', 'stop');
  await counter.ask('staff', 'cancel');
  await counter.settle();
  const { phase } = counter.view();
  if (phase === 'serving.followUp') await counter.ask('staff', 'closeSession', { followUp: '' });
  await counter.settle();
  const entries = await counter.entries();
  const count = (action: string) => entries.filter((entry) => entry.action === action).length;
  expect(count('session-ended'), '10: each visit ends at most once').toBeLessThanOrEqual(
    count('session-started'),
  );
  expect(count('lookup-answered'), '10: no entry without an answer').toBeLessThanOrEqual(
    central.answeredLookups.length + central.asked.length,
  );
  expect((await counter.ask('customer', 'openRecords')).ok, '19').toBe(false);
  expect((await counter.ask('staff', 'openMetadata')).ok, '19').toBe(false);
}

describe('the real core', () => {
  it('keeps the invariants whatever is asked of it', { timeout: 24 * 3_600_000 }, async () => {
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 9 }), async (acts) => {
        const central = new CentralDouble(keys, device);
        const counter = await Counter.open(shared, central);
        try {
          for (const one of acts) {
            await perform(counter, one);
            await judge(counter);
          }
          await finish(counter);
        } finally {
          await counter.close();
        }
        done += 1;
        if (done % 1_000 === 0) console.log(`  … ${done} runs`);
      }),
      { numRuns: runs() },
    );
    console.log(`real core: ${done} runs; ${JSON.stringify(reached)}`);
    if (done >= 100)
      for (const what of [
        'answer shown',
        'keys handed out',
        'crash',
        'withdrawal',
        'kept',
        'kept opened',
        'stop keeping',
        'case done',
        'date passed',
        'visit over',
        'revoked',
      ]) {
        expect(reached[what] ?? 0, `never reached: ${what}`).toBeGreaterThan(0);
      }
  });
});

/** Of no lookup at all. */
const row = {
  index: 0,
  at: 0,
  direction: 'in',
  category: 'sms',
  maskedPeer: '',
  peer: '',
  text: '',
  salt: 'A'.repeat(22),
  proof: [],
  showPeer: false,
};

/** Each out of turn somewhere. What is taken does not lead off the way. */
const asked: readonly (readonly ['staff' | 'customer', string, unknown?])[] = [
  ['staff', 'retry'],
  ['staff', 'acknowledge'],
  ['staff', 'attest', { staffId: STAFF.id, pin: PIN }],
  ['staff', 'openMetadata'],
  ['staff', 'handOver'],
  ['staff', 'auditState'],
  ['staff', 'auditPage', { filter: {}, limit: 10 }],
  ['staff', 'dayList', { day: '2026-11-22' }],
  ['staff', 'dayList', { day: 'yesterday' }],
  ['staff', 'cancelWithdrawal'],
  ['staff', 'signIn', { staffId: STAFF.id, pin: '000000' }],
  ['staff', 'startSession', request],
  ['customer', 'noticePage', { page: 99 }],
  ['customer', 'answer', { answerId: 'no such answer' }],
  ['customer', 'reconsider', { grant: 'marketing' }],
  ['customer', 'sign', { ...ink, strokes: [] }],
  ['customer', 'openRecords'],
  ['customer', 'openProof'],
  ['customer', 'accesses', { refusedOnly: false }],
  ['customer', 'release', { rows: [row] }],
  ['customer', 'saveReport'],
  ['customer', 'withdrawal', { type: 'confirm' }],
  ['customer', 'returnScreen', { pin: PIN }],
];

describe('a start', () => {
  it('removes what a save that broke off has left in the hand-over folder', { timeout: 60_000 }, async () => {
    const counter = await Counter.open(shared, new CentralDouble(keys, device));
    try {
      await mkdir(join(counter.handover, `.${crypto.randomUUID()}.partial`));
      await mkdir(join(counter.handover, 'holiday'));
      await counter.crash();
      await vi.waitFor(async () => expect(await readdir(counter.handover)).toEqual(['holiday']));
    } finally {
      await counter.close();
    }
  });
});

describe('what the core refuses', () => {
  it('has exactly one entry each, at every step of a visit', { timeout: 600_000 }, async () => {
    const kinds = new Set<string>();
    const phases = new Set<string>();
    for (let steps = 0; steps < 11; steps++) {
      const counter = await Counter.open(shared, new CentralDouble(keys, device));
      const { core } = counter;
      const channels = new Map<string, (event: SenderFacts, args: unknown) => Promise<unknown>>();
      const gateway = createGateway({
        server: { handle: (name, answer) => void channels.set(name, answer) },
        onDenied: core.refusals.denied,
        onRefused: core.refusals.refused,
        onUnexpected: (_, name, error) => expect.fail(`${name} ${error.detail}`),
      });
      gateway.serve('staff', core.handlers.staff);
      gateway.serve('customer', core.handlers.customer);
      for (const [id, plane] of (['staff', 'customer'] as const).entries()) {
        gateway.admit(plane, { id, isDestroyed: () => false, send: () => undefined });
      }
      try {
        for (let i = 0; i < steps; i++) await advance(counter, i < steps - 1);
        phases.add(counter.view().phase);
        for (const [plane, name, args = {}] of asked) {
          const before = (await counter.entries()).length;
          const answer = (await channels.get(channel(plane, 'command', name))?.(
            {
              sender: { id: plane === 'staff' ? 0 : 1 },
              senderFrame: { origin: `app://${plane}`, parent: null, detached: false },
            },
            args,
          )) as Result<unknown>;
          await counter.settle();
          const refusals = (await counter.entries())
            .slice(before)
            .filter(({ action }) => /-(denied|refused|rejected|failed)$/.test(action))
            .map(({ action, facts }) => `${action} ${facts.kind}`);
          const where = `${plane} ${name} in ${counter.view().phase}`;
          expect(refusals, where).toHaveLength(answer.ok ? 0 : 1);
          if (!answer.ok) {
            expect(refusals[0]?.endsWith(` ${answer.error.kind}`), where).toBe(true);
            for (const one of refusals) kinds.add(one);
          }
        }
      } finally {
        await counter.close();
      }
    }
    expect([...phases]).toEqual(
      expect.arrayContaining(['idle', 'serving.request', 'serving.ticks', 'serving.reading']),
    );
    // By those who write their own, and by the gateway for all the rest.
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'command-refused bad-input',
        'command-refused not-signed-in',
        'command-refused wrong-state',
        'layer-denied consent-required',
        'log-denied forbidden',
        'release-denied not-released',
        'accesses-denied wrong-state',
      ]),
    );
  });
});
