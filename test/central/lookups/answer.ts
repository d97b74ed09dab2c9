/** Makes a lookup's answer: sealed pages, signed manifest, wrapped keys. */
import { type Bytes, fromBase64url, toHex } from '../../../shared/canonical/bytes.ts';
import { HASH_BYTES, hashOf } from '../../../shared/canonical/hash.ts';
import { rootOfLeafHashes } from '../../../shared/canonical/merkle.ts';
import { deriveLayerSecret, type PageBinding } from '../../../shared/canonical/sealed-page.ts';
import { signDocument } from '../../../shared/canonical/signed-document.ts';
import { layerSecretInfo, wrapSecret } from '../../../shared/canonical/wrap.ts';
import type { LayerName, Manifest, PageRef } from '../../../shared/domain/lookup.ts';
import type { LookupRequest } from '../../../shared/domain/scope.ts';
import type { LookupAnswer } from '../../../shared/protocol/documents.ts';
import type { Device } from '../auth.ts';
import type { Context } from '../context.ts';
import type { SourceRecord } from '../record-source.ts';
import type { SealedPages } from '../seal/job.ts';
import type { LiveConsent } from './routes.ts';

export interface LookupInput extends LiveConsent {
  readonly lookupId: string;
  readonly request: LookupRequest;
  readonly records: readonly SourceRecord[];
  readonly device: Device;
  readonly now: number;
  /** Keeps the sealed pages; they are signed for meanwhile. */
  readonly keep: (pages: SealedPages['pages']) => Promise<unknown>;
}

/** Seals, signs and keeps the pages; nothing in the service names them yet. */
export async function answerLookup(context: Context, input: LookupInput): Promise<LookupAnswer> {
  const { consent, consentHash, lookupId, records, now } = input;
  const scopeHash = await hashOf(consent.scope);
  const binding: PageBinding = { consentHash, scopeHash, lookupId };
  const consentSecret = await context.keys.unwrap(input.wrappedSecret, consent.header.recordId);
  // SECURITY: S7 a key for each layer of this lookup under this consent and scope.
  const secrets: Record<LayerName, Bytes> = {
    metadata: await deriveLayerSecret(consentSecret, binding, 'metadata'),
    content: await deriveLayerSecret(consentSecret, binding, 'content'),
  };
  let kept: Promise<unknown> = Promise.resolve();
  try {
    const sealed = await context.sealer.seal({ binding, secrets, records });
    kept = input.keep(sealed.pages);
    // Awaited below: until then a failure is not unheard.
    kept.catch(() => undefined);
    const refs = (layer: LayerName): PageRef[] =>
      sealed.pages.filter((page) => page.layer === layer).map((page) => page.ref);
    const document: Manifest = {
      schema: 'zhiqing-manifest/1',
      lookupId,
      consentId: consent.header.recordId,
      consentHash,
      scopeHash,
      scope: consent.scope,
      answeredAt: new Date(now).toISOString(),
      device: input.device.certificateSha256,
      policyVersion: consent.processing.privacyNotice.policyVersion,
      rows: records.length,
      counts: countRecords(records, input.request),
      merkleRoot: toHex(rootOfLeafHashes(sealed.pageRoots)),
      pageRoots: rootsOf(sealed.pageRoots),
      pages: { metadata: refs('metadata'), content: refs('content') },
    };
    const manifest = await signDocument(document, context.authority.central, new Date(now));
    const wrap = (layer: LayerName) =>
      wrapSecret({
        recipientPublicKey: fromBase64url(consent.recipientKey),
        info: layerSecretInfo(binding, layer),
        secret: secrets[layer],
      });
    const wrapped = { metadata: await wrap('metadata'), content: await wrap('content') };
    await kept;
    return { manifest, secrets: wrapped };
  } finally {
    // Where signing failed, nothing is written any more when the pages are removed.
    await Promise.allSettled([kept]);
    // SECURITY: S11 not left to the garbage collector.
    for (const secret of [consentSecret, secrets.metadata, secrets.content]) secret.fill(0);
  }
}

function rootsOf(roots: Bytes): string[] {
  return Array.from({ length: roots.length / HASH_BYTES }, (_, i) =>
    toHex(roots.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  );
}

function countRecords(records: readonly SourceRecord[], request: LookupRequest): Manifest['counts'] {
  const byCategory: Record<string, number> = {};
  for (const category of request.categories) byCategory[category] = 0;
  let received = 0;
  for (const { direction, category } of records) {
    if (direction === 'in') received += 1;
    byCategory[category] = (byCategory[category] ?? 0) + 1;
  }
  return { received, sent: records.length - received, byCategory };
}
