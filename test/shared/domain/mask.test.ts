import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskName, maskNumber, redactDigits } from '../../../shared/domain/mask.ts';

const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));

describe('maskNumber', () => {
  it.each([
    ['13900010001', '139****0001'],
    ['10690001234567', '106****4567'],
    ['02112345', '021****45'],
    ['95588', '95***'],
    ['110', '1***'],
    ['', '***'],
  ])('%s → %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });

  it('never holds the number, and hides at least two digits of it', () => {
    fc.assert(
      fc.property(digits(3, 20), (number) => {
        const masked = maskNumber(number);
        expect(masked).not.toContain(number);
        expect(masked.replaceAll('*', '').length).toBeLessThanOrEqual(number.length - 2);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('maskName', () => {
  it.each([
    ['张三', 'masked', '张*'],
    ['欧阳娜娜', 'masked', '欧***'],
    ['王', 'masked', '王*'],
    ['张三', 'full', '张三'],
    ['张三', 'hidden', '—'],
    ['', 'masked', '—'],
  ] as const)('%s as %s is %s', (name, style, expected) => {
    expect(maskName(name, style)).toBe(expected);
  });
});

describe('redactDigits', () => {
  it.each([
    ['回电 13900010001 说明套餐', '回电 139****0001 说明套餐'],
    ['卡号 6222 0212 3456 7890 已核', '卡号 622****7890 已核'],
    ['身份证 11010519491231002X', '身份证 110****002X'],
    ['号码１３９０００１０００１', '号码１３９****０００１'],
    ['2026-11-22 前回复', '202****22 前回复'],
    ['三天内回访 3 次', '三天内回访 3 次'],
  ])('%s', (text, expected) => {
    expect(redactDigits(text)).toBe(expected);
  });

  it('leaves no run of seven digits', () => {
    fc.assert(
      fc.property(fc.string(), digits(7, 22), fc.string(), (before, run, after) => {
        expect(redactDigits(`${before}${run}${after}`)).not.toMatch(/\d{7,}/);
      }),
      { numRuns: 1000 },
    );
  });
});
