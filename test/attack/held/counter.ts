/**
 * A case that a counter keeps, attacked from both windows, by the clerk and by central's answers: opened without the
 * customer's proof, under another number, past its date. SECURITY: S4 S5 S6 S11
 */
import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { grantNames } from '../../../shared/domain/scope.ts';
import { type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { finishKeeping, heldFiles, keeping } from '../../e2e/support/held.ts';
import { people, playTo, proofOf } from '../../e2e/support/visit.ts';
import { type Attack, type Family, gotThrough, type Refusal, refused, type Step } from '../attack.ts';
import { counterState, LI, logged, SENTINEL, ZHANG } from '../scene.ts';
import { fetchRefused, lookupId } from '../windows/sealed.ts';
import { answerOf, command, Window } from '../windows/tools.ts';

const DAY_MS = 86_400_000;

/** What central would say, said otherwise. */
type Lie = (honest: Record<string, unknown>) => unknown;

interface Scene {
  counter: Counter;
  staff: Window;
  customer: Window;
  clerk: Window;
  caseId: string;
  /** The lookup whose pages are kept. */
  lookup: string;
  /** Central's answer to paths with this ending is made by `lie`; undefined: its own. */
  fault(path: string, lie: Lie | undefined): void;
  advance(ms: number): void;
}

/** All that must stay as it is while something is refused: windows, central, files of the case, what the log has as opened. */
const stateOf = (scene: Scene) => async () =>
  [
    await counterState(scene.counter),
    `kept files ${(await heldFiles(scene.counter)).length}`,
    `opened ${await logged(scene.counter.kiosk, 'held-opened')}`,
  ].join(', ');

/** No window gets a key, nor a page. */
async function nothingOpens({ staff, customer, lookup }: Scene, said: string): Promise<Refusal> {
  const answers = [await staff.call('openMetadata'), await customer.call('openRecords')];
  if (answers.some(({ ok }) => ok)) return gotThrough(`${said}, and a layer opened`);
  for (const [window, layer] of [
    [staff, 'metadata'],
    [customer, 'content'],
  ] as const) {
    const page = await fetchRefused(window, `/sealed/${lookup}/${layer}/0`);
    if (!page.refused) return gotThrough(`${said}, and a page: ${page.reason}`);
  }
  return refused(`${said}; no layer, no page`);
}

function idle(scene: Scene): Attack[] {
  const { staff, customer, clerk, caseId } = scene;
  const state = stateOf(scene);
  return [
    command(
      staff,
      'S3',
      'kept/adds-a-number-of-its-own',
      'startHeld',
      { caseId, subscriber: LI },
      ['bad-input'],
      state,
    ),
    command(
      staff,
      'S3',
      'kept/says-that-it-was-proved',
      'startHeld',
      { caseId, proved: true },
      ['bad-input'],
      state,
    ),
    command(
      staff,
      'S3',
      'kept/a-path-for-a-case',
      'startHeld',
      { caseId: '../vault/device-key' },
      ['bad-input'],
      state,
    ),
    command(
      staff,
      'S5',
      'kept/a-case-nobody-has',
      'startHeld',
      { caseId: randomUUID() },
      ['held-ended'],
      state,
    ),
    command(staff, 'S5', 'kept/opens-the-layer-at-once', 'openMetadata', {}, ['consent-required'], state),
    command(staff, 'S2', 'kept/takes-it-back-for-the-customer', 'keepNothing', {}, ['forbidden'], state),
    command(customer, 'S2', 'kept/opens-a-case', 'startHeld', { caseId }, ['forbidden'], state),
    command(customer, 'S2', 'kept/ends-a-case', 'closeCase', { caseId }, ['forbidden'], state),
    command(customer, 'S5', 'kept/opens-the-records-at-once', 'openRecords', {}, ['consent-required'], state),
    command(customer, 'S1', 'kept/takes-back-with-nobody-there', 'keepNothing', {}, ['wrong-state'], state),
    {
      id: 'kept/fetches-its-pages-from-the-disk',
      foothold: clerk.foothold,
      rule: 'S5',
      try: () => nothingOpens(scene, 'nobody is served'),
    },
    {
      id: 'kept/reads-the-list-for-a-number',
      foothold: staff.foothold,
      rule: 'S4',
      try: async () => {
        const shown = JSON.stringify([
          await staff.call('getView'),
          await staff.call('dayList', { day: await today(scene) }),
        ]);
        return shown.includes(ZHANG) || shown.includes(SENTINEL)
          ? gotThrough('the number in full')
          : refused('masked numbers and dates, on the list of cases and the day list');
      },
    },
  ];
}

/** The clerk has opened the case; nobody is there, or somebody else. */
function unproven(scene: Scene): Step[] {
  const { counter, clerk, customer, caseId } = scene;
  const state = stateOf(scene);
  const { customer: person } = people(counter);
  const failsToProve = (
    id: string,
    who: Attack['foothold'],
    proof: () => ReturnType<typeof proofOf>,
  ): Attack => ({
    id,
    foothold: who,
    rule: 'S6',
    try: async () => {
      const before = await logged(counter.kiosk, 'identity-failed');
      await person.prove(proof());
      await expect.poll(() => logged(counter.kiosk, 'identity-failed')).toBe(before + 1);
      await person.phase('serving.identity.entering');
      return nothingOpens(scene, await kindOf(customer));
    },
  });
  return [
    {
      control: 'dishonest-clerk/opens-the-case-as-if-the-customer-were-there',
      try: async () => {
        const answer = await clerk.call('startHeld', { caseId });
        if (!answer.ok) throw new Error(answer.error.kind);
        await person.phase('serving.request');
        return 'serving.request: the customer is asked';
      },
    },
    {
      id: 'kept/reads-before-a-proof',
      foothold: clerk.foothold,
      rule: 'S5',
      try: () => nothingOpens(scene, 'serving.request'),
    },
    command(clerk, 'S16', 'kept/opens-it-twice', 'startHeld', { caseId }, ['wrong-state'], state),
    command(
      clerk,
      'S16',
      'kept/ends-it-under-the-customers-eyes',
      'closeCase',
      { caseId },
      ['wrong-state'],
      state,
    ),
    command(
      clerk,
      'S16',
      'kept/closes-without-the-customer',
      'closeSession',
      { followUp: 'x' },
      ['wrong-state'],
      state,
    ),
    command(
      customer,
      'S8',
      'kept/signs-what-is-not-asked',
      'tick',
      Object.fromEntries(grantNames.map((name) => [name, true])),
      ['wrong-state'],
      state,
    ),
    {
      control: 'dishonest-clerk/accepts-at-the-customers-screen',
      try: async () => {
        const answer = await customer.call('acceptRequest');
        if (!answer.ok) throw new Error(answer.error.kind);
        await person.phase('serving.identity.entering');
        return 'serving.identity.entering: no notice, no signature, but a proof';
      },
    },
    failsToProve('kept/with-a-guessed-proof', 'dishonest-clerk', () => ({
      password: '000000',
      code: '000000',
    })),
    failsToProve('kept/with-the-password-of-another-number', 'dishonest-clerk', () => ({
      ...proofOf(counter, ZHANG),
      password: proofOf(counter, LI).password,
    })),
    {
      id: 'kept/central-says-that-another-has-proved-themselves',
      foothold: 'network',
      rule: 'S5',
      try: async () => {
        scene.fault('/proofs', () => ({
          assertionId: randomUUID(),
          subscriber: LI,
          name: '李四',
          verifiedAt: new Date().toISOString(),
        }));
        const before = await logged(counter.kiosk, 'identity-failed');
        await person.prove(proofOf(counter, ZHANG));
        await expect.poll(() => logged(counter.kiosk, 'identity-failed')).toBe(before + 1);
        scene.fault('/proofs', undefined);
        return nothingOpens(scene, await kindOf(customer));
      },
    },
  ];
}

/** The customer has proved themselves; what central says of the case is not what was signed. */
function answers(scene: Scene): Step[] {
  const { counter, customer } = scene;
  const { customer: person } = people(counter);
  const lied = (id: string, kinds: readonly string[], lie: Lie): Attack => ({
    id: `kept/central-says-${id}`,
    foothold: 'network',
    rule: 'S6',
    try: async () => {
      scene.fault('/reopen', lie);
      const denied = await logged(counter.kiosk, 'held-denied');
      const { phase } = await viewOf(customer);
      if (phase === 'serving.reopenFailed') await customer.call('retry');
      else await person.prove(proofOf(counter, ZHANG));
      await expect.poll(() => logged(counter.kiosk, 'held-denied')).toBe(denied + 1);
      await person.phase('serving.reopenFailed');
      const kind = await kindOf(customer);
      if ((await heldFiles(counter)).length !== 4) return gotThrough(`${kind}, and the case has gone`);
      return kinds.includes(kind) ? nothingOpens(scene, kind) : gotThrough(`another answer: ${kind}`);
    },
  });
  const garbage = ['central-garbage'];
  return [
    lied('a-later-date', garbage, (said) => ({
      ...said,
      heldUntil: new Date(Date.now() + 300 * DAY_MS).toISOString(),
    })),
    lied('another-consent', garbage, (said) => ({ ...said, consentId: randomUUID() })),
    lied('yes-though-keeping-was-taken-back', garbage, (said) => ({ ...said, purposes: ['lookup'] })),
    lied('yes-without-a-word', garbage, () => ({})),
    {
      control: 'network/it-opens-once-the-answer-is-right',
      try: async () => {
        scene.fault('/reopen', undefined);
        await customer.call('retry');
        await person.phase('serving.reading');
        const answer = await customer.call('openRecords');
        if (!answer.ok) throw new Error(answer.error.kind);
        return `held-opened ${await logged(counter.kiosk, 'held-opened')}`;
      },
    },
    {
      id: 'kept/makes-a-report-without-a-lookup',
      foothold: 'customer-renderer',
      rule: 'S5',
      try: async () =>
        answerOf(await customer.call('makeReport', { nameStyle: 'full', texts: true, peers: 'full' }), [
          'wrong-state',
        ]),
    },
    {
      id: 'kept/read-on-past-its-date',
      foothold: 'dishonest-clerk',
      rule: 'S11',
      try: async () => {
        scene.advance(31 * DAY_MS);
        // The counter hears central's time with its next status, some ten seconds on.
        await person.phase('ended', 60_000);
        await expect.poll(() => heldFiles(counter)).toEqual([]);
        return nothingOpens(scene, 'ended, 0 files');
      },
    },
  ];
}

async function viewOf(window: Window): Promise<Record<string, unknown>> {
  const answer = await window.call('getView');
  if (!answer.ok) throw new Error(answer.error.kind);
  return Object(answer.value);
}
const kindOf = async (window: Window): Promise<string> =>
  String(Object((await viewOf(window)).error).kind ?? 'none');
const today = async ({ staff }: Scene): Promise<string> => String((await viewOf(staff)).today);

export const keptAtTheCounter: Family = {
  name: 'kept for a case: the windows',
  open: async () => {
    let fault: { path: string; lie: Lie } | undefined;
    let offset = 0;
    const honest = new Map<string, unknown>();
    const intercept = (request: FastifyRequest, reply: FastifyReply): boolean => {
      if (!fault || !request.url.endsWith(fault.path)) return false;
      reply.type('application/json').send(JSON.stringify(fault.lie(Object.fromEntries(honest))));
      return true;
    };
    const counter = await openCounter({
      settings: { presence: { idleSeconds: 600, lastCallSeconds: 60 } },
      central: { sentinel: SENTINEL, numericPasswords: true, intercept, now: () => Date.now() + offset },
    });
    try {
      const { clerk } = people(counter);
      await clerk.signIn();
      const { customer } = await playTo(counter, 'reading', { number: ZHANG, grants: keeping });
      const staff = new Window(counter.app, counter.staff, 'staff-renderer');
      const lookup = await lookupId(staff);
      await finishKeeping(customer);
      await clerk.close('投诉已登记，等计费核查');
      const consent = await counter.central.context.db
        .selectFrom('consents')
        .select(['id', 'held_until'])
        .executeTakeFirstOrThrow();
      honest.set('consentId', consent.id);
      honest.set('heldUntil', consent.held_until?.toISOString());
      honest.set('purposes', keeping);
      const [kept] = Object((await viewOf(staff)).heldCases);
      const scene: Scene = {
        counter,
        staff,
        customer: new Window(counter.app, counter.customer, 'customer-renderer'),
        clerk: new Window(counter.app, counter.staff, 'dishonest-clerk'),
        caseId: String(kept.caseId),
        lookup,
        fault: (path, lie) => {
          fault = lie && { path, lie };
        },
        advance: (ms) => {
          offset += ms;
        },
      };
      return {
        steps: [...idle(scene), ...unproven(scene), ...answers(scene)],
        close: () => counter.close(),
      };
    } catch (error) {
      await counter.close();
      throw error;
    }
  },
};
