/** One display that changes hands: a clerk who holds it acts for the customer, or takes it back. SECURITY: S8 S17 S19 */
import type { Result } from '../../../shared/domain/errors.ts';
import { type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { people, playTo } from '../../e2e/support/visit.ts';
import { type Attack, type Family, gotThrough, refused, withoutEffect } from '../attack.ts';
import { counterState, logged, ZHANG } from '../scene.ts';
import { answerOf, Window } from '../windows/tools.ts';

export const handover: Family = {
  name: 'one display',
  open: async () => {
    const counter = await openCounter({ displays: 'handover' });
    const { clerk } = people(counter);
    const staff = new Window(counter.app, counter.staff, 'dishonest-clerk');
    const customer = new Window(counter.app, counter.customer, 'dishonest-clerk');
    await clerk.signIn();
    await playTo(counter, 'request', { number: ZHANG });
    const state = async () => `${await counterState(counter)}, shown ${await shown(counter)}`;
    const tries = (
      who: Window,
      rule: 'S8' | 'S17' | 'S19',
      all: readonly [string, string, unknown, string[]][],
    ): Attack[] =>
      all.map(([id, name, args, kinds]) => ({
        id: `display/${id}`,
        foothold: 'dishonest-clerk',
        rule,
        try: () => withoutEffect(state, async () => answerOf(await who.call(name, args), kinds)),
      }));
    return {
      steps: [
        ...tries(customer, 'S8', [
          ['accepts-while-holding-it', 'acceptRequest', {}, ['wrong-state']],
          ['says-not-my-number-while-holding-it', 'notMyNumber', {}, ['wrong-state']],
          ['refuses-while-holding-it', 'refuse', {}, ['wrong-state']],
          [
            'changes-the-language-while-holding-it',
            'setDisplay',
            { language: 'en', largeType: false },
            ['wrong-state'],
          ],
          ['takes-what-one-has', 'returnScreen', { pin: '246810' }, ['wrong-state']],
        ]),
        {
          control: 'dishonest-clerk/hands-the-display-over',
          try: async () => {
            const answer = await staff.call('handOver', {});
            if (!answer.ok) throw new Error(answer.error.kind);
            return `shown ${await shown(counter)}`;
          },
        },
        ...tries(staff, 'S19', [['hands-over-twice', 'handOver', {}, ['wrong-state']]]),
        {
          id: 'display/colleagues-pin',
          foothold: 'dishonest-clerk',
          rule: 'S17',
          try: () =>
            withoutEffect(state, async () =>
              answerOf(await customer.call('returnScreen', { pin: '135791' }), ['pin-refused']),
            ),
        },
        ...tries(customer, 'S17', [['a-long-pin', 'returnScreen', { pin: '2'.repeat(65) }, ['bad-input']]]),
        {
          id: 'display/pins-all-at-once',
          foothold: 'dishonest-clerk',
          rule: 'S17',
          try: async () => {
            const before = await logged(counter.kiosk, 'screen-return-refused');
            const answers = await Promise.all(
              Array.from({ length: 8 }, (_, i) =>
                customer.call('returnScreen', { pin: String(300_000 + i) }),
              ),
            );
            if (answers.some(({ ok }) => ok)) return gotThrough('a wrong PIN was taken');
            await clerk.page.getByLabel(clerk.words.signIn.pin).waitFor();
            await expect.poll(async () => phaseOf(await staff.call('getView'))).toBe('ended');
            const view = await staff.call('getView');
            const { staff: member, phase } = Object(view.ok ? view.value : {});
            const kinds = answers.map((answer) => (answer.ok ? 'ok' : answer.error.kind));
            const entries = (await logged(counter.kiosk, 'screen-return-refused')) - before;
            if (member !== undefined) return gotThrough('the clerk is still signed in');
            return refused(`${[...new Set(kinds)].join(', ')}; signed out, ${phase}, ${entries} entries`);
          },
        },
        ...tries(staff, 'S17', [['goes-on-after-that', 'openMetadata', {}, ['not-signed-in']]]),
      ],
      close: () => counter.close(),
    };
  },
};

const phaseOf = (view: Result<unknown>) => Reflect.get(Object(view.ok ? view.value : {}), 'phase');

/** Whose window is on the display. */
function shown(counter: Counter): Promise<string> {
  return counter.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .filter((window) => window.isVisible())
      .map((window) => /\/(staff|customer)\//.exec(window.webContents.getURL())?.[1])
      .join(),
  );
}
