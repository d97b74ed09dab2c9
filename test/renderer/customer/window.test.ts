/**
 * The customer's window in a real browser under the strict policy: every moment without complaint, without
 * axe violations, with targets for a fingertip and nothing cut off; 20,000 records; the wipe.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as common } from '../../../renderer/ui/i18n/zh-CN.ts';
import { pageCounts } from '../../../shared/domain/notice-pages.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';
import {
  type CustomerLook,
  drawSignature,
  moments,
  prepareCustomer,
  serveReport,
  turnTo,
} from '../gallery/customer-actions.ts';
import { sessionId } from '../gallery/customer-scenes.ts';
import { type Gallery, type OpenScene, startGallery } from '../gallery/harness.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const small = { width: 1280, height: 800 };
const chinese: CustomerLook = { language: 'zh-CN', large: false };

let gallery: Gallery;
beforeAll(async () => {
  gallery = await startGallery('customer.html');
}, 180_000);
afterAll(async () => {
  await gallery.close();
});

async function withMoment(moment: string, look: CustomerLook, use: (shown: OpenScene) => Promise<void>) {
  const shown = await prepareCustomer(gallery, moment, small, look);
  try {
    await use(shown);
    expect(shown.complaints).toEqual([]);
  } finally {
    await shown.close();
  }
}

/** Axe's findings, in words. AAA contrast is asked of body text. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger: the page's policy takes no script from elsewhere.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (
          context: Document,
          options: object,
        ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const result = await axe.run(document, { rules: { 'color-contrast-enhanced': { enabled: true } } });
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
  });
}

/** What is too small, cut off or outside, in words. */
function flaws(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('the window scrolls');
    const modal = document.querySelector('dialog:modal');
    const scope = modal ?? document.body;
    const name = (element: Element) =>
      (element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 40);
    for (const element of scope.querySelectorAll('button, .field')) {
      const box = element.getBoundingClientRect();
      if (!element.checkVisibility()) continue;
      if (box.width < 64 || box.height < 64) found.push(`small: ${name(element)} ${box.width}x${box.height}`);
      if (element.matches('button') && element.scrollWidth > element.clientWidth + 1)
        found.push(`cut: ${name(element)}`);
    }
    for (const element of scope.querySelectorAll('.actions button, .header button, .dialog-actions button')) {
      const box = element.getBoundingClientRect();
      if (box.left < 0 || box.right > innerWidth + 1 || box.top < 0 || box.bottom > innerHeight + 1) {
        found.push(`outside: ${name(element)}`);
      }
    }
    const targets = [
      ...scope.querySelectorAll('.actions button, .header button, .dialog-actions button, .key'),
    ].filter((target) => !target.closest('[inert]'));
    targets.forEach((one, i) => {
      for (const other of targets.slice(i + 1)) {
        const a = one.getBoundingClientRect();
        const b = other.getBoundingClientRect();
        const apart = Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom);
        if (apart < 15.5) found.push(`crowded: ${name(one)} and ${name(other)} ${apart}`);
      }
    });
    const texts = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const parent = node.parentElement;
      if (!parent || !node.textContent?.trim() || parent.closest('.zq-hidden, script, style')) continue;
      const size = Number.parseFloat(getComputedStyle(parent).fontSize);
      if (size < 18) found.push(`small type: ${node.textContent.slice(0, 20)} ${size}`);
    }
    return found;
  });
}

const looks: CustomerLook[] = [chinese, { language: 'en', large: true }];
describe.each(looks)('in $language, large type $large', (look) => {
  let shown: OpenScene;
  beforeAll(async () => {
    shown = await prepareCustomer(gallery, 'idle', small, look);
    await serveReport(gallery, shown.page);
  });
  afterAll(async () => {
    await shown.close();
  });
  test.each(Object.keys(moments))('%s is sound', async (moment) => {
    const { page, complaints } = shown;
    complaints.length = 0;
    await turnTo(page, moment, look);
    expect(await flaws(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    expect(await page.title()).toBe('知情台');
    expect(complaints).toEqual([]);
  });
});

test('every page of the notice is counted in order before it is read', async () => {
  await withMoment('notice', chinese, async ({ page }) => {
    const done = page.getByRole('button', { name: zhCN.notice.done, exact: true });
    const next = page.getByRole('button', { name: zhCN.notice.next, exact: true });
    const seen: string[] = [];
    for (;;) {
      await done.or(next).waitFor();
      seen.push(...(await page.locator('.notice-page > *').allTextContents()));
      if (await done.isVisible()) break;
      await next.click();
    }
    await done.click();
    const calls = await page.evaluate(() => window.customer.double.calls);
    const pages = calls
      .filter(({ name }) => name === 'noticePage')
      .map(({ args }) => args as { page: number });
    expect(pages.map((args) => args.page)).toEqual(pages.map((_, i) => i + 1));
    // As many as the core counts.
    expect(pages.length).toBe(pageCounts(demoPolicy(0))['zh-CN'].normal);
    expect(calls.findLastIndex(({ name }) => name === 'noticePage')).toBeLessThan(
      calls.findIndex(({ name }) => name === 'noticeRead'),
    );
    expect(seen.length).toBeGreaterThan(10);
  });
});

describe('signature', () => {
  test('ink survives a resize and is signed in the form of ink', async () => {
    await withMoment('signature', chinese, async ({ page }) => {
      await drawSignature(page, zhCN.signature.pad);
      await page.setViewportSize({ width: 1100, height: 720 });
      const inked = () =>
        page.evaluate(() => {
          const canvas = document.querySelector('canvas');
          const context = canvas?.getContext('2d');
          if (!canvas || !context) return 0;
          return context
            .getImageData(0, 0, canvas.width, canvas.height)
            .data.filter((_, i) => i % 4 === 3)
            .filter(Boolean).length;
        });
      await expect.poll(inked).toBeGreaterThan(200);
      await page.getByRole('button', { name: zhCN.signature.sign, exact: true }).click();
      const [call] = await page.evaluate(() =>
        window.customer.double.calls.filter(({ name }) => name === 'sign'),
      );
      const ink = call?.args as { strokes: unknown[][]; device: string };
      expect(ink.strokes.length).toBe(2);
      expect(ink.device).toBe('mouse');
    });
  });
  test('an empty pad is refused in words and nothing is signed', async () => {
    await withMoment('signature', chinese, async ({ page }) => {
      await page.getByRole('button', { name: zhCN.signature.sign, exact: true }).click();
      await page.getByText(zhCN.signature.empty).waitFor();
      await drawSignature(page, zhCN.signature.pad);
      await page.getByRole('button', { name: zhCN.signature.clear, exact: true }).click();
      await page.getByRole('button', { name: zhCN.signature.sign, exact: true }).click();
      const calls = await page.evaluate(() => window.customer.double.calls.map(({ name }) => name));
      expect(calls).not.toContain('sign');
    });
  });
});

test('identity: keypad, letters and the core gets only what was asked for', async () => {
  await withMoment('identity', chinese, async ({ page }) => {
    const key = (name: string) =>
      page
        .locator('.key')
        .filter({ hasText: new RegExp(`^${name}$`) })
        .click();
    await page.getByRole('button', { name: zhCN.identity.letters, exact: true }).click();
    for (const letter of 'abz') await key(letter);
    await key(zhCN.identity.digits);
    for (const digit of '907') await key(digit);
    await page.getByLabel(zhCN.identity.fields['one-time-code'], { exact: true }).focus();
    for (const digit of '1234569') await key(digit);
    await page.getByRole('button', { name: zhCN.identity.erase }).click();
    await page.getByRole('button', { name: zhCN.identity.submit, exact: true }).click();
    const [call] = await page.evaluate(() =>
      window.customer.double.calls.filter(({ name }) => name === 'prove'),
    );
    expect(call?.args).toEqual({ servicePassword: 'abz907', oneTimeCode: '123456' });
  });
});

test('a tick for the lookup is needed, and none is set beforehand', async () => {
  await withMoment('ticks', chinese, async ({ page }) => {
    const boxes = page.getByRole('checkbox');
    expect(await boxes.count()).toBe(7);
    for (const box of await boxes.all()) expect(await box.isChecked()).toBe(false);
    const submit = page.getByRole('button', { name: zhCN.ticks.submit, exact: true });
    await submit.click();
    await page.getByText(zhCN.ticks.needLookup).waitFor();
    await boxes.first().check({ force: true });
    await submit.click();
    const [call] = await page.evaluate(() =>
      window.customer.double.calls.filter(({ name }) => name === 'tick'),
    );
    expect(call?.args).toEqual({
      lookup: true,
      analysis: false,
      release: false,
      keep: false,
      contact: false,
      marketing: false,
      richInk: false,
    });
  });
});

test('20,000 records: a minute of flicking loses no input, and few rows are in the page', async () => {
  await withMoment('reading-many', chinese, async ({ page }) => {
    await page.evaluate(() => {
      const seen = { wheels: 0, long: [] as number[] };
      Object.assign(window, { seen });
      document.addEventListener('wheel', () => seen.wheels++, { passive: true });
      new PerformanceObserver((list) => {
        seen.long.push(...list.getEntries().map((entry) => entry.duration));
      }).observe({ entryTypes: ['longtask'] });
    });
    const list = page.locator('.list');
    await list.hover();
    const turns = 120;
    for (let i = 0; i < turns; i++) await page.mouse.wheel(0, i % 10 === 9 ? 90_000 : 2_400);
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { seen: { wheels: number } }).seen.wheels))
      .toBe(turns);
    await list.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
    await page.locator('.row[data-index="0"]').waitFor();
    expect(await page.locator('.row').count()).toBeLessThan(60);
    const { long } = await page.evaluate(() => (window as unknown as { seen: { long: number[] } }).seen);
    console.log(
      `20,000 rows, ${turns} wheel turns: ${long.length} long tasks, longest ${Math.round(Math.max(0, ...long))} ms`,
    );
  });
});

test('released rows: the core gets what was ticked, with its proof', async () => {
  await withMoment('reading-release', chinese, async ({ page }) => {
    await page.getByRole('button', { name: zhCN.records.showConfirm, exact: true }).click();
    await expect
      .poll(() => page.evaluate(() => window.customer.double.calls.some(({ name }) => name === 'release')))
      .toBe(true);
    const [call] = await page.evaluate(() =>
      window.customer.double.calls.filter(({ name }) => name === 'release'),
    );
    const { rows } = (call?.args ?? { rows: [] }) as { rows: { index: number; showPeer: boolean }[] };
    expect(rows.map(({ index, showPeer }) => [index, showPeer])).toEqual([
      [1284, false],
      [1285, false],
    ]);
  });
});

test('the report is laid out for paper with every row before the core prints', async () => {
  await withMoment('composing', chinese, async ({ page }) => {
    await page.getByRole('button', { name: zhCN.report.make, exact: true }).click();
    await expect
      .poll(() => page.evaluate(() => window.customer.double.calls.some(({ name }) => name === 'makeReport')))
      .toBe(true);
    expect(await page.locator('.paper-rows tbody tr').count()).toBe(1286);
    expect(await page.locator('.paper').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.paper').isVisible()).toBe(true);
    expect(await page.locator('#root').isVisible()).toBe(false);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(20);
  });
});

test('the wipe: nothing typed or read stays, the store is wiped, then the core is told', async () => {
  await withMoment('reading-search', chinese, async ({ page }) => {
    const wiped = await page.evaluate(async (id) => {
      const { double, show, stores } = window.customer;
      double.push('wipe', { sessionId: id });
      const text = document.body.textContent;
      while (!double.calls.some(({ name }) => name === 'wiped'))
        await new Promise((next) => setTimeout(next));
      const gone = stores.every((store) => store.wiped());
      show({ phase: 'serving.followUp' });
      return { text, gone, calls: double.calls.filter(({ name }) => name === 'wiped') };
    }, sessionId);
    expect(wiped.text).not.toContain('快递');
    expect(wiped.text).not.toContain('106901234555');
    expect(wiped.gone).toBe(true);
    expect(wiped.calls).toEqual([{ name: 'wiped', args: { sessionId } }]);
    await page.getByText(zhCN.farewell.wiped).waitFor();
    const kept = await page.evaluate(() => [
      localStorage.length,
      sessionStorage.length,
      document.cookie,
      location.hash,
    ]);
    expect(kept).toEqual([0, 0, '', '']);
  });
});

test('a password is not in memory once its page is gone', async () => {
  await withMoment('identity', chinese, async ({ page }) => {
    await page
      .getByLabel(zhCN.identity.fields['service-password'], { exact: true })
      .pressSequentially('zqsentinel77');
    await page.evaluate((id) => {
      window.customer.double.push('wipe', { sessionId: id });
      window.customer.show('idle');
    }, sessionId);
    await page.getByText(zhCN.idle.promise).waitFor();
    expect(await heapHolds(page, /zqsentinel77/)).toBe(false);
  });
});

test('no record that was read, opened, explained or laid out for paper is in memory after the wipe', async () => {
  const { page, complaints, close } = await gallery.open('reading', { ...small, query: { mark: 'ZQROW-' } });
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await page.locator('.row[data-index]').first().waitFor();
  await page.locator('.row-open').nth(2).click();
  await press(zhCN.detail.close);
  await page.getByLabel(zhCN.records.search).fill('快递');
  await page.locator('mark').first().waitFor();
  await press(zhCN.records.analysis);
  await page.locator('.findings button').nth(3).click();
  await page.locator('.evidence li').first().waitFor();
  expect(await heapHolds(page, /ZQROW-\d/)).toBe(true);
  await press(zhCN.dialog.close);
  await page.evaluate(() => window.customer.show('composing'));
  await press(zhCN.report.make);
  await page.locator('.paper[data-complete]').waitFor({ state: 'attached' });
  await page.evaluate(() => window.customer.show('reading'));
  await page.locator('.row[data-index]').first().waitFor();
  await page.evaluate((id) => {
    window.customer.double.push('wipe', { sessionId: id });
    window.customer.show('idle');
  }, sessionId);
  await page.getByText(zhCN.idle.promise).waitFor();
  expect(await heapHolds(page, /ZQROW-\d/)).toBe(false);
  expect(complaints).toEqual([]);
  await close();
});

/** Whether a string that matches is in the page's heap after a collection. */
async function heapHolds(page: Page, wanted: RegExp): Promise<boolean> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const parts: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  const { strings } = JSON.parse(parts.join('')) as { strings: string[] };
  return strings.some((text) => wanted.test(text));
}

describe('leaving', () => {
  test.each([
    ['question', zhCN.stopDialog.body],
    ['kept-reading', zhCN.kept.leave],
    ['withdraw-choosing', zhCN.withdrawal.stopBody],
    // Whether it counts is not known: nothing is promised.
    ['withdraw-failed', zhCN.withdrawal.stopMaybe],
  ])('from %s says what becomes of what is there', async (moment, words) => {
    await withMoment(moment, chinese, async ({ page }) => {
      await page.getByRole('button', { name: zhCN.frame.stop, exact: true }).click();
      await page.getByRole('dialog').getByText(words, { exact: true }).waitFor();
    });
  });
  test('a question that is answered with no gives the focus back to what asked it', async () => {
    await withMoment('question', chinese, async ({ page }) => {
      const stop = page.getByRole('button', { name: zhCN.frame.stop, exact: true });
      await stop.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: zhCN.stopDialog.back, exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await stop.evaluate((button) => button === document.activeElement)).toBe(true);
    });
  });
});

describe('rows that cannot be read', () => {
  /** Lets the store fail, and goes to rows that it has not given yet. */
  async function loseRows(page: Page): Promise<void> {
    await page.evaluate(() => {
      const store = window.customer.stores.at(-1);
      if (!store) throw new TypeError('no store');
      const { readFull } = store;
      let asked = 0;
      Object.assign(store, {
        readFull: () => {
          asked++;
          return Promise.reject(new TypeError('lost'));
        },
      });
      Object.assign(window, { asked: () => asked, mend: () => Object.assign(store, { readFull }) });
    });
    await page.locator('.list').evaluate((box) => box.scrollTo({ top: box.scrollHeight / 2 }));
  }
  const asked = (page: Page) => page.evaluate(() => (window as unknown as { asked: () => number }).asked());

  test('are asked for once, and again when the customer says so', async () => {
    await withMoment('reading-many', chinese, async ({ page }) => {
      await loseRows(page);
      const again = page.getByRole('button', { name: zhCN.records.again, exact: true });
      await again.waitFor();
      const first = await asked(page);
      // Long enough for hundreds of tries.
      await page.evaluate(async () => {
        for (let i = 0; i < 30; i++) await new Promise((next) => requestAnimationFrame(next));
      });
      expect(await asked(page)).toBe(first);
      expect(first).toBeLessThan(4);
      await page.evaluate(() => (window as unknown as { mend: () => void }).mend());
      await again.click();
      await page.locator('.row[data-index]').first().waitFor();
      expect(await again.count()).toBe(0);
    });
  });
});

describe('staff take the screen back', () => {
  const enter = async (page: Page) => {
    await page.getByLabel(zhCN.handBack.pin, { exact: true }).fill('246810');
    await page.getByRole('button', { name: zhCN.handBack.confirm, exact: true }).click();
  };
  test('and are told how many tries are left, and what happens then', async () => {
    await withMoment('hand-back', chinese, async ({ page }) => {
      await page.evaluate(() =>
        window.customer.double.refuse('returnScreen', 'pin-refused', { triesLeft: 2 }),
      );
      await enter(page);
      await page.getByRole('alert').getByText(zhCN.handBack.wrong.replace('{{n}}', '2')).waitFor();
      expect(await flaws(page)).toEqual([]);
    });
  });
  test('and a right PIN that fails for another reason is not called wrong', async () => {
    await withMoment('hand-back', chinese, async ({ page }) => {
      await page.evaluate(() => window.customer.double.refuse('returnScreen', 'audit-failed'));
      await enter(page);
      await page.getByRole('alert').getByText(common.errors['audit-failed'].what).waitFor();
      expect(await page.getByText('口令不对').count()).toBe(0);
      expect(await flaws(page)).toEqual([]);
      expect(await violations(page)).toEqual([]);
    });
  });
});

describe('the receipt', () => {
  test('is asked for once, however often the button is pressed, and says that it is on its way', async () => {
    await withMoment('composing', chinese, async ({ page }) => {
      await page.evaluate(() => {
        window.customer.double.answer({ openProof: () => new Promise(() => undefined) });
      });
      await page.getByRole('button', { name: zhCN.report.make, exact: true }).click();
      // Pressed all the same.
      const force = { force: true };
      await page.getByRole('button', { name: zhCN.receipt.makingBody, exact: true }).click(force);
      await page.getByRole('button', { name: zhCN.report.receiptOnly, exact: true }).click(force);
      const calls = await page.evaluate(() => window.customer.double.calls.map(({ name }) => name));
      expect(calls.filter((name) => name === 'openProof')).toHaveLength(1);
    });
  });
  test('that a new window cannot get says why, and can be asked for again', async () => {
    await withMoment('idle', chinese, async ({ page }) => {
      await page.evaluate(() => {
        window.customer.double.refuse('openProof', 'central-unreachable');
        window.customer.show('receipt');
      });
      await page.locator('.zq-error[data-kind="central-unreachable"]').waitFor();
      // Nobody is asked to take a picture of a page without its code.
      await page.getByText(zhCN.receipt.bodyWithoutCode, { exact: true }).waitFor();
      expect(await flaws(page)).toEqual([]);
      expect(await violations(page)).toEqual([]);
      await page.evaluate(() => window.customer.double.answer({ openProof: window.customer.proof }));
      await page.getByRole('button', { name: zhCN.failure.retry, exact: true }).click();
      await page.locator('.receipt-code svg').waitFor();
      expect(await page.locator('.zq-error').count()).toBe(0);
      expect(await page.getByText(zhCN.receipt.bodyWithoutCode, { exact: true }).count()).toBe(0);
    });
  });
});

describe('presence', () => {
  test('one touch answers the question whether somebody is there', async () => {
    await withMoment('still-there', chinese, async ({ page }) => {
      await page.getByRole('button', { name: zhCN.presence.here }).click();
      const calls = await page.evaluate(() => window.customer.double.calls.map(({ name }) => name));
      expect(calls).toContain('touch');
    });
  });
  test('of one who came back says that what is kept stays', async () => {
    await withMoment('kept-reading', chinese, async ({ page }) => {
      await page.evaluate(() => window.customer.show({ presence: 'asking' }));
      await page.getByText(zhCN.kept.silence, { exact: true }).waitFor();
    });
  });
  test('in hand-over mode nothing of the customer is on a display that staff hold', async () => {
    await withMoment('question', chinese, async ({ page }) => {
      await page.evaluate(() => window.customer.show({ screen: { mode: 'handover', holder: 'staff' } }));
      await page.locator('.blank').waitFor();
      expect(await page.locator('#root').textContent()).toBe(zhCN.blank);
    });
  });
});
