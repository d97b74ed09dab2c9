/**
 * `npm run pictures [-- --out DIR]`: every screen of both windows, in both languages, the customer's also in
 * large type, as PNGs in docs/pictures with one contact sheet. Looked at by people before a change closes.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../support/built.ts';
import { Camera } from './camera.ts';
import { endings } from './endings.ts';
import { others } from './others.ts';
import { contactSheet, readmePictures } from './sheet.ts';
import { visit } from './visit.ts';

const projectRoot = join(import.meta.dirname, '..', '..', '..');
const { values } = parseArgs({
  options: { out: { type: 'string', default: join(projectRoot, 'docs', 'pictures') } },
});
const out = resolve(values.out);
const series = (name: string) => Camera.in(join(out, name));

ensureBuilt();
await mkdir(out, { recursive: true });
for (const language of ['zh-CN', 'en'] as const) {
  await visit(series, language, false);
  await visit(series, language, true);
  await endings(series, language);
  await others(series, language);
}
await readmePictures(out);
await contactSheet(out);
process.stdout.write(`pictures in ${out}\n`);
