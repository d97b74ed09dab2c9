/**
 * The notice cut into pages that fit the screen. The pages hold the lines of `noticeText` (shared/domain/
 * policy) in order, each exactly once. SECURITY: S9 what is shown is what is hashed.
 */
import type { Notice } from '../../../shared/domain/policy.ts';

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

const headings: ReadonlySet<Block['kind'] | undefined> = new Set(['title', 'heading']);

/**
 * Packs blocks onto pages no taller than `capacity` (the unit of `heights`). The short layer and each
 * section begin a page of their own, a heading stays with what follows it, and a block taller than a page
 * has a page to itself (it is scrolled there).
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
