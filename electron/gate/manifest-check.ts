/** Whether a manifest is the answer to this consent, from this counter, and adds up. */
import { concat, fromHex, toHex } from '../../shared/canonical/bytes.ts';
import { hashOf } from '../../shared/canonical/hash.ts';
import { rootOfSubtrees } from '../../shared/canonical/merkle.ts';
import type { ConsentRecord } from '../../shared/domain/consent.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Manifest, PageRef } from '../../shared/domain/lookup.ts';

export interface ExpectedLookup {
  lookupId: string;
  consent: ConsentRecord;
  /** SHA-256 (hex) of the consent's canonical bytes. */
  consentHash: string;
  /** SHA-256 (hex) of the counter's certificate. */
  device: string;
}

/**
 * Checks a manifest whose signature has been verified.
 * @throws Failure 'manifest-rejected' naming the first field that is wrong.
 * @returns the hash of the scope, which page keys are bound to.
 */
export async function checkManifest(manifest: Manifest, expected: ExpectedLookup): Promise<string> {
  const { consent } = expected;
  const scopeHash = await hashOf(consent.scope);
  const facts: Record<string, boolean> = {
    lookupId: manifest.lookupId === expected.lookupId,
    consentId: manifest.consentId === consent.header.recordId,
    consentHash: manifest.consentHash === expected.consentHash,
    scopeHash: manifest.scopeHash === scopeHash,
    scope: (await hashOf(manifest.scope)) === scopeHash,
    device: manifest.device === expected.device,
    policyVersion: manifest.policyVersion === consent.processing.privacyNotice.policyVersion,
    'counts.byCategory': categoriesAddUp(manifest, consent),
    counts: manifest.counts.received + manifest.counts.sent === manifest.rows,
    'pages.metadata': addsUp(manifest.pages.metadata, manifest.rows),
    'pages.content': addsUp(manifest.pages.content, manifest.rows),
    pages: sameRows(manifest.pages.metadata, manifest.pages.content),
    pageRoots: rootsMakeUp(manifest),
  };
  const wrong = Object.keys(facts).find((field) => !facts[field]);
  if (wrong !== undefined) throw new Failure('manifest-rejected', { detail: wrong });
  return scopeHash;
}

/** Pages are numbered from 0 without gaps, and hold all rows. */
function addsUp(pages: readonly PageRef[], rows: number): boolean {
  return pages.every(({ page }, i) => page === i) && pages.reduce((sum, page) => sum + page.rows, 0) === rows;
}

/** A row is on the page of the same number in both layers. */
function sameRows(metadata: readonly PageRef[], content: readonly PageRef[]): boolean {
  return metadata.length === content.length && metadata.every(({ rows }, i) => rows === content[i]?.rows);
}

/** The pages' roots are nodes of the tree over all rows. */
function rootsMakeUp({ pageRoots, pages, merkleRoot }: Manifest): boolean {
  const sizes = pages.metadata.map(({ rows }) => rows);
  const root = rootOfSubtrees(concat(...pageRoots.map(fromHex)), sizes);
  return root !== undefined && toHex(root) === merkleRoot;
}

/** Only what was consented to is counted, and the counts make up the rows. */
function categoriesAddUp({ counts, rows }: Manifest, { scope }: ConsentRecord): boolean {
  const entries = Object.entries(counts.byCategory);
  const asked: readonly string[] = scope.categories;
  return (
    entries.every(([category, count]) => count === 0 || asked.includes(category)) &&
    entries.reduce((sum, [, count]) => sum + count, 0) === rows
  );
}
