import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProven, shownToStaff, takeReleased } from '../../../electron/gate/release.ts';
import { toBase64url, toHex } from '../../../shared/canonical/bytes.ts';
import { inclusionProof, merkleRoot } from '../../../shared/canonical/merkle.ts';
import { rowCommitment } from '../../../shared/canonical/row.ts';
import type { ReleaseRow } from '../../../shared/contract/contract.ts';
import type { Manifest } from '../../../shared/domain/lookup.ts';
import type { ReleasedRow } from '../../../shared/domain/record.ts';

/** Rows as central would send them, and what of the manifest a proof needs. */
function lookup(count: number): { rows: ReleaseRow[]; manifest: Manifest } {
  const bare = Array.from({ length: count }, (_, index) => {
    const salt = new Uint8Array(16).fill(index + 1);
    const metadata = {
      at: 1_700_000_000_000 + index,
      direction: 'in',
      category: 'sms',
      maskedPeer: '137****5678',
    } as const;
    const content = { peer: '13712345678', text: `text ${index}` };
    return {
      index,
      ...metadata,
      ...content,
      salt: toBase64url(salt),
      leaf: rowCommitment(metadata, { ...content, salt }),
    };
  });
  const leaves = bare.map(({ leaf }) => leaf);
  const rows = bare.map(({ leaf: _, ...row }) => ({
    ...row,
    proof: inclusionProof(leaves, row.index).map(toHex),
    showPeer: false,
  }));
  return { rows, manifest: { rows: count, merkleRoot: toHex(merkleRoot(leaves)) } as Manifest };
}

describe('release', () => {
  it('takes every row of central’s, in a lookup of any size', () => {
    for (const count of [1, 2, 3, 7, 64, 100]) {
      const { rows, manifest } = lookup(count);
      for (const row of rows) expect(isProven(row, manifest)).toBe(true);
    }
  });
  it('takes none that was changed in any field', () => {
    const { rows, manifest } = lookup(20);
    const change = fc.constantFrom<(row: ReleaseRow) => Partial<ReleaseRow>>(
      ({ text }) => ({ text: `${text} ` }),
      () => ({ peer: '13712345679' }),
      () => ({ maskedPeer: '137****5679' }),
      ({ at }) => ({ at: at + 1 }),
      () => ({ direction: 'out' }),
      () => ({ category: 'call' }),
      ({ index }) => ({ index: index + 1 }),
      ({ index }) => ({ index: index + 20 }),
      () => ({ salt: 'A'.repeat(22) }),
      () => ({ salt: 'x' }),
      ({ proof }) => ({ proof: proof.slice(1) }),
      ({ proof }) => ({ proof: [...proof, 'a'.repeat(64)] }),
      ({ proof }) => ({ proof: [...proof].reverse() }),
      () => ({ text: '\ud800' }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...rows), change, (row, of) => {
        const changed = { ...row, ...of(row) };
        fc.pre(JSON.stringify(changed) !== JSON.stringify(row));
        expect(isProven(changed, manifest)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
  it('shows the counterpart only where the customer chose so', () => {
    const [row] = lookup(1).rows;
    if (!row) throw new Error('no row');
    expect(shownToStaff(row).peer).toBe('137****5678');
    expect(shownToStaff({ ...row, showPeer: true }).peer).toBe('13712345678');
    expect(Object.keys(shownToStaff(row)).sort()).toEqual(
      ['at', 'category', 'direction', 'index', 'maskedPeer', 'peer', 'text'].sort(),
    );
  });
  it('takes all or none, and a row once', () => {
    const { rows, manifest } = lookup(4);
    const released = new Map<number, ReleasedRow>();
    const [a, b] = rows;
    if (!a || !b) throw new Error('no rows');
    expect(() => takeReleased([a, { ...b, text: 'forged' }], manifest, released)).toThrow('not-released');
    expect(released.size).toBe(0);
    takeReleased([a, a], manifest, released);
    takeReleased([{ ...a, showPeer: true }], manifest, released);
    expect([...released.values()].map(({ peer }) => peer)).toEqual(['13712345678']);
  });
});
