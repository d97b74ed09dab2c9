/** Sealed pages behind one another: fetched from central, cut and checked against the manifest. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { LayerName, PageRef } from '../../shared/domain/lookup.ts';
import { pageRunText } from '../../shared/domain/page-run.ts';
import type { Connection } from '../central/connection.ts';

/** What central has of a run. @param refs of consecutive pages. @throws Failure 'central-*' */
export async function fetchPages(
  connection: Pick<Connection, 'call'>,
  lookupId: string,
  layer: LayerName,
  refs: readonly PageRef[],
): Promise<Bytes> {
  const { page: first = 0 } = refs[0] ?? {};
  const pages = pageRunText({ first, last: first + refs.length - 1 });
  return connection.call('page', { params: { lookupId, layer, pages }, limit: sizeOf(refs) });
}

/** Each page by itself, and each of them the manifest's. @throws Failure 'manifest-rejected' */
export async function checkPages(together: Bytes, refs: readonly PageRef[]): Promise<Bytes[]> {
  let end = 0;
  const cut = refs.map(({ bytes }) => {
    end += bytes;
    return together.subarray(end - bytes, end);
  });
  const hashes = await Promise.all(cut.map((bytes) => sha256Hex(bytes)));
  if (together.length !== sizeOf(refs) || refs.some(({ sha256 }, i) => sha256 !== hashes[i])) {
    throw new Failure('manifest-rejected', { detail: 'page' });
  }
  return cut;
}

function sizeOf(refs: readonly PageRef[]): number {
  return refs.reduce((sum, { bytes }) => sum + bytes, 0);
}
