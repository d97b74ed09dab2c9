import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptCode, groupCode, isWhole } from '../../../../renderer/customer/withdrawal/code.ts';
import { makeWithdrawalCode, readWithdrawalCode } from '../../../../shared/canonical/withdrawal-code.ts';

describe('a code as it is typed', () => {
  test('takes what is on the receipt, however it is written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (random) => {
        const code = makeWithdrawalCode(new Uint8Array(random));
        for (const typed of [
          code,
          code.toLowerCase(),
          code.replaceAll('-', ' '),
          code.replaceAll('0', 'O'),
        ]) {
          expect(groupCode(acceptCode(typed))).toBe(code);
        }
        expect(isWhole(acceptCode(code))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
  test('never holds more than a code, and is whole only when it is one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (typed) => {
        const kept = acceptCode(typed);
        expect(kept.length).toBeLessThanOrEqual(16);
        expect(acceptCode(kept)).toBe(kept);
        expect(isWhole(kept)).toBe(readWithdrawalCode(groupCode(kept)) !== undefined);
      }),
      { numRuns: 1000 },
    );
  });
  test('grows by groups of four', () => {
    expect(groupCode('')).toBe('');
    expect(groupCode('7F3K')).toBe('7F3K');
    expect(groupCode('7F3K2')).toBe('7F3K-2');
  });
});
