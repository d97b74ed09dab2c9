/** A visit in which the customer reads, attacked from scripts in both windows. */
import { readdir } from 'node:fs/promises';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { channel, names } from '../../shared/contract/names.ts';
import type { Counter } from '../e2e/support/counter.ts';
import { heapOf, stringsWith, wordsIn } from '../e2e/support/sweep.ts';
import {
  type Attack,
  type Control,
  type Family,
  gotThrough,
  refused,
  type Step,
  withoutEffect,
} from './attack.ts';
import { auditHolds, counterState, LI, logged, openVisit, SENTINEL, ZHANG } from './scene.ts';
import { breakOuts, downloads } from './windows/break-out.ts';
import { everythingStored } from './windows/reach.ts';
import { releases } from './windows/releases.ts';
import { sealedReaches } from './windows/sealed.ts';
import { type Sender, sendAs } from './windows/sender.ts';
import { answerOf, command, noteDecisions, Window } from './windows/tools.ts';

/** Sets of commands of the other plane, by what an attacker would want them for. */
const wantedOfCustomer: readonly [string, string, unknown][] = [
  [
    'sign-for-the-customer',
    'sign',
    { width: 9, height: 9, device: 'pen', strokes: [[{ x: 0, y: 0, p: 1, t: 0 }]] },
  ],
  ['open-the-texts', 'openRecords', {}],
  ['prove-identity', 'prove', { servicePassword: '258036' }],
  ['answer-the-question', 'answer', { answerId: 'a' }],
  ['tick-the-purposes', 'tick', { lookup: true, analysis: true, release: true, contact: true }],
  ['release-rows', 'release', { rows: [] }],
  ['print-the-report', 'makeReport', { nameStyle: 'full', texts: true, peers: 'full' }],
  ['save-the-report', 'saveReport', {}],
  ['accept-for-the-customer', 'acceptRequest', {}],
  ['skip-the-notice', 'noticeRead', {}],
  ['finish-for-the-customer', 'finish', {}],
  ['read-the-customers-view', 'getView', {}],
];
const wantedOfStaff: readonly [string, string, unknown][] = [
  ['sign-staff-in', 'signIn', { staffId: '1024', pin: '246810' }],
  ['sign-staff-out', 'signOut', {}],
  ['start-a-visit', 'startSession', { subscriber: LI, categories: ['sms'], purpose: 'own-copy' }],
  ['read-the-day-list', 'dayList', { day: '2026-01-01' }],
  ['close-the-visit', 'closeSession', { followUp: 'x' }],
  ['take-the-display', 'handOver', {}],
  ['say-that-staff-wiped', 'wiped', { sessionId: 'x' }],
];

/** Commands of the other plane: by the own bridge, and on the other's channel past the bridge. */
function crossPlane(counter: Counter, window: Window, state: () => Promise<string>): Attack[] {
  const from = window.foothold === 'staff-renderer' ? 'staff' : 'customer';
  const to = from === 'staff' ? 'customer' : 'staff';
  const wanted = from === 'staff' ? wantedOfCustomer : wantedOfStaff;
  const own: readonly string[] = names[from].commands;
  return wanted.flatMap(([what, name, args]): Attack[] => [
    ...(own.includes(name)
      ? []
      : [command(window, 'S2', `bridge/${what}`, name, args, ['forbidden'], state)]),
    {
      id: `channel/${what}`,
      foothold: window.foothold,
      rule: 'S2',
      try: () =>
        withoutEffect(state, async () => {
          const answer = await sendAs(counter.app, from, channel(to, 'command', name), args);
          return answer === 'no channel'
            ? gotThrough('the channel is not there')
            : answerOf(answer, ['forbidden']);
        }),
    },
  ]);
}

/** The right channel, and a sender that is not the plane's own top frame. */
function forgedSenders(counter: Counter, window: Window, state: () => Promise<string>): Attack[] {
  const plane = window.foothold === 'staff-renderer' ? 'staff' : 'customer';
  const name = plane === 'staff' ? 'openMetadata' : 'openRecords';
  const senders: Sender[] = [
    'no-frame',
    'inner-frame',
    'gone-frame',
    'other-origin',
    'near-origin',
    'other-contents',
  ];
  return senders.map((sender) => ({
    id: `sender/${sender}`,
    foothold: window.foothold,
    rule: 'S2',
    try: () =>
      withoutEffect(state, async () => {
        const answer = await sendAs(counter.app, sender, channel(plane, 'command', name), {});
        return answer === 'no channel'
          ? gotThrough('the channel is not there')
          : answerOf(answer, ['forbidden']);
      }),
  }));
}

/** Texts and secrets are searched for wherever a staff script could look. SECURITY: S4 */
function staffSearches(counter: Counter, window: Window): Attack[] {
  const secrets = async () => {
    const mine = counter.central.secrets(ZHANG);
    return [SENTINEL, mine.servicePassword, mine.identityNumber, ...mine.codes];
  };
  const judge = (where: string, found: number) =>
    found === 0
      ? refused(`0 of the customer's texts and secrets in ${where}`)
      : gotThrough(`${found} in ${where}`);
  return [
    {
      id: 'search/own-storage',
      foothold: window.foothold,
      rule: 'S4',
      try: async () => {
        const stored = await window.page.evaluate(everythingStored);
        return judge(
          'databases, caches, storage, cookies and page',
          wordsIn(Buffer.from(stored), await secrets()).length,
        );
      },
    },
    {
      id: 'search/own-memory',
      foothold: window.foothold,
      rule: 'S4',
      try: async () => judge('the heap', stringsWith(await heapOf(window.page), await secrets()).length),
    },
    {
      id: 'search/answers-of-every-command',
      foothold: window.foothold,
      rule: 'S4',
      try: async () => {
        const answers: string[] = [];
        for (const name of ['getView', 'getStatus', 'openMetadata']) {
          answers.push(
            await window.page.evaluate(
              async (command) =>
                JSON.stringify(await Reflect.get(globalThis, 'zhiqing').call(command, {}), (_key, value) =>
                  value instanceof Uint8Array ? Array.from(value).join() : value,
                ),
              name,
            ),
          );
        }
        const text = answers.join('\n');
        const content = /contentSecret|"peer"|"ink"|"name":"张三"/.test(text) ? 1 : 0;
        return judge('all answers to staff', wordsIn(Buffer.from(text), await secrets()).length + content);
      },
    },
  ];
}

const controls = (counter: Counter, staff: Window, customer: Window): Control[] => [
  {
    control: 'staff-renderer/own-page-and-bridge-answer',
    try: async () => {
      const status = await staff.page.evaluate(async () => (await fetch(location.pathname)).status);
      const view = await staff.call('getView');
      if (status !== 200 || !view.ok) throw new Error(`HTTP ${status}`);
      return `HTTP ${status}, and a view by the bridge`;
    },
  },
  {
    control: 'staff-renderer/metadata-is-given-to-staff',
    try: async () => {
      const answer = await sendAs(counter.app, 'staff', channel('staff', 'command', 'openMetadata'), {});
      if (answer === 'no channel' || !answer.ok) throw new Error(JSON.stringify(answer));
      return 'the same channel with the right window, frame and origin';
    },
  },
  {
    control: 'customer-renderer/texts-are-given-to-the-customer',
    try: async () => {
      const answer = await customer.call('openRecords');
      const held = stringsWith(await heapOf(customer.page), [SENTINEL]).length;
      if (!answer.ok || held === 0) throw new Error('the search finds nothing where the texts are');
      return `both layer keys; the search finds ${held} texts in the customer's memory`;
    },
  },
];

const saved = async () => (await readdir(process.cwd())).filter((name) => /^attack\.(html|txt)/.test(name));

/** @param planes Whose window is attacked in this family. */
function family(
  name: string,
  attacks: (counter: Counter, staff: Window, customer: Window) => Step[],
): Family {
  return {
    name,
    open: async () => {
      const counter = await openVisit('reading', { central: { sentinel: SENTINEL, numericPasswords: true } });
      await counter.customer
        .getByRole('list', { name: customerWords.records.list })
        .getByRole('listitem')
        .first()
        .waitFor();
      await noteDecisions(counter.app);
      const staff = new Window(counter.app, counter.staff, 'staff-renderer');
      const customer = new Window(counter.app, counter.customer, 'customer-renderer');
      return {
        steps: [...controls(counter, staff, customer), ...attacks(counter, staff, customer)],
        close: () => counter.close(),
      };
    },
  };
}

/** What a refused message leaves in the log: an entry, and a chain that holds. */
const logOfDenials = (counter: Counter): Control => ({
  control: 'the-log-of-all-that',
  try: async () => {
    const size = await auditHolds(counter.kiosk);
    const denied = await logged(counter.kiosk, 'ipc-denied');
    if (denied === 0) throw new Error('no refused message was logged');
    return `${size} entries without a gap, ${denied} of refused messages`;
  },
});

export const staffRenderer = family('staff renderer', (counter, staff) => {
  const state = () => counterState(counter);
  return [
    ...crossPlane(counter, staff, state),
    ...forgedSenders(counter, staff, state),
    logOfDenials(counter),
    ...sealedReaches(counter, staff, state),
    ...staffSearches(counter, staff),
    ...breakOuts(staff, state),
    ...downloads(staff, saved),
  ];
});

export const customerRenderer = family('customer renderer', (counter, _staff, customer) => {
  const state = () => counterState(counter);
  return [
    ...crossPlane(counter, customer, state),
    ...forgedSenders(counter, customer, state),
    logOfDenials(counter),
    ...sealedReaches(counter, customer, state),
    ...releases(counter, customer, state),
    ...breakOuts(customer, state),
    ...downloads(customer, saved),
  ];
});
