/** Commands out of their turn, phase by phase of one visit: skipping, repeating, acting for the other. SECURITY: S5 S8 S16 */

import { channel } from '../../../shared/contract/names.ts';
import { addDays, dayOf, monthsBefore } from '../../../shared/domain/period.ts';
import { grantNames } from '../../../shared/domain/scope.ts';
import { countHeld } from '../../e2e/demo/count.ts';
import { type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { people, playTo, proofOf, rightAnswer } from '../../e2e/support/visit.ts';
import {
  type Attack,
  type Control,
  type Family,
  gotThrough,
  type Rule,
  refused,
  type Step,
  withoutEffect,
} from '../attack.ts';
import { auditHolds, counterState, logged, ZHANG } from '../scene.ts';
import { sendAs } from '../windows/sender.ts';
import { answerOf, command, noteDecisions, Window } from '../windows/tools.ts';
import { clerksEnd } from './end.ts';

export interface Both {
  counter: Counter;
  staff: Window;
  customer: Window;
  advance(ms: number): void;
}

type Try = [
  who: 'staff' | 'customer',
  id: string,
  name: string,
  args: unknown,
  kinds: readonly string[],
  rule?: Rule,
];

/** By the window's bridge; ink past it, straight to the core, since the bridge takes none without a hand. */
async function ask({ counter, ...windows }: Both, who: 'staff' | 'customer', name: string, args: unknown) {
  if (name !== 'sign') return windows[who].call(name, args);
  const answer = await sendAs(counter.app, who, channel(who, 'command', name), args);
  if (answer === 'no channel') throw new Error('the channel is not there');
  return answer;
}

/** Commands tried in the phase that the visit is in. */
export function triesIn(scene: Both, phase: string, tries: readonly Try[]): Attack[] {
  return tries.map(([who, id, name, args, kinds, rule = 'S16']) => ({
    id: `${phase}/${id}`,
    foothold: who === 'staff' ? 'dishonest-clerk' : 'customer-renderer',
    rule,
    try: () =>
      withoutEffect(
        () => counterState(scene.counter),
        async () => answerOf(await ask(scene, who, name, args), kinds),
      ),
  }));
}

const INK = {
  width: 600,
  height: 200,
  device: 'pen',
  strokes: [
    [
      { x: 10, y: 10, p: 0.5, t: 0 },
      { x: 300, y: 120, p: 0.7, t: 40 },
    ],
  ],
};
const DOT = { ...INK, strokes: [[{ x: 10, y: 10, p: 0.5, t: 0 }]] };
const GRANTS = Object.fromEntries(grantNames.map((name) => [name, true]));
const REPORT = { nameStyle: 'full', texts: true, peers: 'full' };
const request = (change: object = {}) => {
  const today = dayOf(Date.now());
  const period = { from: addDays(today, -30), to: addDays(today, -1) };
  return { subscriber: ZHANG, categories: ['sms'], period, purpose: 'own-copy', ...change };
};

const signedOut: Try[] = [
  ['staff', 'starts-a-visit', 'startSession', request(), ['not-signed-in'], 'S5'],
  ['staff', 'reads-the-day-list', 'dayList', { day: '2026-01-01' }, ['not-signed-in'], 'S4'],
  ['staff', 'opens-the-layer', 'openMetadata', {}, ['not-signed-in'], 'S5'],
  ['staff', 'cancels', 'cancel', {}, ['not-signed-in']],
  ['staff', 'closes', 'closeSession', { followUp: '.' }, ['not-signed-in']],
  ['staff', 'takes-the-display', 'handOver', {}, ['not-signed-in']],
  ['staff', 'signs-out-nobody', 'signOut', {}, ['not-signed-in']],
  [
    'staff',
    'signs-in-with-a-wrong-pin',
    'signIn',
    { staffId: '1024', pin: '000000' },
    ['sign-in-refused'],
    'S17',
  ],
  ['staff', 'signs-in-with-a-short-pin', 'signIn', { staffId: '1024', pin: '1' }, ['bad-input'], 'S17'],
];
const idle: Try[] = [
  ['customer', 'signs-at-once', 'sign', INK, ['wrong-state'], 'S8'],
  ['customer', 'opens-records-at-once', 'openRecords', {}, ['consent-required'], 'S5'],
  ['customer', 'makes-a-report-of-nothing', 'makeReport', REPORT, ['wrong-state']],
  ['customer', 'saves-a-report-of-nothing', 'saveReport', {}, ['wrong-state']],
  ['customer', 'accepts-nothing', 'acceptRequest', {}, ['wrong-state']],
  ['customer', 'takes-a-display-that-both-have', 'returnScreen', { pin: '246810' }, ['wrong-state'], 'S17'],
  [
    'staff',
    'a-second-clerk-signs-in-over-the-first',
    'signIn',
    { staffId: '1025', pin: '135791' },
    ['wrong-state'],
  ],
  ['staff', 'gives-a-reason-of-a-dot', 'startSession', request({ purpose: '.' }), ['bad-input'], 'S6'],
  ['staff', 'names-another-clerk', 'startSession', request({ staffId: '1025' }), ['bad-input'], 'S3'],
  ['staff', 'adds-recipients', 'startSession', request({ recipients: ['staff'] }), ['bad-input'], 'S3'],
  ['staff', 'asks-for-no-category', 'startSession', request({ categories: [] }), ['bad-input'], 'S3'],
  [
    'staff',
    'asks-for-a-category-twice',
    'startSession',
    request({ categories: ['sms', 'sms'] }),
    ['bad-input'],
    'S3',
  ],
  ['staff', 'asks-for-all-categories', 'startSession', request({ categories: ['*'] }), ['bad-input'], 'S3'],
  [
    'staff',
    'asks-for-two-numbers',
    'startSession',
    request({ subscriber: `${ZHANG},13900010002` }),
    ['bad-input'],
    'S3',
  ],
  [
    'staff',
    'asks-for-a-day-that-is-none',
    'startSession',
    request({ period: { from: '2026-02-30', to: '2026-03-01' } }),
    ['bad-input'],
    'S3',
  ],
  ['staff', 'closes-what-is-not-open', 'closeSession', { followUp: '' }, ['wrong-state']],
];
const skipping = (names: readonly (readonly [string, string, unknown])[]): Try[] =>
  names.map(([id, name, args]) => [
    'customer',
    id,
    name,
    args,
    ['wrong-state', 'consent-required', 'not-released', 'bad-input'],
    'S5',
  ]);
const later = [
  ['proves-before-the-notice', 'prove', { servicePassword: '258036', oneTimeCode: '000000' }],
  ['ticks-before-the-question', 'tick', GRANTS],
  ['signs-before-the-ticks', 'sign', INK],
  ['opens-records-before-signing', 'openRecords', {}],
  ['releases-before-signing', 'release', { rows: [] }],
  ['reports-before-signing', 'makeReport', REPORT],
  ['finishes-before-it-began', 'finish', {}],
] as const;
const clerksMeddling: Try[] = [
  ['staff', 'starts-a-second-visit', 'startSession', request({ subscriber: '13900010002' }), ['wrong-state']],
  ['staff', 'closes-before-the-customer-is-done', 'closeSession', { followUp: '.' }, ['wrong-state']],
  ['staff', 'leaves-the-customer-alone', 'signOut', {}, ['wrong-state']],
  ['staff', 'opens-the-layer-before-consent', 'openMetadata', {}, ['consent-required'], 'S5'],
  ['staff', 'retries-what-has-not-failed', 'retry', {}, ['wrong-state']],
  ['staff', 'acknowledges-what-has-not-ended', 'acknowledge', {}, ['wrong-state']],
];

/** A visit that the core begins and the policy refuses. */
function refusedRequests(scene: Both): Attack[] {
  const today = dayOf(Date.now());
  const cases: [string, string, object][] = [
    [
      'period-longer-than-the-policy',
      'period-too-long',
      { from: addDays(monthsBefore(today, 6), -1), to: today },
    ],
    ['period-yet-to-come', 'period-not-valid', { from: today, to: addDays(today, 1) }],
    ['period-backwards', 'period-not-valid', { from: today, to: addDays(today, -1) }],
    ['period-of-a-hundred-years', 'period-too-long', { from: '1926-01-01', to: today }],
  ];
  return cases.map(([id, kind, period]) => ({
    id: `idle/${id}`,
    foothold: 'dishonest-clerk',
    rule: 'S5',
    try: () =>
      withoutEffect(
        // A visit that never began is a row of the day list all the same.
        async () => (await counterState(scene.counter)).replace(/cases \d+/, ''),
        async () => {
          const denied = await logged(scene.counter.kiosk, 'session-refused');
          const started = await scene.staff.call('startSession', request({ period }));
          // Refused at the door is as good.
          if (!started.ok) return answerOf(started, [kind, 'bad-input']);
          const { clerk, customer } = people(scene.counter);
          await clerk.phase('serving.prepareFailed');
          const view = await scene.staff.call('getView');
          const { error } = Object(view.ok ? view.value : {});
          const entries = (await logged(scene.counter.kiosk, 'session-refused')) - denied;
          await clerk.cancel();
          await clerk.acknowledge();
          await customer.phase('idle');
          if (error?.kind !== kind || entries !== 1) return gotThrough(`${error?.kind}, ${entries} entries`);
          return refused(`${error.kind} ${error.code}, the customer was asked nothing, logged once`);
        },
      ),
  }));
}

const step = (control: string, play: () => Promise<unknown>): Control => ({
  control: `dishonest-clerk/${control}`,
  try: async () => String(await play()),
});

/** A view field that must stay. */
function stays(
  scene: Both,
  id: string,
  rule: Rule,
  command: string,
  args: unknown,
  field: (view: object) => unknown,
): Attack {
  return {
    id,
    foothold: 'customer-renderer',
    rule,
    try: async () => {
      const read = async () => {
        const view = await scene.customer.call('getView');
        return JSON.stringify(field(Object(view.ok ? view.value : {})));
      };
      const before = await read();
      const answer = await scene.customer.call(command, args);
      const after = await read();
      const words = answer.ok
        ? `taken without effect: still ${after}`
        : `${answer.error.kind}: still ${after}`;
      return before === after ? refused(words) : gotThrough(`${before} became ${after}`);
    },
  };
}

function steps(scene: Both): Step[] {
  const { counter } = scene;
  const { clerk, customer } = people(counter);
  return [
    ...triesIn(scene, 'signed-out', signedOut),
    step('signs-in-rightly', async () => {
      await clerk.signIn();
      return 'signed in';
    }),
    ...triesIn(scene, 'idle', idle),
    ...refusedRequests(scene),
    step('starts-a-visit-rightly', async () => {
      await playTo(counter, 'request', { number: ZHANG });
      return 'serving.request';
    }),
    ...triesIn(scene, 'request', [...skipping(later), ...clerksMeddling]),
    step('the-customer-accepts', async () => {
      await customer.accept();
      await customer.phase('serving.notice');
      return 'serving.notice';
    }),
    ...triesIn(scene, 'notice', [
      ['customer', 'says-it-is-read-at-once', 'noticeRead', {}, ['wrong-state'], 'S9'],
      ['customer', 'page-zero', 'noticePage', { page: 0 }, ['bad-input'], 'S9'],
    ]),
    {
      id: 'notice/jumps-to-the-last-page',
      foothold: 'customer-renderer',
      rule: 'S9',
      try: () =>
        withoutEffect(
          () => counterState(counter),
          async () => {
            await scene.customer.call('noticePage', { page: 99 });
            return answerOf(await scene.customer.call('noticeRead', {}), ['wrong-state']);
          },
        ),
    },
    step('the-customer-reads', async () => {
      await customer.readNotice();
      await customer.phase('serving.identity.entering');
      return 'serving.identity.entering';
    }),
    stays(
      scene,
      'identity/changes-the-language-after-reading',
      'S9',
      'setDisplay',
      { language: 'en', largeType: false },
      (view) => Reflect.get(Object(Reflect.get(view, 'display')), 'language'),
    ),
    ...triesIn(scene, 'identity', skipping(later.slice(1))),
    step('the-customer-proves', async () => {
      await customer.prove(proofOf(counter, ZHANG));
      await customer.phase('serving.question');
      return 'serving.question';
    }),
    ...triesIn(scene, 'question', [
      ...skipping(later.slice(1, 4)),
      ['customer', 'an-answer-that-is-none', 'answer', { answerId: 'yes' }, ['bad-input'], 'S9'],
      ['customer', 'proves-a-second-time', 'prove', { servicePassword: '258036' }, ['wrong-state'], 'S17'],
    ]),
    {
      id: 'question/looks-for-the-right-answer',
      foothold: 'customer-renderer',
      rule: 'S9',
      try: async () => {
        const view = await scene.customer.call('getView');
        const text = JSON.stringify(view);
        return text.includes('"correct"')
          ? gotThrough('the answer key is in the view')
          : refused(`no answer key in a view of ${text.length} characters`);
      },
    },
    step('the-customer-understands', async () => {
      await customer.answer(rightAnswer(counter.language));
      await customer.phase('serving.ticks');
      return 'serving.ticks';
    }),
    ...triesIn(scene, 'ticks', [
      ['customer', 'signs-without-ticks', 'sign', INK, ['wrong-state'], 'S8'],
      ['customer', 'a-tick-nobody-offered', 'tick', { ...GRANTS, everything: true }, ['bad-input'], 'S3'],
      [
        'customer',
        'ticks-that-are-no-booleans',
        'tick',
        { lookup: 1, analysis: 1, release: 1, contact: 1 },
        ['bad-input'],
        'S3',
      ],
    ]),
    step('the-customer-ticks', async () => {
      await customer.tick(['lookup', 'analysis']);
      await customer.phase('serving.signature');
      return 'serving.signature, release not ticked';
    }),
    ...triesIn(scene, 'signature', [
      ['customer', 'a-dot-for-a-signature', 'sign', DOT, ['signature-empty'], 'S8'],
      ['customer', 'no-stroke', 'sign', { ...INK, strokes: [] }, ['bad-input'], 'S8'],
      [
        'customer',
        'points-that-are-no-numbers',
        'sign',
        { ...INK, strokes: [[{ x: Number.NaN, y: 0, p: 0, t: 0 }]] },
        ['bad-input'],
        'S3',
      ],
      ['customer', 'a-pad-of-no-size', 'sign', { ...INK, width: 0 }, ['bad-input'], 'S3'],
      [
        'customer',
        'two-hundred-and-one-strokes',
        'sign',
        { ...INK, strokes: Array.from({ length: 201 }, () => INK.strokes[0]) },
        ['bad-input'],
        'S3',
      ],
      [
        'staff',
        'changes-the-scope-before-the-signature',
        'startSession',
        request({ categories: ['sms', 'call'] }),
        ['wrong-state'],
        'S5',
      ],
    ]),
    command(
      scene.customer,
      'S8',
      'signature/ink-from-a-script-without-a-hand',
      'sign',
      INK,
      ['forbidden'],
      () => counterState(counter),
    ),
    {
      id: 'signature/synthetic-hand-on-the-pad',
      foothold: 'customer-renderer',
      rule: 'S8',
      try: () =>
        withoutEffect(
          () => counterState(counter),
          async () => {
            const words = await scene.customer.page.evaluate(
              async ([pad, sign]) => {
                const canvas = [...document.querySelectorAll('canvas')].find(
                  (one) => one.ariaLabel === pad || one.getAttribute('aria-label') === pad,
                );
                if (!canvas) throw new Error('no pad');
                const box = canvas.getBoundingClientRect();
                const at = (type: string, x: number, y: number) =>
                  canvas.dispatchEvent(
                    new PointerEvent(type, {
                      bubbles: true,
                      pointerId: 7,
                      pointerType: 'pen',
                      button: 0,
                      buttons: 1,
                      pressure: 0.5,
                      clientX: box.left + x,
                      clientY: box.top + y,
                    }),
                  );
                at('pointerdown', 20, 20);
                for (let i = 0; i < 30; i++) at('pointermove', 20 + i * 8, 20 + ((i * 13) % 90));
                at('pointerup', 260, 80);
                await new Promise((resolve) => setTimeout(resolve, 0));
                const button = [...document.querySelectorAll('button')].find(
                  (one) => one.textContent === sign,
                );
                const open = button !== undefined && !button.disabled;
                button?.click();
                await new Promise((resolve) => setTimeout(resolve, 0));
                return open ? 'the button was open, the core refused' : 'the pad took no ink';
              },
              [customer.words.signature.pad, customer.words.signature.sign] as const,
            );
            // Whatever the page did with it, the visit must not have gone on.
            const view = await scene.customer.call('getView');
            const { phase } = Object(view.ok ? view.value : {});
            return phase === 'serving.signature'
              ? refused(`${words}; still ${phase}`)
              : gotThrough(`${words}; now ${phase}`);
          },
        ),
    },
    step('the-customer-signs-by-hand', async () => {
      await customer.page.reload();
      await customer.phase('serving.signature');
      await customer.sign();
      await customer.phase('serving.reading');
      // What comes behind the first rows would be taken for an effect of an attack.
      await expect
        .poll(async () => {
          const { metadata, content } = await countHeld(customer.page);
          return content > 0 && content === metadata;
        })
        .toBe(true);
      await expect(clerk.page.getByText(/已核对/)).toBeVisible();
      return 'serving.reading';
    }),
    ...triesIn(scene, 'reading', [
      ['customer', 'signs-a-second-time', 'sign', INK, ['wrong-state'], 'S8'],
      ['customer', 'widens-the-ticks-afterwards', 'tick', GRANTS, ['wrong-state'], 'S5'],
      ['customer', 'releases-without-having-ticked-it', 'release', { rows: [row()] }, ['not-released'], 'S4'],
      ['customer', 'saves-before-making', 'saveReport', {}, ['wrong-state']],
      ['customer', 'makes-a-report-without-opening-it', 'makeReport', REPORT, ['wrong-state']],
      ['customer', 'goes-back-to-the-ticks', 'back', {}, ['wrong-state'], 'S5'],
      ...clerksMeddling.slice(0, 3),
      [
        'staff',
        'edits-the-scope-after-signing',
        'startSession',
        request({ categories: ['sms', 'call', 'transaction'] }),
        ['wrong-state'],
        'S5',
      ],
    ]),
    ...clerksEnd(scene),
    {
      control: 'dishonest-clerk/the-log-of-all-that',
      try: async () => `${await auditHolds(counter.kiosk)} entries, chained without a gap`,
    },
  ];
}

function row() {
  return {
    index: 0,
    at: 1_767_225_600_000,
    direction: 'in',
    category: 'sms',
    maskedPeer: '106****55',
    peer: '106555555',
    text: 'x',
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    proof: [],
    showPeer: true,
  };
}

export const clerk: Family = {
  name: 'dishonest clerk',
  open: async () => {
    let offset = 0;
    const counter = await openCounter({ central: { now: () => Date.now() + offset } });
    await noteDecisions(counter.app);
    const scene: Both = {
      counter,
      staff: new Window(counter.app, counter.staff, 'dishonest-clerk'),
      customer: new Window(counter.app, counter.customer, 'customer-renderer'),
      advance: (ms) => {
        offset += ms;
      },
    };
    return { steps: steps(scene), close: () => counter.close() };
  },
};
