import { describe, expect, it } from 'vitest';
import { checkManifest } from '../../../electron/gate/manifest-check.ts';
import { concat, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { rootOfLeafHashes } from '../../../shared/canonical/merkle.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { Manifest } from '../../../shared/domain/lookup.ts';
import type { Scope } from '../../../shared/domain/scope.ts';

const scope: Scope = {
  subscriber: '13900010001',
  categories: ['sms'],
  period: { from: '2026-10-23', to: '2026-11-22' },
  purpose: 'own-copy',
  recipients: ['subject'],
  expiresAt: '2026-11-22T03:00:00.000Z',
};
const consent = {
  header: { recordId: 'c' },
  processing: { privacyNotice: { policyVersion: 3 } },
  scope,
} as unknown as ConsentRecord;
const scopeHash = await hashOf(scope);
const expected = { lookupId: 'l', consent, consentHash: 'h', device: 'd' };
const page = (number: number, rows: number) => ({ page: number, rows, bytes: 1, sha256: 'x' });
const roots = ['1a'.repeat(32), '2b'.repeat(32)];
const good: Manifest = {
  schema: 'zhiqing-manifest/1',
  lookupId: 'l',
  consentId: 'c',
  consentHash: 'h',
  scopeHash,
  scope,
  answeredAt: '2026-11-22T02:00:00.000Z',
  device: 'd',
  policyVersion: 3,
  rows: 600,
  counts: { received: 400, sent: 200, byCategory: { sms: 600 } },
  merkleRoot: toHex(rootOfLeafHashes(concat(...roots.map(fromHex)))),
  pageRoots: roots,
  pages: { metadata: [page(0, 512), page(1, 88)], content: [page(0, 512), page(1, 88)] },
};

describe('manifest', () => {
  it('is taken when it answers this consent and adds up', async () => {
    expect(await checkManifest(good, expected)).toBe(scopeHash);
    const none = {
      ...good,
      rows: 0,
      counts: { received: 0, sent: 0, byCategory: {} },
      merkleRoot: toHex(rootOfLeafHashes(new Uint8Array(0))),
      pageRoots: [],
      pages: { metadata: [], content: [] },
    };
    expect(await checkManifest(none, expected)).toBe(scopeHash);
  });
  it.each<[string, Partial<Manifest>]>([
    ['lookupId', { lookupId: 'x' }],
    ['consentId', { consentId: 'x' }],
    ['consentHash', { consentHash: 'x' }],
    ['scopeHash', { scopeHash: 'x' }],
    ['scope', { scope: { ...scope, period: { ...scope.period, from: '2026-01-01' } } }],
    ['scope', { scope: { ...scope, subscriber: '13900010002' } }],
    ['device', { device: 'x' }],
    ['policyVersion', { policyVersion: 4 }],
    ['counts.byCategory', { counts: { ...good.counts, byCategory: { sms: 599 } } }],
    ['counts.byCategory', { counts: { ...good.counts, byCategory: { sms: 300, call: 300 } } }],
    ['counts', { counts: { ...good.counts, received: 401 } }],
    ['pages.metadata', { pages: { ...good.pages, metadata: [page(0, 512)] } }],
    ['pages.content', { pages: { ...good.pages, content: [page(0, 512), page(2, 88)] } }],
    ['pages', { pages: { ...good.pages, content: [page(0, 88), page(1, 512)] } }],
    ['pageRoots', { pageRoots: roots.slice(0, 1) }],
    ['pageRoots', { pageRoots: roots.toReversed() }],
    ['pageRoots', { merkleRoot: '3c'.repeat(32) }],
    // Not the full page first: then its root is no node of the tree.
    [
      'pageRoots',
      { pages: { metadata: [page(0, 500), page(1, 100)], content: [page(0, 500), page(1, 100)] } },
    ],
  ])('is refused for %s', async (detail, change) => {
    await expect(checkManifest({ ...good, ...change }, expected)).rejects.toMatchObject({
      error: { kind: 'manifest-rejected', detail },
    });
  });
});
