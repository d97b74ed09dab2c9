/**
 * The notice cut into pages, by its text alone: the core counts the same pages that the customer's window shows.
 * The pages hold the lines of `noticeText` in order, each exactly once. SECURITY: S9 what is shown is what is
 * hashed.
 */
import type { Language, Notice, Policy } from './policy.ts';

/** One line of the notice as text. */
export interface Block {
  kind: 'title' | 'short' | 'heading' | 'paragraph';
  text: string;
  /** The section it belongs to; `short` for the short layer. */
  section: string;
}

/** The blocks in the order in which they are hashed. */
export function blocksOf(notice: Notice): Block[] {
  return [
    { kind: 'title', text: notice.title, section: 'short' },
    ...notice.short.map((text): Block => ({ kind: 'short', text, section: 'short' })),
    ...notice.full.flatMap((section): Block[] => [
      { kind: 'heading', text: section.heading, section: section.id },
      ...section.paragraphs.map((text): Block => ({ kind: 'paragraph', text, section: section.id })),
    ]),
  ];
}

/** Lines of body text on a page, as a display of 1280 × 800 shows them; a page that is taller is scrolled. */
const PAGE_LINES = { normal: 14, large: 10 } as const;
/** Width of the column in em of its block's type, and the height of a line of it in lines of body text. */
const shapes: Record<Block['kind'], { column: number; line: number }> = {
  title: { column: 21, line: 1.35 },
  short: { column: 30, line: 1 },
  heading: { column: 27, line: 1.1 },
  paragraph: { column: 32, line: 1 },
};
/** Space after a block, in lines. */
const GAP = 0.4;
/** Han, kana and full-width signs are one em wide. */
const FULL_WIDTH = /[\u1100-\u115f\u2e80-\u303e\u3041-\uffdc]/;
/** What other characters take on average, em, with a little for lines that words leave short. */
const NARROW = 0.54;

/** How high a block stands on a page, in lines of body text. */
export function linesOf({ kind, text }: Block): number {
  const { column, line } = shapes[kind];
  let width = 0;
  for (const character of text) width += FULL_WIDTH.test(character) ? 1 : NARROW;
  return Math.max(1, Math.ceil(width / column)) * line + GAP;
}

/**
 * The pages. The short layer and each section begin a page of their own, a heading stays with what follows it,
 * and a block taller than a page has a page to itself.
 */
export function noticePages(notice: Notice, largeType: boolean): Block[][] {
  const capacity = largeType ? PAGE_LINES.large : PAGE_LINES.normal;
  const blocks = blocksOf(notice);
  const heights = blocks.map(linesOf);
  return pack(blocks, heights, capacity).map((page) => page.flatMap((i) => blocks[i] ?? []));
}

/** Number of pages by language and size of type. */
export type PageCounts = Record<Language, { normal: number; large: number }>;

export function pageCounts({ notices }: Pick<Policy, 'notices'>): PageCounts {
  const count = (language: Language) => ({
    normal: noticePages(notices[language], false).length,
    large: noticePages(notices[language], true).length,
  });
  return { 'zh-CN': count('zh-CN'), en: count('en') };
}

const headings: ReadonlySet<Block['kind'] | undefined> = new Set(['title', 'heading']);

/**
 * Packs blocks onto pages no taller than `capacity` (the unit of `heights`).
 * @returns indexes of blocks, page by page; every block on exactly one page.
 */
export function pack(blocks: readonly Block[], heights: readonly number[], capacity: number): number[][] {
  const pages: number[][] = [];
  let page: number[] = [];
  const height = (indexes: readonly number[]) => indexes.reduce((sum, i) => sum + (heights[i] ?? 0), 0);
  const turn = (carried: number[] = []) => {
    if (page.length > 0) pages.push(page);
    page = carried;
  };
  blocks.forEach((block, i) => {
    const before = blocks[i - 1];
    if (before !== undefined && before.section !== block.section) turn();
    else if (height(page) + (heights[i] ?? 0) > capacity) {
      // Headings at the end of the page go with what follows; a page of headings alone takes it as it is.
      const body = page.findLastIndex((at) => !headings.has(blocks[at]?.kind)) + 1;
      if (body > 0) {
        const carried = page.splice(body);
        turn(carried);
      }
    }
    page.push(i);
  });
  turn();
  return pages;
}
