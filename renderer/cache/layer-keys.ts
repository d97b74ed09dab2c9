import type { Bytes } from '../../shared/canonical/bytes.ts';
import { importLayerKey, type Layer, type LayerKey } from '../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';

export interface LayerKeys {
  readonly metadata: LayerKey;
  /** Absent on the staff plane. // SECURITY: S4 */
  readonly content: LayerKey | undefined;
}

/**
 * What opens the layers that an access is to; no key of it can be read out.
 * @throws Failure 'bad-input'; SealedPageError 'invalid-input' for what is no secret or no binding
 */
export async function layerKeysOf(access: MetadataAccess | RecordsAccess): Promise<LayerKeys> {
  const open = (secret: Uint8Array, layer: Layer) =>
    importLayerKey(owned(secret), access.binding, layer, 'open');
  const [metadata, content] = await Promise.all([
    open(access.metadataSecret, 'metadata'),
    'contentSecret' in access ? open(access.contentSecret, 'content') : undefined,
  ]);
  return { metadata, content };
}

/** The secret in an ArrayBuffer of the kind that Web Crypto takes; the same bytes, so that one fill clears it. */
function owned(secret: Uint8Array): Bytes {
  if (secret.buffer instanceof ArrayBuffer)
    return new Uint8Array(secret.buffer, secret.byteOffset, secret.length);
  throw new Failure('bad-input', { detail: 'secret' });
}
