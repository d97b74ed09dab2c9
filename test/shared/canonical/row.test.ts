import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, toHex } from '../../../shared/canonical/bytes.ts';
import { sha256Sync } from '../../../shared/canonical/hash.ts';
import { CanonicalJsonError, canonicalBytes } from '../../../shared/canonical/json.ts';
import { committedBytes, rowCommitment } from '../../../shared/canonical/row.ts';
import { flipBit, metadataRow, saltedRow } from './arbitraries.ts';

describe('row commitment', () => {
  it('is SHA-256 of the salt and the canonical row', () => {
    fc.assert(
      fc.property(metadataRow, saltedRow, (metadata, content) => {
        const { at, category, direction, maskedPeer } = metadata;
        const { peer, text, salt } = content;
        const row = canonicalBytes({ text, peer, maskedPeer, direction, category, at });
        expect(rowCommitment(metadata, content)).toEqual(sha256Sync(concat(salt, row)));
      }),
      { numRuns: 1000 },
    );
  });

  it('is that of the longest text that there can be, and of a short one after it', () => {
    const metadata = { at: 0, direction: 'in', category: 'sms', maskedPeer: '10086' } as const;
    for (const text of ['字'.repeat(65_535), '字', '"'.repeat(2_000), '']) {
      const content = { peer: '10086', text, salt: new Uint8Array(16).fill(7) };
      const bytes = concat(content.salt, canonicalBytes({ ...metadata, peer: '10086', text }));
      expect(committedBytes(metadata, content)).toEqual(bytes);
      expect(rowCommitment(metadata, content)).toEqual(sha256Sync(bytes));
    }
  });

  it('changes with every field and with the salt', () => {
    fc.assert(
      fc.property(metadataRow, saltedRow, fc.integer({ min: 0, max: 127 }), (metadata, content, bit) => {
        const all = [
          rowCommitment(metadata, content),
          rowCommitment({ ...metadata, at: metadata.at === 0 ? 1 : -metadata.at }, content),
          rowCommitment({ ...metadata, direction: metadata.direction === 'in' ? 'out' : 'in' }, content),
          rowCommitment({ ...metadata, category: metadata.category === 'sms' ? 'call' : 'sms' }, content),
          rowCommitment({ ...metadata, maskedPeer: `${metadata.maskedPeer}"` }, content),
          rowCommitment(metadata, { ...content, peer: `${content.peer}"` }),
          rowCommitment(metadata, { ...content, text: `${content.text},` }),
          rowCommitment(metadata, { ...content, salt: flipBit(content.salt, bit) }),
        ];
        expect(new Set(all.map(toHex)).size).toBe(all.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what has no canonical form', () => {
    const metadata = { at: 0, direction: 'in', category: 'sms', maskedPeer: '10086' } as const;
    const content = { peer: '10086', text: '', salt: new Uint8Array(16) };
    expect(() => rowCommitment({ ...metadata, at: Number.NaN }, content)).toThrow(CanonicalJsonError);
    expect(() => rowCommitment(metadata, { ...content, text: '\uD800' })).toThrow(CanonicalJsonError);
    expect(() => rowCommitment({ ...metadata, maskedPeer: '\uDC00' }, content)).toThrow(CanonicalJsonError);
    expect(() => rowCommitment(metadata, { ...content, salt: new Uint8Array(15) })).toThrow(RangeError);
  });
});
