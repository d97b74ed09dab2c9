import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageRunText, pagesOf, parsePageRun, RUN_PAGES } from '../../../shared/domain/page-run.ts';

describe('runs of pages', () => {
  it('are read back as they were written', () => {
    const run = fc
      .tuple(fc.integer({ min: 0, max: 9_999_000 }), fc.integer({ min: 0, max: RUN_PAGES - 1 }))
      .map(([first, more]) => ({ first, last: first + more }));
    fc.assert(
      fc.property(run, (one) => {
        expect(parsePageRun(pageRunText(one))).toEqual(one);
        expect(pagesOf(one)).toHaveLength(one.last - one.first + 1);
      }),
      { numRuns: 1_000 },
    );
  });
  it.each([
    '',
    '-',
    '-1',
    '0-',
    '01',
    '0-01',
    '4-3',
    '0-16',
    '0-1-2',
    '1e3',
    '0x1',
    ' 1',
    '1 ',
    '99999999',
    '../0',
  ])('have no other form: %j', (text) => expect(parsePageRun(text)).toBeUndefined());
});
