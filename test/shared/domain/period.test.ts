import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  dayOf,
  daysIn,
  eachDay,
  instantsOf,
  lastMonth,
  monthsBefore,
  periodProblem,
  periodSchema,
  startOfDay,
} from '../../../shared/domain/period.ts';

const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('calendar days in China', () => {
  it('changes the day at 16:00 UTC', () => {
    expect(dayOf(Date.parse('2026-11-22T15:59:59.999Z'))).toBe('2026-11-22');
    expect(dayOf(Date.parse('2026-11-22T16:00:00Z'))).toBe('2026-11-23');
  });

  it('a day starts within itself and the instant before belongs to the day before', () => {
    fc.assert(
      fc.property(day, (value) => {
        expect(dayOf(startOfDay(value))).toBe(value);
        expect(dayOf(startOfDay(value) - 1)).toBe(addDays(value, -1));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('months', () => {
  it.each([
    ['2026-11-22', 1, '2026-10-22'],
    ['2026-03-31', 1, '2026-02-28'],
    ['2028-03-31', 1, '2028-02-29'],
    ['2026-01-15', 1, '2025-12-15'],
    ['2026-08-31', 6, '2026-02-28'],
  ])('%s less %i months is %s', (from, months, expected) => {
    expect(monthsBefore(from, months)).toBe(expected);
  });

  it('the last month ends today', () => {
    expect(lastMonth('2026-11-22')).toEqual({ from: '2026-10-23', to: '2026-11-22' });
  });
});

describe('period', () => {
  it('covers every instant of its days and no other', () => {
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: -3, max: 203 }),
        (from, length, offset) => {
          const period = { from, to: addDays(from, length) };
          const { from: start, until } = instantsOf(period);
          const at = startOfDay(addDays(from, offset)) + 3_600_000;
          expect(at >= start && at < until).toBe(offset >= 0 && offset <= length);
          expect(daysIn(period)).toBe(length + 1);
          expect(eachDay(period)).toHaveLength(length + 1);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['in order and within six months', { from: '2026-10-23', to: '2026-11-22' }, undefined],
    ['six months to the day', { from: '2026-05-22', to: '2026-11-22' }, undefined],
    ['six months and a day', { from: '2026-05-21', to: '2026-11-22' }, 'period-too-long'],
    ['old though short', { from: '2026-01-01', to: '2026-01-02' }, 'period-too-long'],
    ['reversed', { from: '2026-11-22', to: '2026-11-21' }, 'period-not-valid'],
    ['in the future', { from: '2026-11-22', to: '2026-11-23' }, 'period-not-valid'],
  ])('%s', (_, period, expected) => {
    expect(periodProblem(period, '2026-11-22', 6)).toBe(expected);
  });

  it('refuses days that are none and unknown fields', () => {
    expect(periodSchema.safeParse({ from: '2026-02-30', to: '2026-03-01' }).success).toBe(false);
    expect(periodSchema.safeParse({ from: '2026-02-01', to: '2026-03-01', extra: 1 }).success).toBe(false);
  });
});
