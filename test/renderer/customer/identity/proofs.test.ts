import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keypadDigits } from '../../../../renderer/customer/identity/digits.ts';
import {
  accept,
  firstMissing,
  longest,
  nothingTyped,
  proofsOf,
} from '../../../../renderer/customer/identity/proofs.ts';
import { proofKinds } from '../../../../shared/domain/policy.ts';
import { proofsSchema } from '../../../../shared/protocol/documents.ts';

describe('what a field takes', () => {
  test('codes are digits, an X ends an identity number', () => {
    expect(accept('one-time-code', '12 34-a56')).toBe('123456');
    expect(accept('identity-number', '11010519491231002x')).toBe('11010519491231002X');
    expect(accept('identity-number', 'X1x2')).toBe('12');
    expect(accept('service-password', ' aB 9 ')).toBe('aB9');
  });
  test('never more than fits, and taking twice changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...proofKinds), fc.string({ maxLength: 200 }), (kind, text) => {
        const taken = accept(kind, text);
        expect(taken.length).toBeLessThanOrEqual(longest[kind]);
        expect(accept(kind, taken)).toBe(taken);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('completeness', () => {
  const good = {
    'service-password': 'secret1',
    'one-time-code': '123456',
    'identity-number': '11010519491231002X',
    'representative-identity-number': '11010519491231002X',
  };
  test('names the first field that is missing', () => {
    expect(firstMissing(proofKinds, nothingTyped)).toBe('service-password');
    expect(firstMissing(proofKinds, { ...good, 'one-time-code': '12' })).toBe('one-time-code');
    expect(firstMissing(['identity-number'], { ...good, 'identity-number': '123' })).toBe('identity-number');
    expect(firstMissing(proofKinds, good)).toBeUndefined();
  });
  test('complete proofs parse, and hold only what was asked for', () => {
    expect(proofsSchema.parse(proofsOf(proofKinds, good))).toEqual({
      servicePassword: 'secret1',
      oneTimeCode: '123456',
      identityNumber: '11010519491231002X',
      representativeIdentityNumber: '11010519491231002X',
    });
    expect(proofsOf(['one-time-code'], good)).toEqual({ oneTimeCode: '123456' });
  });
});

describe('keypad', () => {
  test('in order, or every digit once in another', () => {
    expect(keypadDigits(false).join('')).toBe('1234567890');
    for (let i = 0; i < 100; i++) expect(keypadDigits(true).sort().join('')).toBe('0123456789');
  });
  test('every position is drawn from', () => {
    const limits: number[] = [];
    keypadDigits(true, (limit) => {
      limits.push(limit);
      return 0;
    });
    expect(limits).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2]);
  });
});
