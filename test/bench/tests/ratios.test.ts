import { describe, expect, test } from 'vitest';
import type { Limits } from '../page/limits.ts';
import { spreadOf } from '../report/figures.ts';
import { furtherRatiosOf, judge, ratiosOf, stepsOf } from '../report/ratios.ts';
import type { Figures } from '../report/result.ts';
import { type Metric, metrics } from '../run/contest.ts';

const all = (value: number) =>
  Object.fromEntries(metrics.map((metric) => [metric, spreadOf([value])])) as Record<
    Metric,
    ReturnType<typeof spreadOf>
  >;
const figures: Figures = { dexie: all(300), sqlite3mc: all(50), sealed: all(10) };
const limits = new Proxy({} as Record<keyof Limits, ReturnType<typeof spreadOf>>, {
  get: () => spreadOf([5]),
});

describe('ratios', () => {
  test('are how many times faster, and for bytes our share', () => {
    const ratios = ratiosOf(figures);
    expect(ratios).toMatchObject({ load: 30, search: 30, delete: 30, append: 30 });
    expect(ratios.disk).toBeCloseTo(1 / 30);
    expect(ratios.memory).toBeCloseTo(1 / 30);
    expect(furtherRatiosOf(figures, limits)).toEqual({
      loadVsSqlite3mc: 5,
      searchFirstVsScan: 2,
      searchAgainVsScan: 2,
    });
  });

  test('that are missing hold nothing', () => {
    const judged = judge('full', ratiosOf({ sealed: all(10) }));
    expect(judged.length).toBeGreaterThan(10);
    expect(judged.every(({ holds }) => !holds)).toBe(true);
  });
});

describe('goals and floors', () => {
  const good = {
    load: 41,
    loadVsSqlite3mc: 9,
    range: 4,
    search: 9,
    searchFirstVsScan: 10,
    searchAgainVsScan: 2,
  };
  const rest = { aggregate: 40, delete: 70, reopen: 9, append: 1.1, disk: 0.3, memory: 0.5 };
  const values = { ...good, ...rest, typingLatency: 40, typingFrames: 60 };

  test.each(['full', 'quick'] as const)('of the %s form hold where all is well', (form) => {
    expect(judge(form, values).filter(({ holds }) => !holds)).toEqual([]);
  });

  test('a floor is far below the goal, and a regression by a factor is below it', () => {
    const goals = new Map(judge('full', values).map((one) => [one.name, one]));
    for (const { name, is, bound } of judge('quick', values)) {
      const goal = goals.get(name)?.bound ?? Number.NaN;
      expect(is === 'at least' ? bound <= goal / 2 : bound >= goal * 1.2, name).toBe(true);
    }
    const slower = judge('quick', { ...values, load: good.load / 10, search: good.search / 10 });
    expect(slower.filter(({ holds }) => !holds).map(({ name }) => name)).toEqual(['load', 'search']);
  });

  test('steps stand beside the least that their parts need', () => {
    for (const { ms, limitMs } of stepsOf(figures, limits, 100)) {
      expect(ms).toBe(10);
      expect(limitMs).toBeGreaterThan(0);
    }
  });
});
