/** What the customer's window holds and shows, counted in the window itself. */
import type { Page } from '@playwright/test';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';

/** Rows in the sealed pages that the window stores, by the count in each page's header (bytes 6 and 7). */
export function countHeld(page: Page): Promise<{ metadata: number; content: number }> {
  return page.evaluate(async () => {
    const rows = { metadata: 0, content: 0 };
    /** A file that was written after it was asked for cannot be read: it is asked for again. */
    const bytesOf = async (handle: FileSystemFileHandle): Promise<Uint8Array> => {
      try {
        return new Uint8Array(await (await handle.getFile()).arrayBuffer());
      } catch (thrown) {
        if (!(thrown instanceof DOMException) || thrown.name !== 'NotReadableError') throw thrown;
        return bytesOf(handle);
      }
    };
    const folder = await navigator.storage.getDirectory();
    for await (const handle of folder.values()) {
      if (!(handle instanceof FileSystemFileHandle)) continue;
      const bytes = await bytesOf(handle);
      // Pages stand behind one another; each begins with 'ZQSP', its version and its layer.
      for (let at = bytes.indexOf(0x5a); at >= 0; at = bytes.indexOf(0x5a, at + 1)) {
        if (String.fromCharCode(...bytes.subarray(at, at + 5)) !== 'ZQSP\u0001') continue;
        const count = (bytes[at + 6] ?? 0) + 256 * (bytes[at + 7] ?? 0);
        if (bytes[at + 5] === 0) rows.metadata += count;
        else rows.content += count;
      }
    }
    return rows;
  });
}

/** Scrolls the list from its top to its end and counts the distinct rows whose text stood on the screen. */
export function countShown(page: Page): Promise<number> {
  return page.getByRole('list', { name: zhCN.records.list }).evaluate(async (list) => {
    const box = list.parentElement;
    if (!box) return 0;
    const seen = new Set<string>();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const look = () => {
      for (const row of list.querySelectorAll('li[data-index]'))
        seen.add(row.getAttribute('data-index') ?? '');
      // Rows still on their way have no index yet.
      return list.querySelectorAll('li:not([data-index])').length === 0;
    };
    const settle = async () => {
      for (let tries = 0; tries < 600; tries++) {
        await frame();
        if (look()) return;
      }
    };
    box.scrollTo({ top: 0 });
    await settle();
    while (box.scrollTop + box.clientHeight < box.scrollHeight - 2) {
      box.scrollBy({ top: box.clientHeight });
      await settle();
    }
    box.scrollTo({ top: 0 });
    await settle();
    return seen.size;
  });
}
