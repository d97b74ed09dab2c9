/** A file of lines that is written anew: the old lines or the new ones, whatever fails in between. */
import { mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LineFile } from '../../electron/durable-file.ts';

vi.mock('node:fs/promises', { spy: true });

let folder: string;
let path: string;
let file: LineFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-lines-'));
  path = join(folder, 'lines.jsonl');
  file = await LineFile.open(path);
  for (const line of ['one', 'two']) await file.append(line);
});
afterEach(async () => {
  vi.resetAllMocks();
  await file.close();
  await rm(folder, { recursive: true, force: true });
});
const text = () => readFile(path, 'utf8');
const failOnce = (change: typeof open | typeof rename, name: string) =>
  vi.mocked(change).mockRejectedValueOnce(Object.assign(new Error(name), { code: 'EIO' }));

it('holds the new lines, and goes on behind them', async () => {
  await file.rewrite(['three']);
  await file.append('four');
  expect(await text()).toBe('three\nfour\n');
  await file.takeBack('four');
  expect(await text()).toBe('three\n');
  expect(await readdir(folder)).toEqual(['lines.jsonl']);
});
it.each([
  ['cannot be written', open],
  ['cannot take its place', rename],
] as const)('keeps the old lines, and goes on behind them, where the new file %s', async (name, change) => {
  failOnce(change, name);
  await expect(file.rewrite(['three'])).rejects.toThrow(name);
  await file.append('three');
  expect(await text()).toBe('one\ntwo\nthree\n');
  expect(await readdir(folder)).toEqual(['lines.jsonl']);
});
it('takes nothing more where the new file does not open: the next start reads what is there', async () => {
  vi.mocked(rename).mockImplementationOnce(async () => void failOnce(open, 'not now'));
  await expect(file.rewrite(['three'])).rejects.toThrow('not now');
  await expect(file.append('four')).rejects.toThrow('sync');
  await expect(file.rewrite(['four'])).rejects.toThrow('sync');
  file = await LineFile.open(path);
  expect(file.found).toEqual(['one', 'two']);
});
it('removes at its opening what a crash has left of new lines', async () => {
  await file.close();
  await writeFile(`${path}.partial`, 'thr');
  file = await LineFile.open(path);
  expect(file.found).toEqual(['one', 'two']);
  expect(await readdir(folder)).toEqual(['lines.jsonl']);
});
