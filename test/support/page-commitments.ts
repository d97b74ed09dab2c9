import type { Bytes } from '../../shared/canonical/bytes.ts';
import { rowCommitment, SALT_BYTES } from '../../shared/canonical/row.ts';
import type { ContentPage, MetadataPage } from '../../shared/canonical/sealed-page.ts';

/** Commitments to a page's rows, in order: the leaves of its tree. @param salts 16 bytes a row */
export function pageCommitments(metadata: MetadataPage, content: ContentPage, salts: Bytes): Bytes[] {
  return Array.from({ length: metadata.length }, (_, i) => {
    const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
    return rowCommitment(metadata.row(i), { ...content.row(i), salt });
  });
}
