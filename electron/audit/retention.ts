/** Which segments may go: full, past their retention, and cosigned by central, which holds copies of the entries. */
import type { Segment } from './segments.ts';

/** Segments from the oldest on, without a gap. */
export function retirable(
  segments: readonly Segment[],
  months: number,
  cosigned: number,
  now: number,
): Segment[] {
  const limit = new Date(now);
  limit.setUTCMonth(limit.getUTCMonth() - months);
  const found: Segment[] = [];
  // The last one is being written.
  for (const segment of segments.slice(0, -1)) {
    if (segment.name === undefined) continue;
    const { newest, first, count } = segment;
    const old = newest !== undefined && Date.parse(newest) < limit.getTime();
    if (!old || first + count > cosigned) break;
    found.push(segment);
  }
  return found;
}
