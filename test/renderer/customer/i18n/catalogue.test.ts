import { describe, expect, test } from 'vitest';
import { messageKinds, reasons } from '../../../../renderer/analysis/kinds.ts';
import { en } from '../../../../renderer/customer/i18n/en.ts';
import { zhCN } from '../../../../renderer/customer/i18n/zh-CN.ts';
import type { Words } from '../../../../renderer/ui/i18n/words.ts';
import { outcomes } from '../../../../shared/domain/case.ts';
import { errorKinds } from '../../../../shared/domain/errors.ts';

function flat(words: Words, path = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[path + key, value] as [string, string]]
        : [...flat(value, `${path}${key}.`)],
    ),
  );
}
const chinese = flat(zhCN);
const english = flat(en);
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

describe('catalogues', () => {
  test('the same keys, the same places for values', () => {
    expect([...english.keys()]).toEqual([...chinese.keys()]);
    for (const [key, text] of chinese)
      expect([key, holes(english.get(key) ?? '')]).toEqual([key, holes(text)]);
  });
  test('no exclamation marks, nothing untranslated', () => {
    for (const [key, text] of [...chinese, ...english])
      expect([key, text]).not.toEqual([key, expect.stringMatching(/[!！]/)]);
    const foreign = new Set(['frame.otherLanguage']);
    for (const [key, text] of english)
      if (!foreign.has(key)) expect([key, /[\u4e00-\u9fff]/.test(text)]).toEqual([key, false]);
    for (const [key, text] of chinese)
      if (key !== 'frame.otherLanguage' && text.length > 3)
        expect([key, /[\u4e00-\u9fff]/.test(text)]).toEqual([key, true]);
  });
  test('every outcome, failure and finding has words', () => {
    for (const outcome of outcomes) expect(chinese.has(`farewell.outcomes.${outcome}.title`)).toBe(true);
    for (const kind of errorKinds) expect(chinese.has(`errors.${kind}.do`)).toBe(true);
    for (const reason of reasons) expect(chinese.has(`analysis.reason.${reason}`)).toBe(true);
    for (const kind of [
      ...messageKinds,
      'direction-share',
      'busiest-day',
      'busiest-hour',
      'top-counterpart',
      'frequent-caller',
      'repeated-transaction',
    ]) {
      expect(chinese.has(`analysis.finding.${kind}`)).toBe(true);
    }
  });
});
