/** Rows that a hostile customer window would slip to staff: altered, invented, or without being asked. SECURITY: S4 S5 */
import type { Result } from '../../../shared/domain/errors.ts';
import type { Counter } from '../../e2e/support/counter.ts';
import { Customer } from '../../e2e/support/customer.ts';
import { type Attack, type Control, withoutEffect } from '../attack.ts';
import { logged } from '../scene.ts';
import { answerOf, type Window } from './tools.ts';

interface Row {
  index: number;
  at: number;
  direction: string;
  category: string;
  maskedPeer: string;
  peer: string;
  text: string;
  salt: string;
  proof: string[];
  showPeer: boolean;
}

/** Notes what the customer's own release sends, by their own hand, as the source of everything forged below. */
export async function honestRow(counter: Counter): Promise<Row> {
  await counter.app.evaluate(({ ipcMain }) => {
    const handlers: Map<string, (event: unknown, args: { rows: unknown[] }) => unknown> = Reflect.get(
      ipcMain,
      '_invokeHandlers',
    );
    const name = 'zhiqing:customer:command:release';
    const handler = handlers.get(name);
    if (!handler) throw new Error('no release');
    handlers.set(name, (event, args) => {
      Object.assign(globalThis, { attackRow: args.rows[0] });
      handlers.set(name, handler);
      return handler(event, args);
    });
  });
  await new Customer(counter.customer).release(1);
  await counter.staff.locator('blockquote').first().waitFor();
  return counter.app.evaluate(() => Reflect.get(globalThis, 'attackRow'));
}

const forgeries: readonly [string, (row: Row) => unknown[]][] = [
  ['text-altered', (row) => [{ ...row, text: `${row.text}。` }]],
  ['counterpart-altered', (row) => [{ ...row, peer: '10086' }]],
  ['mask-altered', (row) => [{ ...row, maskedPeer: row.peer }]],
  ['time-altered', (row) => [{ ...row, at: row.at + 1_000 }]],
  ['direction-turned', (row) => [{ ...row, direction: row.direction === 'in' ? 'out' : 'in' }]],
  ['place-altered', (row) => [{ ...row, index: row.index + 1 }]],
  ['place-past-the-end', (row) => [{ ...row, index: 2 ** 31 }]],
  ['salt-swapped', (row) => [{ ...row, salt: 'AAAAAAAAAAAAAAAAAAAAAA' }]],
  ['proof-cut', (row) => [{ ...row, proof: row.proof.slice(1) }]],
  ['proof-lengthened', (row) => [{ ...row, proof: [...row.proof, 'f'.repeat(64)] }]],
  ['no-proof', (row) => [{ ...row, proof: [] }]],
  [
    'invented-row',
    (row) => [{ ...row, text: '转账成功', peer: '95588', proof: row.proof.map(() => '0'.repeat(64)) }],
  ],
  ['one-true-one-false', (row) => [row, { ...row, text: 'x' }]],
];
const malformed: readonly [string, (row: Row) => unknown[]][] = [
  ['more-than-fifty', (row) => Array.from({ length: 51 }, () => row)],
  ['none', () => []],
  ['extra-field', (row) => [{ ...row, contentSecret: 'x' }]],
];

export function releases(
  counter: Counter,
  window: Window,
  state: () => Promise<string>,
): (Attack | Control)[] {
  let row: Row | undefined;
  const shown = async () => {
    const view = await window.call('getView');
    return JSON.stringify(view.ok ? Reflect.get(Object(view.value), 'releasedIndexes') : view.error);
  };
  const send = (rows: unknown[]): Promise<Result<unknown>> => window.call('release', { rows });
  const attack = (name: string, make: (row: Row) => unknown[], kind: string): Attack => ({
    id: `release/${name}`,
    foothold: window.foothold,
    rule: 'S9',
    try: () =>
      withoutEffect(
        async () => `${await state()}, shown to staff ${await shown()}`,
        async () => {
          if (!row) throw new Error('no row to forge');
          return answerOf(await send(make(row)), [kind]);
        },
      ),
  });
  return [
    {
      control: 'customer-renderer/a-row-with-its-proof-is-shown',
      try: async () => {
        row = await honestRow(counter);
        return `row ${row.index} with a proof of ${row.proof.length} hashes`;
      },
    },
    ...forgeries.map(([name, make]) => attack(name, make, 'not-released')),
    {
      control: 'customer-renderer/every-refused-release-is-logged',
      try: async () => {
        const denied = await logged(counter.kiosk, 'release-denied');
        if (denied !== forgeries.length)
          throw new Error(`${denied} entries for ${forgeries.length} refusals`);
        return `${denied} entries for ${forgeries.length} refusals`;
      },
    },
    ...malformed.map(([name, make]) => attack(name, make, 'bad-input')),
  ];
}
