/** A record store of synthetic rows in memory, for windows without a core. Deterministic. */
import type {
  Overview,
  RecordStore,
  RowFilter,
  RowFull,
  RowMeta,
  Totals,
} from '../../renderer/cache/records.ts';
import { maskNumber } from '../../shared/domain/mask.ts';
import { dayOf, eachDay, type Period, startOfDay } from '../../shared/domain/period.ts';
import type { Category } from '../../shared/domain/scope.ts';

const peers = ['10086', '95588', '106901234555', '13900000002', '13700000003', '10655001234', '02088886666'];
const texts = [
  '您本月已使用流量 12.4GB，剩余 7.6GB。',
  '您尾号 3321 的账户入账 500.00 元。',
  '新款手机到店，凭此短信可享优惠，回复 T 退订。',
  '晚上七点在老地方见，别忘了带伞。',
  '您的快递已放至东门驿站，取件码请见客户端。',
];

/** `count` rows spread over a period, oldest first. */
export function syntheticRows(count: number, period: Period, category: Category = 'sms'): RowFull[] {
  const days = eachDay(period);
  return Array.from({ length: count }, (_, index) => {
    const day = days[Math.floor((index / Math.max(1, count)) * days.length)] ?? period.from;
    const peer = peers[(index * 5 + Math.floor(index / 7)) % peers.length] ?? '10086';
    return {
      index,
      at: startOfDay(day) + 8 * 3_600_000 + ((index * 97) % 780) * 60_000,
      direction: index % 4 === 3 ? ('out' as const) : ('in' as const),
      category,
      maskedPeer: maskNumber(peer),
      peer,
      text: texts[index % texts.length] ?? '',
    };
  })
    .toSorted((a, b) => a.at - b.at)
    .map((row, index) => ({ ...row, index }));
}

function matches(row: RowFull, filter: RowFilter): boolean {
  return (
    (filter.direction === undefined || row.direction === filter.direction) &&
    (filter.category === undefined || row.category === filter.category) &&
    (filter.from === undefined || row.at >= filter.from) &&
    (filter.until === undefined || row.at < filter.until) &&
    (filter.maskedPeer === undefined || row.maskedPeer === filter.maskedPeer) &&
    (filter.text === undefined || `${row.text} ${row.peer}`.toLowerCase().includes(filter.text.toLowerCase()))
  );
}

function totals(rows: readonly RowFull[]): Totals {
  const received = rows.filter((row) => row.direction === 'in').length;
  return { rows: rows.length, received, sent: rows.length - received };
}

function grouped<K extends string>(rows: readonly RowFull[], key: (row: RowFull) => K) {
  return Object.entries(Object.groupBy(rows, key)) as [K, RowFull[]][];
}

/** What the store was asked to forget, for tests. */
export interface RecordStoreDouble extends RecordStore {
  readonly wiped: () => boolean;
}

export function createRecordStoreDouble(rows: readonly RowFull[]): RecordStoreDouble {
  let held: readonly RowFull[] = [];
  let isWiped = false;
  const pick = (indexes: readonly number[]) => indexes.flatMap((index) => held[index] ?? []);
  return {
    wiped: () => isWiped,
    open: async (_access, onProgress) => {
      onProgress({ pagesDone: 1, pagesTotal: 1 });
      held = rows;
    },
    drawn: async () => undefined,
    whenHeld: async () => undefined,
    whenChecked: async () => undefined,
    overview: async (filter): Promise<Overview> => {
      const found = held.filter((row) => matches(row, filter));
      return {
        ...totals(found),
        byDay: grouped(found, (row) => dayOf(row.at)).map(([day, group]) => ({ day, ...totals(group) })),
        byCategory: grouped(found, (row) => row.category).map(([category, group]) => ({
          category,
          ...totals(group),
        })),
        byPeer: grouped(found, (row) => row.maskedPeer)
          .map(([maskedPeer, group]) => ({ maskedPeer, ...totals(group) }))
          .toSorted((a, b) => b.rows - a.rows)
          .slice(0, 20),
      };
    },
    select: async (filter) =>
      Uint32Array.from(
        held
          .filter((row) => matches(row, filter))
          .map((row) => row.index)
          .toReversed(),
      ),
    readMeta: async (indexes): Promise<RowMeta[]> =>
      pick(indexes).map(({ index, at, direction, category, maskedPeer }) => ({
        index,
        at,
        direction,
        category,
        maskedPeer,
      })),
    readFull: async (indexes) => pick(indexes),
    prove: async () => ({ salt: 'A'.repeat(22), proof: ['0'.repeat(64)] }),
    wipe: async () => {
      held = [];
      isWiped = true;
    },
  };
}
