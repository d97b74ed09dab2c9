import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import {
  makeWithdrawalCode,
  readWithdrawalCode,
  withdrawalCodeHash,
  withdrawalCodePattern,
} from '../../../shared/canonical/withdrawal-code.ts';

const bits = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((bytes): Bytes => new Uint8Array(bytes));

describe('withdrawal codes', () => {
  it('are groups of Crockford base32, most significant bits first', () => {
    expect(makeWithdrawalCode(new Uint8Array(10))).toBe('0000-0000-0000-0000');
    expect(makeWithdrawalCode(new Uint8Array(10).fill(255))).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ');
    // 80 bits of 1: the last five are 00001.
    expect(makeWithdrawalCode(Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]))).toBe('0000-0000-0000-0001');
    expect(makeWithdrawalCode(Uint8Array.from([0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBe(
      '1000-0000-0000-0000',
    );
  });

  it('are all different for different bits and have one form', () => {
    fc.assert(
      fc.property(bits, bits, (a, b) => {
        const one = makeWithdrawalCode(a);
        expect(one).toMatch(withdrawalCodePattern);
        expect(makeWithdrawalCode(b) === one).toBe(String(a) === String(b));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are read however they were typed', () => {
    const looks = fc.constantFrom(
      (code: string) => code.toLowerCase(),
      (code: string) => code.replaceAll('-', ''),
      (code: string) => ` ${code.replaceAll('-', ' ')} `,
      (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'l'),
      (code: string) => code.replaceAll('-', '–'),
    );
    fc.assert(
      fc.property(bits, looks, (random, look) => {
        const code = makeWithdrawalCode(random);
        expect(readWithdrawalCode(look(code))).toBe(code);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['', '1234', 'UUUU-UUUU-UUUU-UUUU', '0000-0000-0000-00000', '!000-0000-0000-0000'])(
    '%j is none',
    (typed) => {
      expect(readWithdrawalCode(typed)).toBeUndefined();
    },
  );

  it('hash as they are printed, and only when they are codes', async () => {
    const hash = await withdrawalCodeHash('0000-0000-0000-0000');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hash).not.toBe(await withdrawalCodeHash('0000-0000-0000-0001'));
    expect(() => withdrawalCodeHash('0000000000000000')).toThrow(TypeError);
  });
});
