/** The sealed pages of a case: fetched from central to be kept, read again from the disk. */
import { type Bytes, concat } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { LayerName, Manifest, PageRef } from '../../../shared/domain/lookup.ts';
import { runsOf } from '../../../shared/domain/page-run.ts';
import type { Connection } from '../../central/connection.ts';
import { checkPages, fetchPages } from '../page-bytes.ts';
import type { HeldCases } from './held-cases.ts';

/** All pages of a layer in order, each as the manifest names it. @throws Failure 'central-*', 'manifest-rejected' */
export async function* pagesToKeep(
  connection: Pick<Connection, 'call'>,
  { lookupId, pages }: Manifest,
  layer: LayerName,
): AsyncGenerator<Bytes> {
  for (const run of runsOf(pages[layer])) {
    yield concat(...(await checkPages(await fetchPages(connection, lookupId, layer, run), run)));
  }
}

/** Consecutive pages from the disk. @throws Failure 'held-ended', 'held-damaged' */
export async function keptPages(
  held: Pick<HeldCases, 'pages' | 'damaged'>,
  caseId: string,
  manifest: Manifest,
  layer: LayerName,
  refs: readonly PageRef[],
): Promise<Bytes[]> {
  const sum = (all: readonly PageRef[]) => all.reduce((total, { bytes }) => total + bytes, 0);
  const offset = sum(manifest.pages[layer].slice(0, refs[0]?.page ?? 0));
  const together = await held.pages(caseId, layer, offset, sum(refs));
  try {
    return await checkPages(together, refs);
  } catch {
    // SECURITY: S16 not the page named, so it is not shown; and nobody has another copy of it.
    await held.damaged(caseId, layer);
    throw new Failure('held-damaged', { detail: layer });
  }
}

/** Whether every page on the disk is the one that the manifest names. @throws as {@link keptPages} */
export async function checkKept(
  held: Pick<HeldCases, 'pages' | 'damaged'>,
  caseId: string,
  manifest: Manifest,
): Promise<void> {
  for (const layer of ['metadata', 'content'] as const) {
    for (const run of runsOf(manifest.pages[layer])) await keptPages(held, caseId, manifest, layer, run);
  }
}
