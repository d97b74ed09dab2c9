/** Moments of the customer's window that need a hand: a scene and what is done in it. */
import type { Page } from '@playwright/test';
import { en } from '../../../renderer/customer/i18n/en.ts';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';
import type { CustomerView } from '../../../shared/contract/views.ts';
import { noAccesses } from './accesses.ts';
import { type SceneName, scenes, sessionId } from './customer-scenes.ts';
import type { Gallery, OpenScene } from './harness.ts';

export interface CustomerLook {
  language: 'zh-CN' | 'en';
  large: boolean;
}
type Words = typeof zhCN;
type Act = (page: Page, words: Words) => Promise<void>;

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Draws two strokes on the pad. */
export async function drawSignature(page: Page, label: string): Promise<void> {
  const box = await page.getByRole('img', { name: label }).boundingBox();
  if (!box) throw new Error('no pad');
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  for (const stroke of [
    [at(0.2, 0.4), at(0.3, 0.3), at(0.35, 0.7), at(0.28, 0.75)],
    [at(0.4, 0.35), at(0.5, 0.6), at(0.6, 0.3), at(0.62, 0.72)],
  ]) {
    const [first, ...rest] = stroke;
    if (!first) continue;
    await page.mouse.move(...first);
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...point, { steps: 12 });
    await page.mouse.up();
  }
}

/** A report of some pages, as Chromium prints one. */
export async function serveReport(gallery: Gallery, page: Page): Promise<void> {
  const press = await gallery.browser.newPage();
  await press.setContent(
    '<style>h1{break-after:page}</style><h1>通信记录查询报告</h1><h1>记录明细</h1><p>139****0001</p>',
  );
  const body = await press.pdf({ format: 'A4' });
  await press.close();
  await page.route('**/report/*.pdf', (route) => route.fulfill({ body, contentType: 'application/pdf' }));
}

const plain: Act = async () => undefined;
const records: Act = async (page) => {
  await page.locator('.row[data-index]').first().waitFor();
};

async function openAccesses(page: Page, words: Words): Promise<void> {
  await press(page, words.accesses.button);
  await page.locator('.access').first().waitFor();
}

/** What is done in a scene before it is looked at. */
const acts: Partial<Record<SceneName, Act>> = {
  notice: async (page) => {
    await page.locator('.notice-page > *').first().waitFor();
  },
  reading: records,
  'reading-many': records,
  'keeping-reading': records,
  'kept-reading': records,
};
const more: Record<string, { scene: SceneName; act: Act }> = {
  'notice-2': {
    scene: 'notice',
    act: (page, words) => press(page, words.notice.next),
  },
  'identity-typed': {
    scene: 'identity-three',
    act: async (page, words) => {
      await page.getByLabel(words.identity.fields['service-password'], { exact: true }).fill('secret1');
      await page
        .getByLabel(words.identity.fields['identity-number'], { exact: true })
        .fill('11010519491231002X');
      await press(page, words.identity.shuffle);
      await press(page, words.identity.submit);
    },
  },
  'identity-letters': { scene: 'identity', act: (page, words) => press(page, words.identity.letters) },
  'ticks-some': {
    scene: 'ticks',
    act: async (page, words) => {
      await page.getByRole('checkbox', { name: words.ticks.grants.analysis }).check({ force: true });
      await press(page, words.ticks.submit);
    },
  },
  'signature-drawn': { scene: 'signature', act: (page, words) => drawSignature(page, words.signature.pad) },
  'signature-empty': { scene: 'signature', act: (page, words) => press(page, words.signature.sign) },
  'signature-cannot': { scene: 'signature', act: (page, words) => press(page, words.signature.cannot) },
  'reading-search': {
    scene: 'reading',
    act: async (page, words) => {
      await records(page, words);
      await page.getByLabel(words.records.search).fill('快递');
      await page.locator('mark').first().waitFor();
      await page.locator('.row input').nth(0).check();
      await page.locator('.row input').nth(1).check();
    },
  },
  'reading-dates': {
    scene: 'reading',
    act: (page, words) => press(page, `${words.records.dates} ${words.records.allDates}`),
  },
  'reading-release': {
    scene: 'reading',
    act: async (page, words) => {
      await records(page, words);
      await page.locator('.row input').nth(0).check();
      await page.locator('.row input').nth(1).check();
      await press(page, words.records.show.replace('{{count}}', '2'));
    },
  },
  'reading-detail': {
    scene: 'reading',
    act: async (page, words) => {
      await records(page, words);
      await page.locator('.row-open').nth(2).click();
    },
  },
  'reading-nothing': {
    scene: 'reading',
    act: async (page, words) => {
      await page.getByLabel(words.records.search).fill('没有这样的词');
      await page.locator('.list-none').waitFor();
    },
  },
  findings: {
    scene: 'reading',
    act: async (page, words) => {
      await press(page, words.records.analysis);
      await page.locator('.findings li').first().waitFor();
    },
  },
  evidence: {
    scene: 'reading',
    act: async (page, words) => {
      await press(page, words.records.analysis);
      await page.locator('.findings button').nth(3).click();
      await page.locator('.evidence li').first().waitFor();
    },
  },
  accesses: { scene: 'reading', act: openAccesses },
  'accesses-older': {
    scene: 'question',
    act: async (page, words) => {
      await openAccesses(page, words);
      await press(page, words.accesses.older);
      await page.locator('.access').nth(20).scrollIntoViewIfNeeded();
    },
  },
  'accesses-refused': {
    scene: 'composing',
    act: async (page, words) => {
      await openAccesses(page, words);
      await page.getByRole('radio', { name: words.accesses.refusedOnly }).check({ force: true });
      await page.locator('.access[data-outcome="allowed"]').first().waitFor({ state: 'detached' });
    },
  },
  'accesses-none': {
    scene: 'ticks',
    act: async (page, words) => {
      await page.evaluate((none) => window.customer.double.answer({ accesses: () => none }), noAccesses);
      await press(page, words.accesses.button);
      await page.getByText(words.accesses.none).waitFor();
    },
  },
  'accesses-failed': {
    scene: 'signature',
    act: async (page, words) => {
      await page.evaluate(() =>
        // An answer that the contract does not know fails as one of central's would.
        window.customer.double.answer({ accesses: () => Promise.reject(new TypeError('away')) }),
      );
      await press(page, words.accesses.button);
      await page.getByRole('button', { name: words.accesses.again }).waitFor();
    },
  },
  'keeping-stop': { scene: 'keeping-reading', act: (page, words) => press(page, words.kept.stop) },
  'keeping-done': { scene: 'keeping-reading', act: (page, words) => press(page, words.records.finish) },
  'kept-stop': { scene: 'kept-reading', act: (page, words) => press(page, words.kept.stop) },
  'kept-done': { scene: 'kept-reading', act: (page, words) => press(page, words.records.finish) },
  'stop-asked': { scene: 'question', act: (page, words) => press(page, words.frame.stop) },
  'hand-back': { scene: 'handover', act: (page, words) => press(page, words.handBack.button) },
};

/** Every moment by name: the plain scenes and those that need a hand. */
export const moments: Record<string, { scene: SceneName; act: Act }> = {
  ...Object.fromEntries(
    (Object.keys(scenes) as SceneName[]).map((scene) => [scene, { scene, act: acts[scene] ?? plain }]),
  ),
  ...more,
};
export type Moment = keyof typeof moments;

/** Waits until what a scene fetches is on the page. */
async function settled(page: Page, scene: SceneName): Promise<void> {
  if (scene === 'receipt' || scene === 'keeping-receipt') {
    await page.locator('.receipt-code svg').waitFor();
    // The code makes the page longer: the frame after it says so.
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
  }
  if (scene === 'preview') {
    await page.waitForFunction(() => (document.querySelector('canvas')?.width ?? 0) > 400);
  }
}
const wordsOf = (language: CustomerLook['language']) => (language === 'en' ? (en as Words) : zhCN);

/** Opens a moment in a look. */
export async function prepareCustomer(
  gallery: Gallery,
  moment: string,
  size: { width: number; height: number },
  look: CustomerLook,
): Promise<OpenScene> {
  const found = moments[moment];
  if (!found) throw new Error(`no moment ${moment}`);
  const report = found.scene === 'preview' || found.scene === 'receipt' || found.scene === 'keeping-receipt';
  const shown = await gallery.open(report ? 'composing' : found.scene, {
    ...size,
    query: { language: look.language, ...(look.large ? { large: '' } : {}) },
  });
  if (report) {
    await serveReport(gallery, shown.page);
    await shown.page.evaluate((scene) => window.customer.show(scene), found.scene);
    await settled(shown.page, found.scene);
  }
  await found.act(shown.page, wordsOf(look.language));
  return shown;
}

/** Goes on to a moment in a page that is open, as the core would between two visits: wipe, idle, the next. */
export async function turnTo(page: Page, moment: string, look: CustomerLook): Promise<void> {
  const found = moments[moment];
  if (!found) throw new Error(`no moment ${moment}`);
  await page.evaluate(async (id) => {
    const { double, show } = window.customer;
    const wiped = () => double.calls.filter(({ name }) => name === 'wiped').length;
    const before = wiped();
    double.push('wipe', { sessionId: id });
    while (wiped() === before) await new Promise((next) => setTimeout(next));
    show('idle');
  }, sessionId);
  await page.locator('.idle').waitFor();
  await page.evaluate((scene) => window.customer.show(scene), found.scene);
  const { phase, withdrawal }: CustomerView = scenes[found.scene];
  const shown = withdrawal ? `withdrawal.${withdrawal.phase}` : phase;
  await page.locator(`[data-phase="${shown}"]`).waitFor();
  await settled(page, found.scene);
  await found.act(page, wordsOf(look.language));
}
