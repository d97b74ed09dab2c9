/** Rows that the customer shows to staff: taken only with proof that central sent them like this. */
import { fromBase64url, fromHex } from '../../shared/canonical/bytes.ts';
import { verifyInclusion } from '../../shared/canonical/merkle.ts';
import { rowCommitment } from '../../shared/canonical/row.ts';
import type { ReleaseRow } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Manifest } from '../../shared/domain/lookup.ts';
import type { ReleasedRow } from '../../shared/domain/record.ts';

/** Whether the manifest's Merkle root covers this very row at this place. */
export function isProven(row: ReleaseRow, { rows, merkleRoot }: Manifest): boolean {
  const { index, at, direction, category, maskedPeer, peer, text, salt, proof } = row;
  try {
    const leaf = rowCommitment(
      { at, direction, category, maskedPeer },
      { peer, text, salt: fromBase64url(salt) },
    );
    return verifyInclusion({ leaf, index, size: rows, proof: proof.map(fromHex), root: fromHex(merkleRoot) });
  } catch {
    // A salt of another length, a lone surrogate: no row of central's. SECURITY: S16
    return false;
  }
}

/** What staff get of a row: the counterpart in full only when the customer chose so. */
export function shownToStaff(row: ReleaseRow): ReleasedRow {
  const { index, at, direction, category, maskedPeer, peer, text, showPeer } = row;
  return { index, at, direction, category, maskedPeer, peer: showPeer ? peer : maskedPeer, text };
}

/**
 * Takes rows in; one shown before is replaced, so its counterpart can be shown later.
 * @throws Failure 'not-released' when one of them is not proven: then none is taken.
 */
export function takeReleased(
  rows: readonly ReleaseRow[],
  manifest: Manifest,
  released: Map<number, ReleasedRow>,
): void {
  const unproven = rows.find((row) => !isProven(row, manifest));
  if (unproven) throw new Failure('not-released', { detail: 'row not in the manifest' });
  for (const row of rows) released.set(row.index, shownToStaff(row));
}
