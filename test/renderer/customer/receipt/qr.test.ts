import { describe, expect, test } from 'vitest';
import { qrPath, receiptText } from '../../../../renderer/customer/receipt/qr.ts';

const consentId = '0192f3aa-1c2d-7000-8000-000000000003';

describe('receipt code', () => {
  test('names consent and report', () => {
    expect(receiptText(consentId, 'a'.repeat(64))).toBe(
      `ZHIQING-RECEIPT/1\nCONSENT:${consentId}\nREPORT:${'a'.repeat(64)}`,
    );
    expect(receiptText(consentId, undefined)).toBe(`ZHIQING-RECEIPT/1\nCONSENT:${consentId}`);
  });
  test('is a path inside its square with a quiet zone of four', () => {
    const { path, size } = qrPath(receiptText(consentId, undefined));
    expect(size).toBeGreaterThan(21 + 8 - 1);
    for (const [, x, y, w] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(4);
      expect(Number(y)).toBeGreaterThanOrEqual(4);
      expect(Number(x) + Number(w)).toBeLessThanOrEqual(size - 4);
      expect(Number(y)).toBeLessThan(size - 4);
    }
  });
});
