/** Whether a page goes on below what is seen: then it says so, and nobody signs half a page. */
import { type RefObject, useEffect, useState } from 'react';

/** Pixels that don't count as more. */
const SLACK = 8;

export function useMoreBelow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
): boolean {
  const [more, setMore] = useState(false);
  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!box || !inner) return;
    const look = () => {
      const end = inner.offsetTop + inner.offsetHeight - box.offsetTop;
      setMore(box.scrollTop + box.clientHeight < end - SLACK);
    };
    const watcher = new ResizeObserver(look);
    watcher.observe(box);
    watcher.observe(inner);
    box.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      watcher.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [scroller, content]);
  return more;
}
