import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import {
  consistencyProof,
  consistencyProofOfHashes,
  inclusionProof,
  inclusionProofOfHashes,
  leafHash,
  leafHashes,
  merkleRoot,
  nodeHash,
  rootOfLeafHashes,
  rootOfSubtrees,
  verifyConsistency,
  verifyInclusion,
} from '../../../shared/canonical/merkle.ts';

const RUNS = { numRuns: 1000 };
/** Justified: 1,000 trees on a shared machine. */
const TIMEOUT = 60_000;

// Test vectors of google/certificate-transparency (merkletree tests), also used by Trillian.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(fromHex);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION: readonly (readonly [number, number, readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CONSISTENCY: readonly (readonly [number, number, readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

/** The definition of RFC 6962 section 2.1, word for word: what the fast way is held against. */
function slowRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return merkleRoot([]);
  if (leaves.length === 1) return leafHash(first);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(slowRoot(leaves.slice(0, k)), slowRoot(leaves.slice(k)));
}

function leavesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, i) => new Uint8Array([i, i >> 8]));
}

describe('Merkle tree', () => {
  it('of nothing is the hash of nothing', () => {
    expect(toHex(merkleRoot([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it.each(ROOTS.map((root, i) => [i + 1, root] as const))(
    'of %i published leaves has root %s',
    (size, root) => {
      expect(toHex(merkleRoot(LEAVES.slice(0, size)))).toBe(root);
    },
  );

  it.each(INCLUSION)('proves leaf %i of %i as published', (index, size, proof) => {
    expect(inclusionProof(LEAVES.slice(0, size), index).map(toHex)).toEqual(proof);
  });

  it.each(CONSISTENCY)('proves %i leaves a prefix of %i as published', (oldSize, size, proof) => {
    expect(consistencyProof(LEAVES.slice(0, size), oldSize).map(toHex)).toEqual(proof);
  });

  it('is the tree of the definition for every size up to 130', () => {
    for (let size = 0; size <= 130; size++) {
      const leaves = leavesOf(size);
      expect(merkleRoot(leaves)).toEqual(slowRoot(leaves));
    }
  });

  it('is the same from a column of leaves and from joined leaf hashes, which it leaves alone', () => {
    const rows = Array.from({ length: 1100 }, (_, i) => new Uint8Array(32).fill(i % 251));
    const pages = [rows.slice(0, 512), rows.slice(512, 1024), rows.slice(1024)];
    const hashes = concat(...pages.map((page) => leafHashes(concat(...page))));
    const before = hashes.slice();
    expect(rootOfLeafHashes(hashes)).toEqual(merkleRoot(rows));
    expect(hashes).toEqual(before);
    expect(inclusionProofOfHashes(hashes, 700)).toEqual(inclusionProof(rows, 700));
    expect(consistencyProofOfHashes(hashes, 700)).toEqual(consistencyProof(rows, 700));
  });

  it('refuses what is no column, leaf or prefix', () => {
    expect(() => rootOfLeafHashes(new Uint8Array(33))).toThrow(RangeError);
    expect(() => leafHashes(new Uint8Array(33))).toThrow(RangeError);
    for (const index of [-1, 8, 0.5, Number.NaN])
      expect(() => inclusionProof(LEAVES, index)).toThrow(RangeError);
    for (const size of [-1, 9, 0.5]) expect(() => consistencyProof(LEAVES, size)).toThrow(RangeError);
  });

  it('tells a node from a leaf', () => {
    const [a, b] = [leafHash(new Uint8Array([1])), leafHash(new Uint8Array([2]))];
    expect(leafHash(concat(a, b))).not.toEqual(nodeHash(a, b));
  });
});

describe('inclusion', () => {
  it(
    'verifies for every leaf and for nothing else',
    () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 300 }),
          fc.nat(),
          fc.nat(),
          fc.nat(),
          (size, anyIndex, anyOther, anyBit) => {
            const leaves = leavesOf(size);
            const index = anyIndex % size;
            const leaf = leaves[index] ?? new Uint8Array();
            const root = merkleRoot(leaves);
            const proof = inclusionProof(leaves, index);
            const claim = { leaf, index, size, proof, root };
            expect(verifyInclusion(claim)).toBe(true);
            const other = anyOther % size;
            if (other !== index) expect(verifyInclusion({ ...claim, index: other })).toBe(false);
            expect(verifyInclusion({ ...claim, leaf: new Uint8Array([9, 9, 9]) })).toBe(false);
            expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
            expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(proof.length === 0);
            const flipped = flip(concat(...proof, root), anyBit);
            const hashes = Array.from({ length: proof.length + 1 }, (_, i) =>
              flipped.slice(32 * i, 32 * i + 32),
            );
            const newRoot = hashes.pop() ?? root;
            expect(verifyInclusion({ ...claim, proof: hashes, root: newRoot })).toBe(false);
          },
        ),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it('refuses sizes, indexes and hashes out of range', () => {
    const claim = {
      leaf: LEAVES[0] ?? new Uint8Array(),
      index: 0,
      size: 1,
      proof: [],
      root: merkleRoot(LEAVES.slice(0, 1)),
    };
    expect(verifyInclusion(claim)).toBe(true);
    for (const bad of [
      { index: 1 },
      { index: -1 },
      { size: 0 },
      { size: 1.5 },
      { size: Number.POSITIVE_INFINITY },
      { root: new Uint8Array(31) },
      { proof: [new Uint8Array(0)] },
    ]) {
      expect(verifyInclusion({ ...claim, ...bad })).toBe(false);
    }
  });
});

describe('consistency', () => {
  it(
    'verifies for every prefix and for nothing else',
    () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 200 }), fc.nat(), fc.nat(), (newSize, anyOld, anyBit) => {
          const leaves = leavesOf(newSize);
          const oldSize = anyOld % (newSize + 1);
          const proof = consistencyProof(leaves, oldSize);
          const oldRoot = merkleRoot(leaves.slice(0, oldSize));
          const newRoot = merkleRoot(leaves);
          const claim = { oldSize, newSize, oldRoot, newRoot, proof };
          expect(verifyConsistency(claim)).toBe(true);
          expect(verifyConsistency({ ...claim, proof: [...proof, newRoot] })).toBe(false);
          expect(verifyConsistency({ ...claim, oldRoot: flip(oldRoot, anyBit) })).toBe(false);
          // From nothing, any tree is a continuation: its root is not judged.
          if (oldSize > 0)
            expect(verifyConsistency({ ...claim, newRoot: flip(newRoot, anyBit) })).toBe(false);
          const [first, ...rest] = proof;
          if (first !== undefined) {
            expect(verifyConsistency({ ...claim, proof: rest })).toBe(false);
            expect(verifyConsistency({ ...claim, proof: [flip(first, anyBit), ...rest] })).toBe(false);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it('refuses a tree whose old leaves were changed, and sizes out of order', () => {
    const leaves = leavesOf(9);
    const oldRoot = merkleRoot(leaves.slice(0, 5));
    const forked = [new Uint8Array([7]), ...leaves.slice(1)];
    const claim = { oldSize: 5, newSize: 9, oldRoot, newRoot: merkleRoot(forked) };
    expect(verifyConsistency({ ...claim, proof: consistencyProof(forked, 5) })).toBe(false);
    expect(
      verifyConsistency({ oldSize: 9, newSize: 5, oldRoot: merkleRoot(leaves), newRoot: oldRoot, proof: [] }),
    ).toBe(false);
  });
});

function flip(bytes: Uint8Array, anyBit: number): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes);
  const bit = anyBit % (8 * changed.length);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

describe('root over subtrees', () => {
  const pagesOf = (leaves: readonly Uint8Array[], size: number) =>
    Array.from({ length: Math.ceil(leaves.length / size) }, (_, i) => leaves.slice(i * size, (i + 1) * size));

  it('is the root of the whole where the subtrees are nodes of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 5 }), (rows, power) => {
        const leaves = Array.from({ length: rows }, (_, i) => new Uint8Array([i]));
        const pages = pagesOf(leaves, 2 ** power);
        const sizes = pages.map((page) => page.length);
        expect(rootOfSubtrees(concat(...pages.map(merkleRoot)), sizes)).toEqual(merkleRoot(leaves));
      }),
      RUNS,
    );
  });

  it('is there for no other division', () => {
    const roots = (count: number) => new Uint8Array(32 * count);
    expect(rootOfSubtrees(roots(1), [40])).toBeDefined();
    for (const sizes of [[3, 3], [4, 8], [4, 2, 4], [4, 4, 0], [0], [4, 4, 5]]) {
      expect(rootOfSubtrees(roots(sizes.length), sizes)).toBeUndefined();
    }
    expect(rootOfSubtrees(roots(2), [4])).toBeUndefined();
    expect(rootOfSubtrees(roots(1), [4, 4])).toBeUndefined();
  });
});
