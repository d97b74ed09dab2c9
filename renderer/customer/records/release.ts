/** Rows on their way to staff: what the customer ticked, with the proof that central sent it. */
import type { ReleaseRow } from '../../../shared/contract/contract.ts';
import type { RecordStore } from '../../cache/records.ts';

/** At most so many in one go (shared/contract). */
export const MOST_RELEASED = 50;

/** The rows as the core takes them. SECURITY: S4 only what was ticked is read and leaves this plane. */
export async function releaseRows(
  store: Pick<RecordStore, 'readFull' | 'prove'>,
  picked: Iterable<number>,
  showPeer: boolean,
): Promise<ReleaseRow[]> {
  const indexes = [...picked].sort((a, b) => a - b);
  const rows = await store.readFull(indexes);
  return await Promise.all(
    rows.map(async (row) => ({ ...row, ...(await store.prove(row.index)), showPeer })),
  );
}
