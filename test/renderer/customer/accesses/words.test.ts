import { describe, expect, it } from 'vitest';
import { byDay } from '../../../../renderer/customer/accesses/days.ts';
import { accesses as en } from '../../../../renderer/customer/i18n/accesses-en.ts';
import { accesses as zhCN } from '../../../../renderer/customer/i18n/accesses-zh-CN.ts';
import { accessKinds, maySeeAccesses } from '../../../../shared/domain/accesses.ts';
import { counterKinds } from '../../../central/accesses/kinds.ts';

describe('words of an access', () => {
  for (const [language, words] of Object.entries({ 'zh-CN': zhCN, en })) {
    it(`${language}: every kind has a sentence, and a refused one wherever it can be refused`, () => {
      const only: readonly string[] = Object.values(counterKinds).flatMap(({ kind, outcome }) =>
        outcome === 'allowed' && kind !== 'rows-released' ? [kind] : [],
      );
      for (const kind of accessKinds) {
        const said: Record<string, string> = words.what[kind];
        if (kind === 'layer-opened') expect(Object.keys(said)).toEqual(['customer', 'staff']);
        else {
          expect(said.allowed, kind).toBeTruthy();
          if (!only.includes(kind)) expect(said.refused, kind).toBeTruthy();
        }
      }
    });
  }
});

describe('days of a list', () => {
  it("are China's, in the order of the list, neighbours together", () => {
    const at = (time: string) => ({ at: time });
    const list = [
      at('2026-11-21T16:30:00.000Z'),
      at('2026-11-21T15:59:00.000Z'),
      at('2026-11-20T16:00:00.000Z'),
      at('2026-11-20T15:59:59.999Z'),
    ];
    expect(byDay(list).map(({ day, entries }) => [day, entries.length])).toEqual([
      ['2026-11-22', 1],
      ['2026-11-21', 2],
      ['2026-11-20', 1],
    ]);
    expect(byDay([])).toEqual([]);
  });
});

describe('whose right it is', () => {
  it("the subject's and a guardian's", () => {
    const kinds = ['self', 'guardian', 'agent', 'relative'] as const;
    expect(kinds.filter(maySeeAccesses)).toEqual(['self', 'guardian']);
  });
});
