/** What the customer's window holds and shows, counted in the window itself. */
import type { Page } from '@playwright/test';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';

/** Rows in the sealed pages that the window stores, by the count in each page's header (bytes 6 and 7). */
export function countHeld(page: Page): Promise<{ metadata: number; content: number }> {
  return page.evaluate(async () => {
    const rows = { metadata: 0, content: 0 };
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const walk = (value: unknown): Uint8Array | undefined => {
      if (value instanceof Uint8Array) return value;
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      if (typeof value === 'object' && value !== null)
        for (const inner of Object.values(value)) {
          const bytes = walk(inner);
          if (bytes) return bytes;
        }
      return undefined;
    };
    for (const { name } of await indexedDB.databases()) {
      if (!name) continue;
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames)
        for (const value of await settled(database.transaction(store).objectStore(store).getAll())) {
          const bytes = walk(value) ?? new Uint8Array();
          // Some pages behind one another; each begins with 'ZQSP', its version and its layer.
          for (let at = bytes.indexOf(0x5a); at >= 0; at = bytes.indexOf(0x5a, at + 1)) {
            if (String.fromCharCode(...bytes.subarray(at, at + 5)) !== 'ZQSP\u0002') continue;
            const count = (bytes[at + 6] ?? 0) + 256 * (bytes[at + 7] ?? 0);
            if (bytes[at + 5] === 0) rows.metadata += count;
            else rows.content += count;
          }
        }
      database.close();
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
