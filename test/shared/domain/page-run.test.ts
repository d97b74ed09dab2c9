import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answersOf,
  pageRunText,
  pagesOf,
  parsePageRun,
  RUN_BYTES,
  RUN_PAGES,
  runsOf,
} from '../../../shared/domain/page-run.ts';

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
    `0-${RUN_PAGES}`,
    '0-1-2',
    '1e3',
    '0x1',
    ' 1',
    '1 ',
    '99999999',
    '../0',
  ])('have no other form: %j', (text) => expect(parsePageRun(text)).toBeUndefined());

  it('hold all pages in order, as many as one answer may bring', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.constant(2 * RUN_BYTES)), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(sizes, (all) => {
        const pages = all.map((bytes, page) => ({ page, bytes }));
        const runs = runsOf(pages);
        expect(runs.flat()).toEqual(pages);
        const bytesOf = (run: typeof pages) => run.reduce((sum, { bytes }) => sum + bytes, 0);
        for (const [i, run] of runs.entries()) {
          expect(run.length).toBeLessThanOrEqual(RUN_PAGES);
          if (run.length > 1) expect(bytesOf(run)).toBeLessThanOrEqual(RUN_BYTES);
          // No run could have taken the next one's first page too.
          const [next] = runs[i + 1] ?? [];
          const isFull = next && (run.length === RUN_PAGES || bytesOf(run) + next.bytes > RUN_BYTES);
          if (next) expect(isFull).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
  it('of blocks bring neighbours together, none of them in part', () => {
    // Blocks by number, some of them left out: each so many pages of 1 KB.
    const blocks = fc.uniqueArray(
      fc.record({ number: fc.nat(300), pages: fc.integer({ min: 1, max: 40 }) }),
      {
        selector: ({ number }) => number,
      },
    );
    fc.assert(
      fc.property(blocks, fc.constantFrom(1, -1), (some, step) => {
        const ordered = some.sort((a, b) => step * (a.number - b.number));
        const answers = answersOf(
          ordered,
          ({ pages }) => ({ pages, bytes: 1024 * pages }),
          (before, block) => block.number === before.number + step,
        );
        expect(answers.flat()).toEqual(ordered);
        const sizeOf = (answer: typeof ordered) => answer.reduce((sum, { pages }) => sum + pages, 0);
        for (const [i, answer] of answers.entries()) {
          expect(sizeOf(answer)).toBeLessThanOrEqual(RUN_PAGES);
          for (const [j, { number }] of answer.entries()) {
            if (j > 0) expect(number - (answer[j - 1]?.number ?? 0)).toBe(step);
          }
          const [next] = answers[i + 1] ?? [];
          const isNeighbour = next && next.number === (answer.at(-1)?.number ?? 0) + step;
          if (isNeighbour) expect(sizeOf(answer) + next.pages).toBeGreaterThan(RUN_PAGES);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
