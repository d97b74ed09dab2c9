import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RowFull } from '../../../renderer/cache/records.ts';
import { buffersOf, packRows, unpackRows } from '../../../renderer/cache/row-batch.ts';
import { categories } from '../../../shared/domain/scope.ts';

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  // The mark that decoders like to swallow, and a text of nothing.
  fc.constantFrom('\uFEFF', '\uFEFF知情', '', '😀'),
);
const row: fc.Arbitrary<RowFull> = fc.record({
  index: fc.nat(),
  at: fc.integer({ min: -8.64e15, max: 8.64e15 }),
  direction: fc.constantFrom('in', 'out'),
  category: fc.constantFrom(...categories),
  maskedPeer: words,
  peer: words,
  text: words,
});

test('rows come out as they went in, across a worker’s border', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const batch = packRows(rows);
      const arrived = structuredClone(batch, { transfer: buffersOf(batch) });
      expect(unpackRows(arrived)).toEqual(rows);
      // Handed over: nothing of a text is left on the other side.
      expect(batch.units).toHaveLength(0);
    }),
    { numRuns: 1_000 },
  );
});
