/** Hands sealed pages on from central to a window: as they are, checked against the manifest, never opened. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import type { Plane } from '../../shared/contract/names.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { LayerName } from '../../shared/domain/lookup.ts';
import type { Connection } from '../central/connection.ts';
import type { VisitSecrets } from './visit-secrets.ts';

export interface PageRequest {
  plane: Plane;
  lookupId: string;
  layer: LayerName;
  page: number;
}

/**
 * A sealed page of the live lookup.
 * @throws Failure 'forbidden' for what the plane may not have, 'central-*', 'manifest-rejected' when the bytes
 * are not the manifest's.
 */
export async function sealedPage(
  connection: Pick<Connection, 'call'>,
  secrets: VisitSecrets | undefined,
  { plane, lookupId, layer, page }: PageRequest,
): Promise<Bytes> {
  // SECURITY: S4 the content layer is not for the staff plane, not even sealed.
  if (plane === 'staff' && layer !== 'metadata') throw new Failure('forbidden');
  const manifest = secrets?.lookup?.manifest.document;
  if (!secrets?.hasLayer(layer) || manifest?.lookupId !== lookupId) throw new Failure('forbidden');
  const ref = manifest.pages[layer][page];
  if (!ref) throw new Failure('forbidden');
  const bytes = await connection.call('page', { params: { lookupId, layer, page }, limit: ref.bytes });
  if (bytes.length !== ref.bytes || (await sha256Hex(bytes)) !== ref.sha256) {
    throw new Failure('manifest-rejected', { detail: 'page' });
  }
  // The visit may have ended while the page was on its way. SECURITY: S19
  if (!secrets.hasLayer(layer)) throw new Failure('forbidden');
  return bytes;
}
