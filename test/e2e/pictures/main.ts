/**
 * `npm run pictures [-- --out DIR]`: every screen of both windows, in both languages, the customer's also in
 * large type, as PNGs in docs/pictures with one contact sheet. Looked at by people before a change closes.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import sharp from 'sharp';
import type { Language } from '../../../shared/domain/policy.ts';
import { ensureBuilt } from '../support/built.ts';
import { type Counter, openCounter } from '../support/counter.ts';
import { expect } from '../support/expect.ts';
import { makeReport, saveReport } from '../support/report.ts';
import { people, playTo, proofOf, rightAnswer } from '../support/visit.ts';

const projectRoot = join(import.meta.dirname, '..', '..', '..');
const { values } = parseArgs({
  options: { out: { type: 'string', default: join(projectRoot, 'docs', 'pictures') } },
});
const out = resolve(values.out);

/** The picture in a palette: a third of the size, and nobody sees the difference. */
const small = (png: Buffer) => sharp(png).png({ palette: true, colours: 96, effort: 8 }).toBuffer();

/** Takes numbered pictures of one series into its folder. */
class Camera {
  readonly #folder: string;
  #taken = 0;
  constructor(folder: string) {
    this.#folder = folder;
  }
  async take(page: Page, name: string): Promise<void> {
    this.#taken += 1;
    const file = `${String(this.#taken).padStart(2, '0')}-${name}.png`;
    // Motion ends and fonts are there before the picture is taken.
    await page.evaluate(() => document.fonts.ready);
    const png = await page.screenshot({ animations: 'disabled', scale: 'css' });
    await writeFile(join(this.#folder, file), await small(png));
  }
}

async function series(name: string): Promise<Camera> {
  const folder = join(out, name);
  await mkdir(folder, { recursive: true });
  return new Camera(folder);
}

/** One whole visit of 张三 in a language and a size. */
async function visit(language: Language, largeType: boolean): Promise<void> {
  const counter = await openCounter({ settings: { language }, screens: '1280x800' });
  const { clerk, customer } = people(counter);
  const size = largeType ? 'large' : 'normal';
  const theirs = await series(`customer-${language}-${size}`);
  // Staff have one size: their pictures come with the normal run.
  const ours = largeType ? undefined : await series(`staff-${language}`);
  const both = async (stage: string) => {
    await theirs.take(customer.page, stage);
    await ours?.take(clerk.page, stage);
  };
  try {
    await both('idle');
    await clerk.signIn();
    await ours?.take(clerk.page, 'signed-in');
    const ask = { number: '13900010001' };
    await clerk.fill(ask);
    await ours?.take(clerk.page, 'request-filled');
    await clerk.button(clerk.words.request.submit).click();
    await customer.phase('serving.request');
    if (largeType) await customer.press(customer.words.frame.largeOn);
    await both('request');
    await customer.accept();
    await customer.readNotice(async (page) => {
      if (page <= 2) await both(`notice-${page}`);
    });
    await customer.phase('serving.identity.entering');
    await both('identity');
    await customer.prove(proofOf(counter, ask.number));
    await customer.phase('serving.question');
    await both('question');
    await customer.answer(rightAnswer(language));
    await customer.phase('serving.ticks');
    await both('ticks');
    await customer.tick(['lookup', 'analysis', 'release']);
    await customer.draw();
    await both('signature');
    await customer.press(customer.words.signature.sign);
    await customer.phase('serving.reading');
    await reading(counter, theirs, ours);
    await makeReport(customer);
    await both('report-preview');
    await saveReport(customer);
    await expect(customer.page.getByRole('img', { name: customer.words.receipt.qr })).toBeVisible();
    await both('receipt');
    await customer.press(customer.words.receipt.finish);
    await clerk.phase('serving.followUp');
    await both('follow-up');
    await clerk.close(clerk.words.close.phrases.none);
    await customer.phase('idle');
    await clerk.button(clerk.words.top.dayList).first().click();
    await ours?.take(clerk.page, 'day-list');
  } finally {
    await counter.close();
  }
}

async function reading(counter: Counter, theirs: Camera, ours: Camera | undefined): Promise<void> {
  const { clerk, customer } = people(counter);
  const list = customer.page.getByRole('list', { name: customer.words.records.list });
  await expect(list.locator('li[data-index]').first()).toBeVisible();
  await theirs.take(customer.page, 'records');
  const sure = clerk.words.records.complete.split(/[\d{]/)[0] ?? '';
  await expect(clerk.page.getByText(sure).first()).toBeVisible();
  await ours?.take(clerk.page, 'records');
  await customer.release(2);
  await expect(clerk.page.locator('blockquote')).toHaveCount(2);
  await theirs.take(customer.page, 'released');
  await ours?.take(clerk.page, 'released');
  await customer.press(customer.words.records.analysis);
  await expect(customer.page.getByText(customer.words.findings.working)).toBeHidden();
  await theirs.take(customer.page, 'findings');
  await customer.press(customer.words.findings.back);
  await customer.press(customer.words.frame.stop);
  await theirs.take(customer.page, 'stop-dialog');
  await customer.press(customer.words.stopDialog.back);
}

/** Endings and troubles, in one language. */
async function endings(language: Language): Promise<void> {
  const theirs = await series(`customer-${language}-endings`);
  const ours = await series(`staff-${language}-endings`);
  const counter = await openCounter({
    settings: { language, presence: { idleSeconds: 5, lastCallSeconds: 30 } },
    screens: '1280x800',
  });
  try {
    const { clerk, customer } = people(counter);
    await clerk.signIn();
    await playTo(counter, 'request', { number: '13900010001' });
    await expect(customer.page.getByRole('button', { name: customer.words.presence.here })).toBeVisible();
    await theirs.take(customer.page, 'still-there');
    await customer.press(customer.words.presence.here);
    await customer.press(customer.words.request.refuse);
    await clerk.phase('ended');
    await theirs.take(customer.page, 'refused');
    await ours.take(clerk.page, 'refused');
    await clerk.acknowledge();
    await playTo(counter, 'identity', { number: '13900010001' });
    await customer.prove({ password: '000000', code: '000000' });
    await expect(customer.page.getByText(customer.words.identity.wrong)).toBeVisible();
    await theirs.take(customer.page, 'wrong-proof');
    await clerk.cancel();
    await clerk.phase('ended');
    await clerk.acknowledge();
    await playTo(counter, 'reading', { number: '13900010004' });
    await expect(customer.page.getByText(customer.words.records.emptyTitle)).toBeVisible();
    await theirs.take(customer.page, 'no-records');
    await ours.take(clerk.page, 'no-records');
    await clerk.cancel();
    await clerk.phase('ended');
    await clerk.acknowledge();
    await counter.central.close();
    await clerk.start({ number: '13900010001' });
    await clerk.phase('serving.prepareFailed');
    await theirs.take(customer.page, 'central-away');
    await ours.take(clerk.page, 'central-away');
  } finally {
    await counter.close();
  }
}

/** All pictures small on one page, by folder. */
async function contactSheet(): Promise<void> {
  const folders = (await readdir(out, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const parts: string[] = [];
  for (const { name } of folders.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const files = (await readdir(join(out, name))).filter((file) => file.endsWith('.png')).toSorted();
    const cells = await Promise.all(
      files.map(async (file) => {
        const data = (await readFile(join(out, name, file))).toString('base64');
        return `<figure><img src="data:image/png;base64,${data}"><figcaption>${basename(file, '.png')}</figcaption></figure>`;
      }),
    );
    parts.push(`<h2>${name}</h2><div>${cells.join('')}</div>`);
  }
  const style =
    'body{font:14px sans-serif;margin:16px;width:1880px}div{display:grid;grid-template-columns:repeat(6,1fr);gap:10px}figure{margin:0}img{width:100%;border:1px solid #bbb}';
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage({ viewport: { width: 1912, height: 1000 } });
  await page.setContent(`<style>${style}</style>${parts.join('')}`);
  await writeFile(join(out, 'contact-sheet.png'), await small(await page.screenshot({ fullPage: true })));
  await browser.close();
}

/** The two pictures of the README. */
async function readmePictures(): Promise<void> {
  const copy = async (folder: string, name: string, to: string) => {
    const file = (await readdir(join(out, folder))).find((entry) => entry.endsWith(`-${name}.png`));
    if (!file) throw new Error(`no picture ${name} in ${folder}`);
    await writeFile(join(out, to), await readFile(join(out, folder, file)));
  };
  await copy('staff-zh-CN', 'released', 'readme-staff.png');
  await copy('customer-zh-CN-normal', 'records', 'readme-customer.png');
}

ensureBuilt();
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const language of ['zh-CN', 'en'] as const) {
  await visit(language, false);
  await visit(language, true);
  await endings(language);
}
await readmePictures();
await contactSheet();
process.stdout.write(`pictures in ${out}\n`);
