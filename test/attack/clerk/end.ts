/** What a clerk tries once the customer has gone: reading on, keeping it open, writing numbers down. SECURITY: S4 S11 S19 */
import { expect } from '../../e2e/support/expect.ts';
import { people } from '../../e2e/support/visit.ts';
import { type Attack, gotThrough, refused, type Step, withoutEffect } from '../attack.ts';
import { counterState, ZHANG } from '../scene.ts';
import { fetchRefused, lookupId } from '../windows/sealed.ts';
import { answerOf } from '../windows/tools.ts';
import { type Both, triesIn } from './order.ts';

export function clerksEnd(scene: Both): Step[] {
  const { counter } = scene;
  const { clerk, customer } = people(counter);
  let lookup = '';
  const page = (id: string, window: 'staff' | 'customer', layer: string): Attack => ({
    id,
    foothold: window === 'staff' ? 'dishonest-clerk' : 'customer-renderer',
    rule: 'S19',
    try: () =>
      withoutEffect(
        () => counterState(counter),
        () => fetchRefused(scene[window], `/sealed/${lookup}/${layer}/0`),
      ),
  });
  return [
    {
      control: 'dishonest-clerk/the-customer-finishes',
      try: async () => {
        lookup = await lookupId(scene.staff);
        await customer.finish();
        await clerk.phase('serving.followUp');
        const answer = await scene.staff.call('openMetadata', {});
        if (!answer.ok) throw new Error(answer.error.kind);
        return 'serving.followUp; counts stay for the note';
      },
    },
    ...triesIn(scene, 'finished', [
      ['customer', 'opens-the-records-again', 'openRecords', {}, ['consent-expired', 'wrong-state'], 'S19'],
      [
        'customer',
        'makes-a-report-now',
        'makeReport',
        { nameStyle: 'full', texts: true, peers: 'full' },
        ['wrong-state'],
        'S19',
      ],
      ['customer', 'saves-a-report-now', 'saveReport', {}, ['wrong-state'], 'S19'],
      ['customer', 'stops-what-is-done', 'stop', {}, ['wrong-state']],
      ['customer', 'goes-back-to-reading', 'back', {}, ['wrong-state'], 'S19'],
      [
        'staff',
        'takes-the-next-customer-first',
        'startSession',
        {
          subscriber: ZHANG,
          categories: ['sms'],
          period: { from: '2026-01-01', to: '2026-01-02' },
          purpose: 'own-copy',
        },
        ['wrong-state'],
        'S19',
      ],
    ]),
    page('finished/fetches-a-text-page-at-the-customers-window', 'customer', 'content'),
    page('finished/fetches-a-text-page-at-the-own-window', 'staff', 'content'),
    {
      id: 'finished/keeps-the-visit-open-past-its-hour',
      foothold: 'dishonest-clerk',
      rule: 'S5',
      try: async () => {
        const { consentMinutes } = await counter.central.context.policies.inForce();
        scene.advance((consentMinutes + 1) * 60_000);
        let words = '';
        // The counter hears central's time with its next status, some ten seconds on.
        await expect
          .poll(
            async () => {
              const answer = await scene.staff.call('openMetadata', {});
              words = answer.ok ? '' : `${answer.error.kind} ${answer.error.code}`;
              return words;
            },
            { timeout: 80_000 },
          )
          .not.toBe('');
        const sealed = await fetchRefused(scene.staff, `/sealed/${lookup}/metadata/0`);
        return sealed.refused ? refused(`openMetadata: ${words}; page: ${sealed.reason}`) : sealed;
      },
    },
    {
      id: 'closed/writes-the-number-into-the-note',
      foothold: 'dishonest-clerk',
      rule: 'S4',
      try: async () => {
        const cases = () => counter.central.context.db.selectFrom('cases').select('document').execute();
        const before = (await cases()).length;
        const closed = await scene.staff.call('closeSession', {
          followUp: `回电 ${ZHANG} 身份证 110101199003070011`,
        });
        if (!closed.ok) return answerOf(closed, ['bad-input']);
        await expect.poll(async () => (await cases()).length, { timeout: 60_000 }).toBeGreaterThan(before);
        const text = (await cases()).map(({ document }) => document).join();
        const list = await scene.staff.call('dayList', { day: await todayOf(scene) });
        const shown = JSON.stringify(list);
        const note = /"followUp":"([^"]+)"/.exec(text)?.[1] ?? '';
        const leaked = [text, shown].some((one) => one.includes(ZHANG) || one.includes('110101199003070011'));
        return leaked ? gotThrough(note) : refused(`written as: ${note}`);
      },
    },
    {
      control: 'dishonest-clerk/the-visit-is-closed',
      try: async () => {
        await clerk.phase('idle');
        await customer.phase('idle');
        return 'idle on both windows';
      },
    },
    ...triesIn(scene, 'closed', [
      [
        'staff',
        'opens-the-layer-of-a-visit-that-is-over',
        'openMetadata',
        {},
        ['consent-required', 'not-signed-in'],
        'S19',
      ],
      ['staff', 'closes-a-second-time', 'closeSession', { followUp: '.' }, ['wrong-state', 'not-signed-in']],
      ['customer', 'answers-on-a-screen-that-is-empty', 'acceptRequest', {}, ['wrong-state'], 'S19'],
      ['customer', 'opens-records-of-a-visit-that-is-over', 'openRecords', {}, ['consent-required'], 'S19'],
    ]),
    page('closed/fetches-the-last-lookup', 'staff', 'metadata'),
    {
      id: 'closed/looks-for-the-visit-in-the-view',
      foothold: 'dishonest-clerk',
      rule: 'S19',
      try: async () => {
        const views = JSON.stringify([
          await scene.staff.call('getView'),
          await scene.customer.call('getView'),
        ]);
        const left = /"(sessionId|consentId|lookupId|request|released":\[\{)"|张三/.exec(views)?.[0];
        return left === undefined
          ? refused('neither view names session, consent, request or name')
          : gotThrough(left);
      },
    },
  ];
}

async function todayOf({ staff }: Both): Promise<string> {
  const view = await staff.call('getView');
  return String(Reflect.get(Object(view.ok ? view.value : {}), 'today'));
}
