import { describe, expect, test } from 'vitest';
import { qrPath } from '../../../../renderer/customer/receipt/qr.ts';
import { readCode } from '../../../support/read-code.ts';

/** As long and of such letters as a receipt's. */
const text = `ZHIQING/1 C:${'0A'.repeat(32)} M:${'1B'.repeat(32)} T:123456:${'2C'.repeat(32)} K:89ABCDEF S:${'3D'.repeat(72)}`;

describe('receipt code', () => {
  test('is a path inside its square with a quiet zone of four', () => {
    const { path, size } = qrPath(text);
    expect(size).toBeGreaterThan(21 + 8 - 1);
    for (const [, x, y, w] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(4);
      expect(Number(y)).toBeGreaterThanOrEqual(4);
      expect(Number(x) + Number(w)).toBeLessThanOrEqual(size - 4);
      expect(Number(y)).toBeLessThan(size - 4);
    }
  });
  test('says what it was given, to a reader that is not ours', () => {
    const { path, size } = qrPath(text);
    const scale = 4;
    const width = size * scale;
    const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
    for (const [, x, y, w] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
      for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
        const from = row * width + Number(x) * scale;
        for (let at = from; at < from + Number(w) * scale; at++) pixels.fill(0, at * 4, at * 4 + 3);
      }
    }
    expect(readCode(pixels, width, width)).toBe(text);
  });
  test('stays small enough for a phone: at most 73 modules wide', () => {
    expect(qrPath(text).size).toBeLessThanOrEqual(73 + 8);
  });
});
