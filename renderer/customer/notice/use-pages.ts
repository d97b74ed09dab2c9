/** Pages of the notice as they fit this screen, measured on the text as it will be shown. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import { type Block, pack } from './pages.ts';

/**
 * @param viewport where a page is shown; its inner height is the capacity
 * @param ruler holds every block, laid out at the width of a page
 * @returns indexes of blocks, page by page; empty before the first measurement
 */
export function usePages(
  blocks: readonly Block[],
  viewport: RefObject<HTMLElement | null>,
  ruler: RefObject<HTMLElement | null>,
): number[][] {
  const [pages, setPages] = useState<number[][]>([]);
  useLayoutEffect(() => {
    const box = viewport.current;
    const rule = ruler.current;
    if (!box || !rule) return;
    const measure = () => {
      const heights = [...rule.children].map((child) => (child as HTMLElement).offsetHeight);
      const next = pack(blocks, heights, box.clientHeight);
      setPages((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    };
    const watcher = new ResizeObserver(measure);
    watcher.observe(box);
    watcher.observe(rule);
    measure();
    return () => watcher.disconnect();
  }, [blocks, viewport, ruler]);
  return pages;
}
