/** When the customer sees the first message, told by the window itself. */
import type { Page } from '@playwright/test';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';

/** Far above what any step takes. Milliseconds. */
const DEADLINE_MS = 60_000;

/**
 * Resolves with the first frame that shows a message, or says that there is none. The window looks at each of its own
 * frames: Playwright's `waitFor` would look twice a second in the end, which is a third of what is measured.
 */
export async function firstMessage(page: Page): Promise<void> {
  const { list, emptyTitle } = zhCN.records;
  const seen = await page.evaluate(
    async ({ list, emptyTitle, deadline }) => {
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const isThere = () => {
        const row = document.querySelector(`[aria-label="${list}"] li[data-index]`);
        const box = row?.getBoundingClientRect();
        if (box && box.width * box.height > 0) return true;
        return [...document.querySelectorAll('h1')].some(({ textContent }) => textContent === emptyTitle);
      };
      for (let now = await frame(), until = now + deadline; now < until; now = await frame()) {
        if (!isThere()) continue;
        // The frame that holds it has been drawn when the next one begins.
        await frame();
        return true;
      }
      return false;
    },
    { list, emptyTitle, deadline: DEADLINE_MS },
  );
  if (!seen) throw new Error(`no message within ${DEADLINE_MS / 1000} s of the signature`);
}
