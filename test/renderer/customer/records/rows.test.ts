import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { releaseRows } from '../../../../renderer/customer/records/release.ts';
import { CHUNK, chunksOf, forgetFar } from '../../../../renderer/customer/records/use-rows.ts';
import { PAPER_CHUNK, partsOf } from '../../../../renderer/customer/report/paper.tsx';
import { contract } from '../../../../shared/contract/contract.ts';
import { syntheticRows } from '../../record-store-double.ts';

describe('chunks', () => {
  test('cover exactly what is looked at', () => {
    fc.assert(
      fc.property(fc.nat(30_000), fc.nat(300), (from, length) => {
        const chunks = chunksOf(from, from + length);
        const every = Array.from({ length }, (_, i) => Math.floor((from + i) / CHUNK));
        expect(chunks).toEqual([...new Set(every)]);
      }),
      { numRuns: 1_000 },
    );
  });
  test('the farthest are forgotten first', () => {
    const held = new Map([1, 2, 5, 9, 40].map((chunk) => [chunk, []]));
    forgetFar(held, 5, 3);
    expect([...held.keys()]).toEqual([2, 5, 9].filter((chunk) => held.has(chunk)));
    expect(held.has(40)).toBe(false);
    expect(held.size).toBe(3);
  });
});

test('paper has every row once, oldest first', () => {
  for (const rows of [0, 1, PAPER_CHUNK, PAPER_CHUNK + 1, 20_000]) {
    const parts = partsOf(rows, PAPER_CHUNK);
    expect(parts.flat()).toEqual(Array.from({ length: rows }, (_, i) => i));
    expect(Math.max(0, ...parts.map((part) => part.length))).toBeLessThanOrEqual(PAPER_CHUNK);
  }
});

describe('release', () => {
  const rows = syntheticRows(10, { from: '2026-10-22', to: '2026-11-21' });
  const asked: number[] = [];
  const store = {
    readFull: async (indexes: readonly number[]) => {
      asked.push(...indexes);
      return indexes.flatMap((index) => rows[index] ?? []);
    },
    prove: async () => ({ salt: 'A'.repeat(22), proof: ['a'.repeat(64)] }),
  };
  test('only what was ticked is read, and it has the form of the contract', async () => {
    const released = await releaseRows(store, new Set([7, 2]), false);
    expect(asked).toEqual([2, 7]);
    expect(released.map(({ index, showPeer }) => [index, showPeer])).toEqual([
      [2, false],
      [7, false],
    ]);
    expect(contract.customer.commands.release.args.safeParse({ rows: released }).success).toBe(true);
  });
  test('a proof that fails releases nothing', async () => {
    const broken = { ...store, prove: () => Promise.reject(new Error('no')) };
    await expect(releaseRows(broken, [1], true)).rejects.toThrow('no');
  });
});
