/** Central's statement of what there was: for this consent, this scope and this counter, and it adds up. */
import { concat, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { rootOfSubtrees } from '../../../shared/canonical/merkle.ts';
import { PAGE_ROWS } from '../../../shared/canonical/row.ts';
import type { PageRef } from '../../../shared/domain/lookup.ts';
import { type Evidence, short } from '../evidence.ts';
import { must } from '../result.ts';

const SWAPPED = 'the answer was to another consent, or to another counter';
const WRONG_SUM = 'records are missing or counted twice';

export async function checkManifest(evidence: Evidence): Promise<string> {
  const manifest = evidence.document('manifest');
  const consent = evidence.document('consent');
  const receipt = evidence.document('receipt');
  must(
    (await evidence.sha256('manifest.json')) === receipt.manifestSha256,
    'the receipt names another',
    SWAPPED,
  );
  must(manifest.consentId === consent.header.recordId, 'it names another consent', SWAPPED);
  must(manifest.consentHash === (await evidence.sha256('consent.json')), 'it is of another consent', SWAPPED);
  const scopeHash = await hashOf(consent.scope);
  must(manifest.scopeHash === scopeHash, `its scope is ${short(manifest.scopeHash)}`, SWAPPED);
  must((await hashOf(manifest.scope)) === scopeHash, 'it states another scope', SWAPPED);
  const { policyVersion } = consent.processing.privacyNotice;
  must(manifest.policyVersion === policyVersion, `policy version ${manifest.policyVersion}`, SWAPPED);
  const { rows, counts, pages } = manifest;
  must(counts.received + counts.sent === rows, 'received and sent do not make up the rows', WRONG_SUM);
  const byCategory = Object.values(counts.byCategory).reduce((sum, count) => sum + count, 0);
  must(byCategory === rows, 'kinds do not make up the rows', WRONG_SUM);
  for (const [layer, refs] of Object.entries(pages)) {
    must(addsUp(refs, rows), `pages of ${layer} do not make up the rows`, WRONG_SUM);
    const full = refs.slice(0, -1).every((page) => page.rows === PAGE_ROWS);
    must(full, `pages of ${layer} before the last have not ${PAGE_ROWS} rows`, WRONG_SUM);
  }
  const sizes = pages.metadata.map((page) => page.rows);
  const root = rootOfSubtrees(concat(...manifest.pageRoots.map(fromHex)), sizes);
  must(
    root !== undefined && toHex(root) === manifest.merkleRoot,
    'roots of the pages do not make up the root',
    WRONG_SUM,
  );
  return `${rows} records, Merkle root ${short(manifest.merkleRoot)}, for this consent and scope`;
}

function addsUp(pages: readonly PageRef[], rows: number): boolean {
  return pages.every(({ page }, i) => page === i) && pages.reduce((sum, page) => sum + page.rows, 0) === rows;
}
