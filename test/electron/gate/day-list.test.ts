/** The day list on disk: sealed, and completed from central where it is damaged. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDayList } from '../../../electron/gate/day-list.ts';
import type { CaseRow } from '../../../shared/domain/case.ts';
import { Failure } from '../../../shared/domain/errors.ts';

const DAY = '2026-11-22';
const [A, B, C] = [
  '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d01',
  '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d',
  '0192f3aa-0000-4000-8000-0000000000a1',
];
const row = (caseId = '', date = DAY): Omit<CaseRow, 'serial'> => ({
  caseId,
  customerName: '张*',
  maskedNumber: '139****0001',
  date,
  closedAt: '2026-11-22T02:00:00.000Z',
  staffId: '1024',
  summary: {
    categories: ['sms'],
    from: '2026-10-23',
    to: DAY,
    purpose: 'own-copy',
    outcome: 'completed',
  },
  analysis: { rows: 1, received: 1, sent: 0, released: 0 },
  followUp: '',
});

let folder: string;
/** What central has; undefined while it can't be asked. */
let central: CaseRow[] | undefined;
let repaired: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-days-'));
  central = [];
  repaired = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const list = () =>
  createDayList({
    folder,
    key: Buffer.alloc(32, 5),
    held: async () => {
      if (!central) throw new Failure('central-unreachable');
      return central;
    },
    repairs: { found: (file, state) => void repaired.push(`${file} ${state}`) },
  });
const path = () => join(folder, `${DAY}.jsonl`);
const cases = async () => (await list().read(DAY)).map(({ caseId }) => caseId);
/** Three rows that central has too. */
async function filled() {
  central = [];
  for (const id of [A, B, C]) central.push(await list().add(row(id)));
}

describe('day list', () => {
  it('numbers rows within their day, each case once', async () => {
    const days = list();
    const added = await Promise.all([days.add(row(A)), days.add(row(B)), days.add(row(A))]);
    expect(added.map(({ serial }) => serial)).toEqual([1, 2, 1]);
    expect((await days.add(row(A, '2026-11-23'))).serial).toBe(1);
    expect(await days.read(DAY)).toHaveLength(2);
    expect(await days.read('2026-01-01')).toEqual([]);
    expect(repaired).toEqual([]);
  });
  it('is unreadable on the disk', async () => {
    await filled();
    const text = await readFile(path(), 'utf8');
    for (const word of ['张', '139', 'sms']) expect(text).not.toContain(word);
  });
  it('reads on past a line that a crash cut short', async () => {
    await filled();
    await writeFile(path(), `${await readFile(path(), 'utf8')}AAAA`);
    expect(await cases()).toEqual([A, B, C]);
    const [next = ''] = ['11111111-1111-4111-8111-111111111111'];
    await list().add(row(next));
    expect(await cases()).toEqual([A, B, C, next]);
    expect(repaired).toEqual([]);
  });

  it.each<[string, (lines: string[]) => string[]]>([
    [
      'an altered line',
      ([a = '', b = '', ...rest]) => [a, `${b[0] === 'B' ? 'C' : 'B'}${b.slice(1)}`, ...rest],
    ],
    ['lines in another order', (lines) => lines.toReversed()],
    ['a line of nonsense', (lines) => [...lines, 'AAAA']],
  ])('%s is found, and the day completed from central', async (_, change) => {
    await filled();
    const lines = (await readFile(path(), 'utf8')).split('\n').slice(0, -1);
    await writeFile(
      path(),
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect(await cases()).toEqual([A, B, C]);
    expect(repaired).toEqual(['day-list done']);
    // On the disk again.
    central = undefined;
    expect(await cases()).toEqual([A, B, C]);
    expect(repaired).toEqual(['day-list done']);
  });
  it('without central shows what is left, and says that rows may be missing', async () => {
    await filled();
    const lines = (await readFile(path(), 'utf8')).split('\n').slice(0, -1);
    lines[1] = 'AAAA';
    await writeFile(path(), lines.map((line) => `${line}\n`).join(''));
    central = undefined;
    expect(await cases()).toEqual([A, C]);
    expect(repaired).toEqual(['day-list waiting']);
  });
  it('rows cut off the end, or the whole file, are found missing when central is heard', async () => {
    await filled();
    const lines = (await readFile(path(), 'utf8')).split('\n').slice(0, -1);
    await writeFile(path(), `${lines[0]}\n`);
    await list().complete(DAY);
    expect(await cases()).toEqual([A, B, C]);
    await rm(path());
    await list().complete(DAY);
    expect(await cases()).toEqual([A, B, C]);
    expect(repaired).toEqual(['day-list done', 'day-list done']);
  });
  it('a row that central has not got yet stays; rows of another day are not taken', async () => {
    await filled();
    central = [{ ...row('22222222-2222-4222-8222-222222222222', '2026-11-23'), serial: 1 }];
    await list().complete(DAY);
    expect(await cases()).toEqual([A, B, C]);
    expect(repaired).toEqual([]);
  });
});
