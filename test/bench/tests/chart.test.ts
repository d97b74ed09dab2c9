import { expect, test } from 'vitest';
import { contestantNames } from '../peers/names.ts';
import { drawChart } from '../report/chart.ts';
import { spreadOf } from '../report/figures.ts';
import type { Figures } from '../report/result.ts';

const figures: Figures = {
  dexie: { load: spreadOf([7_000, 8_000]), searchFirst: spreadOf([447]), remove: spreadOf([576]) },
  sealed: { load: spreadOf([120, 140]), searchFirst: spreadOf([30]), remove: spreadOf([9]) },
};

test('every contestant that was there has its marks, and no other', () => {
  const svg = drawChart(100_000, figures, contestantNames);
  expect(svg).toContain('100,000 records');
  for (const text of ['dexie: 7,500 ms (7,000 to 8,000)', 'sealed: 130 ms', 'sealed: 9.00 ms'])
    expect(svg).toContain(text);
  expect(svg).not.toContain('sqlite');
  expect(svg).not.toMatch(/NaN|undefined/);
});
