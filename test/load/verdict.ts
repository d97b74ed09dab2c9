/** Whether a run has shown what it is to show. */
import type { LoadOptions } from './options.ts';
import type { Part } from './parts.ts';
import type { Result } from './run.ts';

/** What a run has to answer for, a line each; none when all is well. */
export function shortcomings(
  { parts, checked, news }: Pick<Result, 'parts' | 'checked' | 'news'>,
  { counters }: Pick<LoadOptions, 'counters'>,
): string[] {
  const planned = parts.reduce((sum, part) => sum + part.planned, 0);
  const played = parts.reduce((sum, part) => sum + part.visits.count, 0);
  const { consents } = checked.counts;
  return [
    ...[...allErrors(parts)].map(([what, count]) => `${count} × ${what}`),
    ...checked.faults,
    ...(played === planned ? [] : [`${played} of ${planned} visits came to their end`]),
    ...(consents === planned ? [] : [`${consents} consents of ${planned} visits`]),
    ...(news.heard === counters ? [] : [`${news.heard} of ${counters} counters heard of the new policy`]),
  ];
}

/** All errors of the run, by kind. */
function allErrors(parts: readonly Part[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const { errors } of parts) {
    for (const [what, count] of errors) all.set(what, (all.get(what) ?? 0) + count);
  }
  return all;
}
