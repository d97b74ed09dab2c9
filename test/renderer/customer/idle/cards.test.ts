import { expect, test } from 'vitest';
import { zhCN } from '../../../../renderer/customer/i18n/zh-CN.ts';
import { cardOf, cards } from '../../../../renderer/customer/idle/cards.ts';

test('a card a day in China, all in turn, each in the catalogue', () => {
  const noon = Date.parse('2026-11-21T12:00:00+08:00');
  const week = cards.map((_, i) => cardOf(noon + i * 86_400_000));
  expect(new Set(week).size).toBe(cards.length);
  expect(cardOf(Date.parse('2026-11-21T00:00:00+08:00'))).toBe(
    cardOf(Date.parse('2026-11-21T23:59:59+08:00')),
  );
  for (const card of cards) expect(zhCN.cards[card].title).not.toBe('');
});
