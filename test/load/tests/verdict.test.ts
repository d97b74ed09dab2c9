import { describe, expect, test } from 'vitest';
import type { Part } from '../parts.ts';
import { shortcomings } from '../verdict.ts';
import { histogramOf, partOf } from './part.ts';

const good = partOf({ planned: 2, visits: histogramOf(900, 950) });
const verdict = (
  change: { part?: Partial<Part>; faults?: string[]; consents?: number; heard?: number } = {},
) =>
  shortcomings(
    {
      parts: [partOf({ name: 'idle' }), { ...good, ...change.part }],
      checked: { counts: { consents: change.consents ?? 2 }, faults: change.faults ?? [] },
      news: { heard: change.heard ?? 5, p50: 1, p99: 2 },
    },
    { counters: 5 },
  );

describe('a run', () => {
  test('in which all was well has nothing to answer for', () => {
    expect(verdict()).toEqual([]);
  });

  test('answers for each error, fault and absence', () => {
    expect(verdict({ part: { errors: new Map([['lookup: HTTP 500', 3]]) } })).toEqual([
      '3 × lookup: HTTP 500',
    ]);
    expect(verdict({ faults: ['consents: lost (1): a'] })).toEqual(['consents: lost (1): a']);
    expect(verdict({ part: { visits: histogramOf(900) } })).toEqual(['1 of 2 visits came to their end']);
    expect(verdict({ consents: 3 })).toEqual(['3 consents of 2 visits']);
    expect(verdict({ heard: 4 })).toEqual(['4 of 5 counters heard of the new policy']);
  });
});
