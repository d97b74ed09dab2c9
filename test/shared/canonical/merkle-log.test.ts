import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import {
  consistencyProofOfHashes,
  inclusionProofOfHashes,
  leafHash,
  rootOfLeafHashes,
  verifyConsistency,
} from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';

const RUNS = { numRuns: 1000 };
const LARGEST = 300;
const hashes = Array.from({ length: LARGEST }, (_, i) => leafHash(new Uint8Array([i & 255, i >> 8])));
const log = new MerkleLog();
for (const hash of hashes) log.append(hash);
const first = (size: number) => concat(...hashes.slice(0, size));

describe('a growing Merkle tree', () => {
  it('has the roots of the published vectors (google/certificate-transparency)', () => {
    const tree = new MerkleLog();
    const leaves = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    for (const leaf of leaves) tree.append(leafHash(fromHex(leaf)));
    expect(toHex(tree.root(1))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(toHex(tree.root(3))).toBe('aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
    expect(toHex(tree.root())).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
    expect(tree.consistency(6, 8).map(toHex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });
  it('has the root of the definition at every size', () => {
    for (let size = 0; size <= LARGEST; size++) expect(log.root(size)).toEqual(rootOfLeafHashes(first(size)));
  });
  it('proves as the definition does, for any leaf and sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LARGEST }), fc.nat(), fc.nat(), (size, a, b) => {
        const index = a % size;
        const old = b % (size + 1);
        expect(log.inclusion(index, size)).toEqual(inclusionProofOfHashes(first(size), index));
        const proof = log.consistency(old, size);
        expect(proof).toEqual(consistencyProofOfHashes(first(size), old));
        const claim = { oldSize: old, newSize: size, oldRoot: log.root(old), newRoot: log.root(size), proof };
        expect(verifyConsistency(claim)).toBe(true);
      }),
      RUNS,
    );
  }, 60_000);
  it('gives its leaves back and knows its bounds', () => {
    expect(log.leaf(7)).toEqual(hashes[7]);
    expect(log.size).toBe(LARGEST);
    for (const wrong of [-1, LARGEST, 0.5]) expect(() => log.leaf(wrong)).toThrow(RangeError);
    expect(() => log.root(LARGEST + 1)).toThrow(RangeError);
    expect(() => log.inclusion(5, 5)).toThrow(RangeError);
    expect(() => log.consistency(6, 5)).toThrow(RangeError);
    expect(() => log.append(new Uint8Array(31))).toThrow(RangeError);
  });
});
