/** Typing into the search of the customer's records, in their own window over the real store. */
import { chromium } from '@playwright/test';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';
import { findChromium } from '../../host/chromium.ts';
import { type Spread, spreadOf } from '../report/figures.ts';

/** What people type, a character at a time; each has hits at every length. */
const words = ['取件码', '验证码', '快递', '银行卡', '10690'] as const;
/** A quick typist's pause between two characters, milliseconds. */
const PAUSE_MS = 120;

export interface Typing {
  readonly records: number;
  readonly keystrokes: number;
  /** Keystroke to the frame that shows what was found, milliseconds. */
  readonly latency: Spread;
  readonly framesPerSecond: number;
  /** Share of frames that came later than one and a half of a sixtieth of a second. */
  readonly lateFrames: number;
  readonly longestFrame: number;
  /** Results that were not shown because the next character came first. */
  readonly overtaken: number;
}

const LATE_MS = 1.5 * (1_000 / 60);

/** @param folder of a profile of its own */
export async function measureTyping(folder: string, port: number, size: number): Promise<Typing> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findChromium(),
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0,
    viewport: { width: 1280, height: 800 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://typing.localhost:${port}/typing/?lookup=main-${size}`);
    await page.locator('.row[data-index]').first().waitFor();
    await page.evaluate(() => window.typing.whenHeld());
    const search = page.getByLabel(zhCN.records.search);
    await search.focus();
    await page.evaluate(() => window.typing.begin());
    for (const word of words) {
      await page.keyboard.type(word, { delay: PAUSE_MS });
      await page.waitForTimeout(PAUSE_MS);
      await search.fill('');
      await page.waitForTimeout(PAUSE_MS);
    }
    await page.keyboard.type(words[0], { delay: PAUSE_MS });
    const { latencies, frames, overtaken } = await page.evaluate(() => window.typing.end());
    if (complaints.length > 0) throw new Error(`the window complained: ${complaints.join('; ')}`);
    return {
      records: size,
      keystrokes: [...words, words[0]].join('').length,
      latency: spreadOf(latencies),
      framesPerSecond: (1_000 * frames.length) / frames.reduce((sum, frame) => sum + frame, 0),
      lateFrames: frames.filter((frame) => frame > LATE_MS).length / frames.length,
      longestFrame: Math.max(...frames),
      overtaken,
    };
  } finally {
    await context.close();
  }
}
