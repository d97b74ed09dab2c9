import { describe, expect, test } from 'vitest';
import { costs } from '../costs.ts';
import { bearable, cpuPerVisit } from '../parts.ts';
import { histogramOf, partOf } from './part.ts';

const idle = partOf({
  name: 'idle',
  seconds: 10,
  cpu: { 'service 1': 1, 'service 2': 1, PostgreSQL: 0.5, counters: 3, others: 4 },
});
const day = partOf({
  name: 'ordinary day',
  seconds: 100,
  visits: histogramOf(...Array.from({ length: 50 }, () => 900)),
  cpu: { 'service 1': 20, 'service 2': 20, PostgreSQL: 10, counters: 60, others: 10 },
  available: 200,
});

describe('what a visit costs', () => {
  test('is what it takes beside what idles along', () => {
    expect(costs([idle, day], 1_000)).toEqual({
      service: { coresPerThousandCounters: 0.2, secondsPerVisit: 0.4 },
      PostgreSQL: { coresPerThousandCounters: 0.05, secondsPerVisit: 0.1 },
    });
    // Visits of the ramp go to one process only and are not counted.
    expect(
      costs([idle, day, partOf({ name: 'one process, 1/s', visits: histogramOf(1, 1) })], 1_000),
    ).toEqual(costs([idle, day], 1_000));
  });

  test('leaves out a part in which something failed', () => {
    const failed = partOf({
      name: 'morning rush',
      visits: histogramOf(1),
      cpu: { 'service 1': 99 },
      errors: new Map([['lookup: ECONNRESET', 1]]),
    });
    expect(costs([idle, day, failed], 1_000)).toEqual(costs([idle, day], 1_000));
    expect(costs([idle, failed], 1_000)).toBeUndefined();
  });

  test('is not told without visits, or without an idle time', () => {
    expect(costs([day], 10)).toBeUndefined();
    expect(costs([idle, partOf({ name: 'ordinary day' })], 10)).toBeUndefined();
  });
});

describe('what the machine bears', () => {
  test('is what is left beside the others, over what a visit takes of everything of ours', () => {
    expect(cpuPerVisit(day)).toBeCloseTo(110 / 50);
    expect(bearable(day)).toBeCloseTo((2 - 0.1) / 2.2);
  });

  test('is a fair share where others take all', () => {
    expect(bearable({ ...day, cpu: { ...day.cpu, others: 190 } })).toBeCloseTo(2 / 3 / 2.2);
  });
});
