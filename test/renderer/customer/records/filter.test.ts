import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateChoices, everything, rowFilter } from '../../../../renderer/customer/records/filter.ts';
import { addDays, dayOf, startOfDay } from '../../../../shared/domain/period.ts';

const period = { from: '2026-10-22', to: '2026-11-21' };

describe('filter', () => {
  test('everything narrows nothing', () => {
    expect(rowFilter(everything, period)).toEqual({});
    expect(rowFilter({ ...everything, text: '  ' }, period)).toEqual({});
  });
  test('each choice narrows by itself', () => {
    expect(rowFilter({ ...everything, text: ' 银行 ', direction: 'in', category: 'sms' }, period)).toEqual({
      text: '银行',
      direction: 'in',
      category: 'sms',
    });
    expect(rowFilter({ ...everything, maskedPeer: '139****0002' }, period)).toEqual({
      maskedPeer: '139****0002',
    });
  });
  test('the last seven days end with the period', () => {
    const { from, until } = rowFilter({ ...everything, dates: 'last-7' }, period);
    expect(from).toBe(startOfDay('2026-11-15'));
    expect(until).toBeUndefined();
  });
  test('a month is the whole month', () => {
    const { from, until } = rowFilter({ ...everything, dates: '2026-10' }, period);
    expect(from).toBe(startOfDay('2026-10-01'));
    expect(until).toBe(startOfDay('2026-11-01'));
  });
});

describe('date choices', () => {
  test('only those that cut the period', () => {
    expect(dateChoices({ from: '2026-11-19', to: '2026-11-21' })).toEqual(['all']);
    expect(dateChoices(period)).toEqual(['all', 'last-7', 'last-30', '2026-10', '2026-11']);
  });
  test('months together cover every day, each once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 200 }), (start, length) => {
        const from = addDays('2025-01-01', start);
        const span = { from, to: addDays(from, length) };
        const months = dateChoices(span).filter((choice) => /^\d{4}-/.test(choice));
        if (months.length === 0) return;
        for (let day = span.from; day <= span.to; day = addDays(day, 1)) {
          const at = startOfDay(day) + 3_600_000;
          const holding = months.filter((dates) => {
            const filter = rowFilter({ ...everything, dates }, span);
            return at >= (filter.from ?? 0) && at < (filter.until ?? 0);
          });
          expect(holding).toEqual([dayOf(at).slice(0, 7)]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
