/** Two years of records of the demo's customers, the same for the same day of creation. */

import {
  addDays,
  daysIn,
  eachDay,
  lastMonth,
  monthsBefore,
  startOfDay,
} from '../../../shared/domain/period.ts';
import type { SourceRecord } from '../record-source.ts';
import type { DemoCustomer } from './people.ts';
import { type Random, seeded, weighted } from './random.ts';
import { contactsOf, makeMessage } from './texts.ts';

/** Text messages of the heavy user in the last month, exactly. */
const HEAVY_MESSAGES = 20_000;
const YEARS_BACK_MONTHS = 24;
/** The silent one's records end this many months before creation. */
const SILENT_MONTHS = 7;

export interface SyntheticOptions {
  readonly seed: string;
  /** First day to make, or two years before `through`. */
  readonly from?: string | undefined;
  /** Last day, `YYYY-MM-DD`. */
  readonly through: string;
  readonly sentinel?: string | undefined;
  /** Fewer messages of the heavy user in the last month, for a quicker start; 20,000 when left out. */
  readonly heavyMessages?: number | undefined;
}

/** Records of one customer, oldest first. */
export function* makeRecords(customer: DemoCustomer, options: SyntheticOptions): Generator<SourceRecord> {
  const { seed, through, sentinel } = options;
  const first = options.from ?? addDays(monthsBefore(through, YEARS_BACK_MONTHS), 1);
  const contacts = contactsOf(seeded(`${seed}|${customer.number}|contacts`));
  // The last month as it is asked for on the day after.
  const recent = { from: lastMonth(addDays(through, 1)).from, to: through };
  let serial = 0;
  for (const day of eachDay({ from: first, to: through })) {
    const random = seeded(`${seed}|${customer.number}|${day}`);
    const span = { recent, through, heavyMessages: options.heavyMessages ?? HEAVY_MESSAGES };
    const made = makeDay(customer, random, day, contacts, span);
    for (const record of made.toSorted((a, b) => a.at - b.at)) {
      serial += 1;
      yield sentinel === undefined
        ? record
        : { ...record, text: `${record.text}${sentinel}T${customer.number.slice(-4)}N${serial}` };
    }
  }
}

interface Span {
  readonly recent: { readonly from: string; readonly to: string };
  readonly through: string;
  readonly heavyMessages: number;
}

function makeDay(
  customer: DemoCustomer,
  random: Random,
  day: string,
  contacts: readonly [string, ...string[]],
  span: Span,
): SourceRecord[] {
  const { recent, through } = span;
  const isRecent = day >= recent.from;
  const message = (phoneShare: number): SourceRecord => ({
    at: momentOf(random, day),
    category: 'sms',
    ...makeMessage(random, day, contacts, phoneShare),
  });
  const many = (count: number, make: () => SourceRecord) => Array.from({ length: count }, make);
  switch (customer.profile) {
    case 'phone-buyer':
      return [
        ...many(isRecent ? random.int(2, 4) : random.int(0, 3), () => message(isRecent ? 0.4 : 0.04)),
        ...many(random.chance(0.5) ? 1 : 0, () => call(random, day, contacts, 0.1)),
        ...many(random.chance(0.04) ? 1 : 0, () => transaction(random, day, false)),
      ];
    case 'nuisance-calls':
      return [
        ...many(random.chance(0.5) ? 1 : 0, () => message(0.01)),
        ...many(isRecent ? random.int(4, 11) : random.int(0, 3), () =>
          call(random, day, contacts, isRecent ? 0.85 : 0.4),
        ),
        ...many(random.chance(0.03) ? 1 : 0, () => transaction(random, day, false)),
      ];
    case 'repeat-purchases':
      return [
        ...many(random.chance(0.6) ? 1 : 0, () => message(0.01)),
        ...many(random.chance(0.4) ? 1 : 0, () => call(random, day, contacts, 0.1)),
        ...many(random.chance(isRecent ? 0.6 : 0.25) ? 1 : 0, () => transaction(random, day, true)),
      ];
    case 'silent':
      return day > monthsBefore(through, SILENT_MONTHS) ? [] : many(random.int(0, 1), () => message(0.01));
    case 'heavy':
      return many(isRecent ? heavyShare(day, span) : random.int(0, 2), () => message(0.03));
  }
}

/** The heavy user's messages, spread evenly over the month to the last one. */
function heavyShare(day: string, { recent, heavyMessages }: Span): number {
  const days = daysIn(recent);
  const index = daysIn({ from: recent.from, to: day }) - 1;
  return Math.floor((heavyMessages * (index + 1)) / days) - Math.floor((heavyMessages * index) / days);
}

export function call(
  random: Random,
  day: string,
  contacts: readonly [string, ...string[]],
  nuisanceShare: number,
): SourceRecord {
  const at = momentOf(random, day);
  if (random.chance(nuisanceShare)) {
    const peer = weighted(random, [
      [4, () => `95${random.int(100, 139)}${random.digits(3)}`],
      [3, () => `0${random.pick(['21', '10', '20', '755'])}${random.int(50_000_000, 50_000_060)}`],
      [3, () => `400${random.int(6_000_000, 6_000_030)}`],
      [2, () => `170${random.digits(8)}`],
    ])();
    const missed = random.chance(0.45);
    const text = missed ? `未接来电，响铃${random.int(1, 12)}秒` : `来电，通话${random.int(3, 25)}秒`;
    return { at, category: 'call', direction: 'in', peer, text };
  }
  const out = random.chance(0.5);
  const length = `${random.int(0, 12)}分${random.int(1, 59)}秒`;
  return {
    at,
    category: 'call',
    direction: out ? 'out' : 'in',
    peer: random.pick(contacts),
    text: `${out ? '去电' : '来电'}，通话${length}`,
  };
}

export function transaction(random: Random, day: string, repeated: boolean): SourceRecord {
  const order = `订单号${random.digits(12)}`;
  const text = repeated
    ? weighted(random, [
        [5, () => `购买10元加油流量包（1GB，当月有效），从余额扣费，${order}`],
        [3, () => `订购视频会员月卡25元，自动续费，${order}`],
        [2, () => `购买游戏点券${random.pick([6, 30, 68, 128])}元，话费支付，${order}`],
        [1, () => `充值${random.pick([50, 100])}元，${order}`],
      ])()
    : weighted(random, [
        [5, () => `充值${random.pick([30, 50, 100, 200])}元，${order}`],
        [2, () => `办理套餐变更：${random.pick([39, 59, 79])}元档，次月生效，${order}`],
        [1, () => `开通来电显示，月费5元，${order}`],
        [1, () => `打印发票，营业厅自助终端，${order}`],
      ])();
  return { at: momentOf(random, day), category: 'transaction', direction: 'out', peer: '10000', text };
}

/** Mostly by day, now and then at night. */
export function momentOf(random: Random, day: string): number {
  const minute = random.chance(0.95) ? random.int(7 * 60, 22 * 60 - 1) : random.int(0, 24 * 60 - 1);
  return startOfDay(day) + minute * 60_000 + random.int(0, 59_999);
}
