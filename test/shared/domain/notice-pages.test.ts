import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Block,
  blocksOf,
  linesOf,
  noticePages,
  pack,
  pageCounts,
} from '../../../shared/domain/notice-pages.ts';
import { languages, noticeText } from '../../../shared/domain/policy.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const policy = demoPolicy(0);

describe('blocks', () => {
  test.each(['zh-CN', 'en'] as const)('hold exactly the hashed text (%s)', (language) => {
    const blocks = blocksOf(policy.notices[language]);
    expect(blocks.map(({ text }) => text).join('\n')).toBe(noticeText(policy, language));
  });
});

const blockArbitrary = fc.record({
  kind: fc.constantFrom<Block['kind']>('short', 'heading', 'paragraph'),
  text: fc.string(),
  section: fc.constantFrom('a', 'b', 'c'),
});

describe('pack', () => {
  test('every block is on exactly one page, in order; no page is empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(blockArbitrary, fc.integer({ min: 1, max: 400 }))),
        fc.integer({ min: 100, max: 900 }),
        (pairs, capacity) => {
          const blocks = pairs.map(([block]) => block);
          const heights = pairs.map(([, height]) => height);
          const pages = pack(blocks, heights, capacity);
          expect(pages.flat()).toEqual(blocks.map((_, i) => i));
          for (const page of pages) {
            expect(page.length).toBeGreaterThan(0);
            expect(new Set(page.map((i) => blocks[i]?.section)).size).toBe(1);
            // Too tall only where a block, or what stays with its heading, is.
            const height = page.reduce((sum, i) => sum + (heights[i] ?? 0), 0);
            const kept = page.slice(0, -1).every((i) => blocks[i]?.kind === 'heading');
            expect(height <= capacity || kept).toBe(true);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('a heading is not left alone at the end of a page', () => {
    const blocks: Block[] = [
      { kind: 'paragraph', text: '', section: 'a' },
      { kind: 'heading', text: '', section: 'b' },
      { kind: 'paragraph', text: '', section: 'b' },
    ];
    expect(pack(blocks, [50, 50, 90], 100)).toEqual([[0], [1, 2]]);
  });
});

describe('pages', () => {
  test('hold the hashed text, whole and in order, in every language and size', () => {
    for (const language of languages) {
      for (const largeType of [false, true]) {
        const pages = noticePages(policy.notices[language], largeType);
        expect(
          pages
            .flat()
            .map(({ text }) => text)
            .join('\n'),
        ).toBe(noticeText(policy, language));
        expect(pageCounts(policy)[language][largeType ? 'large' : 'normal']).toBe(pages.length);
      }
    }
  });

  test('larger type never needs fewer', () => {
    const counts = pageCounts(policy);
    for (const language of languages)
      expect(counts[language].large).toBeGreaterThanOrEqual(counts[language].normal);
  });

  test('more text never takes fewer lines', () => {
    const text = fc.string({ unit: fc.constantFrom('知', '情', 'a', 'W', ' ', '，') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const block: Block = { kind: 'paragraph', text: a, section: 's' };
        expect(linesOf({ ...block, text: a + b })).toBeGreaterThanOrEqual(linesOf(block));
      }),
      { numRuns: 1_000 },
    );
  });
});
