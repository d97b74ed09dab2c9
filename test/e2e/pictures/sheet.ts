/** All pictures on one sheet, and those that the README shows. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { chromium } from '@playwright/test';
import { small } from './camera.ts';

/** All pictures small on one page, by folder. */
export async function contactSheet(out: string): Promise<void> {
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
export async function readmePictures(out: string): Promise<void> {
  const copy = async (folder: string, name: string, to: string) => {
    const file = (await readdir(join(out, folder))).find((entry) => entry.endsWith(`-${name}.png`));
    if (!file) throw new Error(`no picture ${name} in ${folder}`);
    await writeFile(join(out, to), await readFile(join(out, folder, file)));
  };
  await copy('staff-zh-CN', 'released', 'readme-staff.png');
  await copy('customer-zh-CN-normal', 'records', 'readme-customer.png');
}
