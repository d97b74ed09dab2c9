import fc from 'fast-check';
import type { ContentRow, MetadataRow, SaltedRow } from '../../../shared/canonical/row.ts';
import type { PageBinding } from '../../../shared/canonical/sealed-page.ts';

export const wellFormed = fc.string({ unit: 'binary', maxLength: 24 });

export function bytesOf(length: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => new Uint8Array(bytes));
}

export const metadataRow: fc.Arbitrary<MetadataRow> = fc.record({
  at: fc.integer({ min: -8.64e15, max: 8.64e15 }),
  direction: fc.constantFrom('in', 'out'),
  category: fc.constantFrom('sms', 'call', 'transaction', 'service'),
  maskedPeer: fc.oneof(fc.constantFrom('138****8000', '10086', ''), wellFormed),
});

export const contentRow: fc.Arbitrary<ContentRow> = fc.record({
  peer: fc.oneof(fc.constantFrom('13800138000', '10086', ''), wellFormed),
  text: wellFormed,
});

export const saltedRow: fc.Arbitrary<SaltedRow> = fc
  .tuple(contentRow, bytesOf(16))
  .map(([content, salt]) => ({ ...content, salt }));

export const BINDING: PageBinding = {
  consentHash: 'c0'.repeat(32),
  scopeHash: '5c'.repeat(32),
  lookupId: '01J8Z3J9Z7Q2',
};

export function flipBit<T extends Uint8Array<ArrayBuffer>>(bytes: T, bit: number): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice();
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}
