import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt, highlight } from '../../../../renderer/customer/records/highlight.ts';

describe('highlight', () => {
  test('runs joined are the text, and hits are what was looked for', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '银', '行', 'İ', '1') });
    fc.assert(
      fc.property(letters, letters, (text, wanted) => {
        const runs = highlight(text, wanted);
        expect(runs.map((run) => run.text).join('')).toBe(text);
        for (const run of runs) {
          if (run.hit) expect(run.text.toLowerCase()).toBe(wanted.toLowerCase());
        }
        const folded = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
        expect(runs.some((run) => run.hit)).toBe(wanted !== '' && folded(text).includes(folded(wanted)));
      }),
      { numRuns: 1_000 },
    );
  });
  test('markup in a message is only text', () => {
    expect(highlight('<b>x</b>', 'b')).toEqual([
      { text: '<', hit: false },
      { text: 'b', hit: true },
      { text: '>x</', hit: false },
      { text: 'b', hit: true },
      { text: '>', hit: false },
    ]);
  });
});

describe('excerpt', () => {
  test('begins near a hit far inside, and is one line', () => {
    const text = `${'长'.repeat(80)}\n验证码 1234`;
    expect(excerpt(text, '验证码')).toMatch(/^…长{11} 验证码 1234$/);
    expect(excerpt('a\n b', '')).toBe('a b');
    expect(excerpt('没有', '有')).toBe('没有');
  });
});
