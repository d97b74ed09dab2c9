/** A lookup's answer as central makes it: real sealing code, keys of its own, and the shelf that pages are served from. */
import { randomUUID } from 'node:crypto';
import { type Bytes, randomBytes, toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { rootOfLeafHashes } from '../../../shared/canonical/merkle.ts';
import type { PageBinding } from '../../../shared/canonical/sealed-page.ts';
import type { LayerName, Manifest, PageRef } from '../../../shared/domain/lookup.ts';
import { categories, type Scope } from '../../../shared/domain/scope.ts';
import type { SourceRecord } from '../../central/record-source.ts';
import { sealRecords } from '../../central/seal/job.ts';
import { period } from './records.ts';

export interface SealedLookup {
  readonly binding: PageBinding;
  readonly manifest: Manifest;
  readonly secrets: Readonly<Record<LayerName, Bytes>>;
  readonly pages: Readonly<Record<LayerName, readonly Bytes[]>>;
}

const scope: Scope = {
  subscriber: '13900010005',
  categories: [...categories],
  period,
  purpose: 'own-copy',
  recipients: ['subject'],
  expiresAt: '2026-12-31T00:00:00.000Z',
};

export async function sealLookup(records: readonly SourceRecord[]): Promise<SealedLookup> {
  const binding: PageBinding = {
    consentHash: toHex(randomBytes(32)),
    scopeHash: await hashOf(scope),
    lookupId: randomUUID(),
  };
  const secrets = { metadata: randomBytes(32), content: randomBytes(32) };
  const sealed = await sealRecords({ binding, secrets, records, firstPage: 0 });
  const of = (layer: LayerName) => sealed.pages.filter((page) => page.layer === layer);
  const refs = (layer: LayerName): PageRef[] => of(layer).map(({ ref }) => ref);
  const manifest: Manifest = {
    schema: 'zhiqing-manifest/1',
    lookupId: binding.lookupId,
    consentId: randomUUID(),
    consentHash: binding.consentHash,
    scopeHash: binding.scopeHash,
    scope,
    answeredAt: '2026-11-01T00:00:00.000Z',
    device: 'd0'.repeat(32),
    policyVersion: 1,
    rows: records.length,
    counts: countOf(records),
    merkleRoot: toHex(rootOfLeafHashes(sealed.pageRoots)),
    pageRoots: toHex(sealed.pageRoots).match(/.{64}/g) ?? [],
    pages: { metadata: refs('metadata'), content: refs('content') },
  };
  const pages = {
    metadata: of('metadata').map((page) => page.sealed),
    content: of('content').map((page) => page.sealed),
  };
  return { binding, manifest, secrets, pages };
}

function countOf(records: readonly SourceRecord[]): Manifest['counts'] {
  const byCategory: Record<string, number> = {};
  for (const { category } of records) byCategory[category] = (byCategory[category] ?? 0) + 1;
  const sent = records.filter(({ direction }) => direction === 'out').length;
  return { received: records.length - sent, sent, byCategory };
}
