import { Failure } from '../../shared/domain/errors.ts';
import { categories } from '../../shared/domain/scope.ts';
import type { Columns } from './columns.ts';
import type { RowFilter } from './records.ts';

const fields: ReadonlySet<string> = new Set([
  'direction',
  'category',
  'from',
  'until',
  'maskedPeer',
  'text',
] satisfies (keyof RowFilter)[]);

/** @throws Failure 'bad-input' for a condition that is not known or not of its type: it would widen the answer. */
export function requireFilter(filter: RowFilter): void {
  const { direction, category, from, until, maskedPeer, text } = filter;
  const problem =
    Object.keys(filter).find((name) => !fields.has(name)) ??
    (direction !== undefined && direction !== 'in' && direction !== 'out' ? 'direction' : undefined) ??
    (category !== undefined && !categories.includes(category) ? 'category' : undefined) ??
    (!isInstant(from) ? 'from' : undefined) ??
    (!isInstant(until) ? 'until' : undefined) ??
    (!isText(maskedPeer) ? 'maskedPeer' : undefined) ??
    (!isText(text) ? 'text' : undefined);
  // SECURITY: S12 names the field only where the field is ours.
  if (problem !== undefined) {
    throw new Failure('bad-input', { detail: fields.has(problem) ? problem : 'unknown condition' });
  }
}

function isInstant(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && !Number.isNaN(value));
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

/** Whether a filter has no condition. */
export function isEverything(filter: RowFilter): boolean {
  return Object.values(filter).every((condition) => condition === undefined || condition === '');
}

/** Numbers of all rows, newest first. */
export function allRows(rows: number): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(rows);
  for (let place = rows, row = 0; place > 0; row++) all[--place] = row;
  return all;
}

/** Rows that the metadata conditions match, newest first; `text` is left to the content layer. */
export function matchMetadata(columns: Columns, filter: RowFilter): Uint32Array<ArrayBuffer> {
  const { at, flags, peerIndex, peers } = columns;
  const first = filter.from === undefined ? 0 : lowerBound(at, filter.from);
  const end = filter.until === undefined ? columns.length : lowerBound(at, filter.until);
  const matches = new Uint32Array(Math.max(0, end - first));
  // A flags byte compared under a mask: both conditions in one test.
  let mask = 0;
  let wanted = 0;
  if (filter.direction !== undefined) {
    mask |= 1;
    wanted |= filter.direction === 'out' ? 1 : 0;
  }
  if (filter.category !== undefined) {
    mask |= 6;
    wanted |= categories.indexOf(filter.category) << 1;
  }
  const peer = filter.maskedPeer === undefined ? undefined : peers.indexOf(filter.maskedPeer);
  let count = 0;
  for (let i = end - 1; i >= first; i--) {
    if (((flags[i] ?? 0) & mask) !== wanted) continue;
    if (peer !== undefined && peerIndex[i] !== peer) continue;
    matches[count++] = i;
  }
  return matches.slice(0, count);
}

/** First row at or after an instant. */
function lowerBound(at: Float64Array, instant: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
