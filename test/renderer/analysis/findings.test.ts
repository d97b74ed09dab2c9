import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../../renderer/analysis/findings.ts';
import type { RowFull } from '../../../renderer/cache/records.ts';

async function* inPieces(rows: readonly RowFull[], size: number): AsyncGenerator<RowFull[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

const anyRows = fc
  .array(
    fc.record({
      at: fc.integer({ min: 1_700_000_000_000, max: 1_700_900_000_000 }),
      direction: fc.constantFrom('in' as const, 'out' as const),
      category: fc.constantFrom('sms' as const, 'call' as const, 'transaction' as const),
      peer: fc.constantFrom('13912345678', '95588', '10690001111', '17012345678'),
      text: fc.constantFrom(
        '验证码123456',
        '全场5折，回T退订',
        '吃饭了吗',
        '投注 http://x.example.com',
        '快递已到，凭取件码领取',
      ),
    }),
    { maxLength: 60 },
  )
  .map((rows) =>
    rows.map((row, index): RowFull => ({ ...row, index, maskedPeer: `${row.peer.slice(0, 3)}****` })),
  );

describe('analyse', () => {
  test('no rows, no findings', async () => {
    expect(await analyse(inPieces([], 1))).toEqual([]);
  });

  test('every statement counts right, names rows that exist, newest first, and masks counterparts', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 20 }), async (rows, size) => {
        const findings = await analyse(inPieces(rows, size));
        expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
        for (const { count, evidence, parameters } of findings) {
          expect(evidence.length).toBe(Math.min(20, count));
          expect([...evidence]).toEqual([...new Set(evidence)].sort((a, b) => b - a));
          expect(evidence.every((index) => index >= 0 && index < rows.length)).toBe(true);
          expect(parameters.count).toBe(count);
          expect(Object.values(parameters).some((value) => rows.some(({ peer }) => peer === value))).toBe(
            false,
          );
        }
        const messages = rows.filter(({ category }) => category === 'sms').length;
        const kinds = [
          'one-time-code',
          'payment-notice',
          'delivery',
          'promotion',
          'suspected-fraud',
          'personal',
          'other',
        ];
        const sorted = findings.filter(({ kind }) => kinds.includes(kind));
        expect(sorted.reduce((sum, { count }) => sum + count, 0)).toBe(messages);
        const share = findings.find(({ kind }) => kind === 'direction-share');
        expect(share?.count ?? 0).toBe(rows.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('neither the order of rows nor the size of pieces changes a statement', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        expect(await analyse(inPieces([...rows].reverse(), 7))).toEqual(await analyse(inPieces(rows, 3)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('busiest day and hour are those of China, and repeated calls and purchases are named (R14, R15)', async () => {
    // 2025-03-01 17:30 UTC is 01:30 on the 2nd in China.
    const at = Date.UTC(2025, 2, 1, 17, 30);
    const row = (index: number, category: RowFull['category'], peer: string): RowFull => ({
      index,
      at: at + index,
      direction: 'in',
      category,
      peer,
      maskedPeer: `${peer.slice(0, 3)}****`,
      text: '',
    });
    const rows = [
      ...[0, 1, 2, 3, 4].map((index) => row(index, 'call', '4001234567')),
      ...[5, 6, 7].map((index) => row(index, 'transaction', '10086')),
      row(8, 'call', '13912345678'),
    ];
    const findings = new Map((await analyse(inPieces(rows, 4))).map((finding) => [finding.id, finding]));
    expect(findings.get('busiest-day')?.parameters).toEqual({ count: 9, day: '2025-03-02' });
    expect(findings.get('busiest-hour')?.parameters).toEqual({ count: 9, hour: 1, until: 2 });
    expect(findings.get('frequent-caller:1')).toMatchObject({
      count: 5,
      evidence: [4, 3, 2, 1, 0],
      parameters: { maskedPeer: '400****' },
    });
    expect(findings.get('repeated-transaction:1')).toMatchObject({ count: 3, evidence: [7, 6, 5] });
    expect(findings.has('frequent-caller:2')).toBe(false);
  });
});
