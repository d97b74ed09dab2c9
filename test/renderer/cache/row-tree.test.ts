import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowTree } from '../../../renderer/cache/row-tree.ts';
import { type Bytes, randomBytes } from '../../../shared/canonical/bytes.ts';
import { inclusionProof, merkleRoot, verifyInclusion } from '../../../shared/canonical/merkle.ts';

/** Made of pages that come newest first. */
function treeOf(column: Bytes, pageRows: number): RowTree {
  const rows = column.length / 32;
  const tree = new RowTree(rows);
  for (let page = Math.ceil(rows / pageRows) - 1; page >= 0; page--) {
    tree.add(page * pageRows, column.slice(page * pageRows * 32, (page + 1) * pageRows * 32));
  }
  return tree;
}

test.each([0, 1, 2, 511, 512, 513, 1024, 1025, 2047])(
  'root and proofs of %i rows are those of the plain tree',
  (size) => {
    const column = randomBytes(32 * size);
    const leaves = Array.from({ length: size }, (_, i) => column.subarray(32 * i, 32 * i + 32));
    const tree = treeOf(column, 100);
    expect(tree.root()).toEqual(merkleRoot(leaves));
    for (const index of [0, 1, 511, 512, size - 1].filter((i) => i >= 0 && i < size)) {
      expect(tree.proof(index)).toEqual(inclusionProof(leaves, index));
    }
    expect(() => tree.proof(size)).toThrow(RangeError);
  },
);

test('every proof of any tree holds, and holds for its own row only', () => {
  const column = randomBytes(32 * 1100);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1100 }),
      fc.nat(),
      fc.integer({ min: 1, max: 700 }),
      (size, any, page) => {
        const tree = treeOf(column.slice(0, 32 * size), page);
        const index = any % size;
        const claim = { index, size, proof: tree.proof(index), root: tree.root() };
        const leaf = column.subarray(32 * index, 32 * index + 32);
        expect(verifyInclusion({ ...claim, leaf })).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: column.subarray(32 * 1099) })).toBe(index === 1099);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a tree with a page missing has no root, and no row lies outside', () => {
  const tree = new RowTree(600);
  tree.add(0, randomBytes(32 * 512));
  expect(() => tree.root()).toThrow(RangeError);
  expect(() => tree.add(590, randomBytes(32 * 11))).toThrow(RangeError);
});
