/** What a store finds that is opened again over what one before it left: all of it, part of it, or damage. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { layoutOf } from '../../../renderer/cache/layout.ts';
import { FILE_PREFIX } from '../../../renderer/cache/page-file.ts';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { flipBit } from '../../shared/canonical/arbitraries.ts';
import { MemoryFolder, patched, type Step } from './memory-folder.ts';
import { naiveOverview } from './naive.ts';
import { expectFailure, heldIn, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

const NAME = 'reopened';
const FILE = FILE_PREFIX + NAME;
const ROWS = 96;
const rows = someRows(ROWS);
let lookup: SealedLookup;
/** What a store that held everything leaves, and how it came there. */
let whole: Bytes;
let steps: readonly Step[];

beforeAll(async () => {
  lookup = await SealedLookup.seal(rows, 8);
  const { store, folder } = storeOver(lookup, new MemoryFolder(), NAME);
  await store.open(lookup.records(), silent);
  await store.whenHeld();
  whole = folder.contents(FILE) ?? new Uint8Array();
  ({ steps } = folder);
});

function folderWith(bytes: Bytes): MemoryFolder {
  const folder = new MemoryFolder();
  folder.put(FILE, bytes);
  return folder;
}

/** Opens what is left and reads everything. Whatever was left, these are the rows, and in the end all are held. */
async function expectAll(left: Bytes): Promise<void> {
  const folder = folderWith(left);
  const { store } = storeOver(lookup, folder, NAME);
  await store.open(lookup.records(), silent);
  const read = await store.readFull([ROWS - 1, 40, 0]);
  expect(read.map(({ text }) => text)).toEqual([rows[ROWS - 1]?.text, rows[40]?.text, rows[0]?.text]);
  expect(await store.select({ text: '#' })).toHaveLength(ROWS);
  expect(await store.overview({})).toEqual(naiveOverview(rows, {}));
  await store.whenHeld();
  await store.whenChecked();
  expect(heldIn(folder, FILE, lookup)).toEqual({ pages: 24, directory: true });
}

describe('a store that held everything', () => {
  test('shows newest rows and counts from its directory, and fetches nothing', async () => {
    const { store } = storeOver(lookup, folderWith(whole), NAME);
    lookup.fetched.length = 0;
    await store.open(lookup.records(), silent);
    const newest = await store.readFull([...(await store.select({}))].slice(0, 50));
    expect(newest.map(({ text }) => text)).toEqual(
      rows
        .slice(-50)
        .reverse()
        .map(({ text }) => text),
    );
    expect(await store.overview({})).toEqual(naiveOverview(rows, {}));
    await store.whenHeld();
    await store.whenChecked();
    expect(await store.select({ text: '快递' })).toHaveLength(naiveOverview(rows, { text: '快递' }).rows);
    expect(lookup.fetched).toEqual([]);
  });

  test('first rows do not wait for the rest of the file', async () => {
    // Metadata that is neither on the disk nor to be had: the directory alone is enough for the first rows.
    const { metadata } = layoutOf(lookup.records());
    const left = whole.slice();
    left.fill(0, 0, metadata.end);
    const { store } = storeOver(lookup, folderWith(left), NAME);
    lookup.gate = () => new Promise(() => undefined);
    await store.open(lookup.records(), silent);
    expect((await store.readFull([ROWS - 1])).map(({ text }) => text)).toEqual([rows[ROWS - 1]?.text]);
    expect((await store.overview({})).rows).toBe(ROWS);
    lookup.gate = async () => undefined;
  });

  test('does not open for another manifest of the same lookup', async () => {
    const access = lookup.records();
    const other = await SealedLookup.seal(rows.slice(1), 8);
    const { pageRoots, merkleRoot } = other.manifest;
    const manifest = { ...access.manifest, pageRoots, merkleRoot };
    const { store } = storeOver(lookup, folderWith(whole), NAME);
    await expectFailure(store.open({ ...access, manifest }, silent), 'records-incomplete');
  });

  test('is nothing to another consent', async () => {
    const other = await SealedLookup.seal(rows, 8);
    const { store } = storeOver(other, folderWith(whole), NAME);
    await store.open(other.records(), silent);
    await store.whenHeld();
    // Not a page of it was taken.
    expect(other.fetched).toHaveLength(24);
  });
});

describe('damage', () => {
  test('any bit of the file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * whole.length - 1), async (bit) => expectAll(flipBit(whole, bit))),
      { numRuns: 300 },
    );
  });

  test('any bit of the directory', async () => {
    const { content } = layoutOf(lookup.records());
    const first = 8 * (content?.end ?? 0);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: first, max: 8 * whole.length - 1 }), async (bit) =>
        expectAll(flipBit(whole, bit)),
      ),
      { numRuns: 300 },
    );
  });

  test('the file ends anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => expectAll(whole.slice(0, length))),
      { numRuns: 200 },
    );
  });
});

describe('a crash', () => {
  /**
   * What may be on the disk after some steps: all that was flushed; of each write since then all, a part or nothing,
   * in whatever order the system chose.
   */
  function crashed(after: number, survived: readonly number[]): Bytes {
    const done = steps.slice(0, after);
    const flushed = done.findLastIndex(({ is }) => is === 'flush');
    let bytes: Bytes = new Uint8Array(0);
    for (const [i, step] of done.entries()) {
      if (step.is === 'flush') continue;
      const share = i <= flushed ? 1 : (survived[i % survived.length] ?? 0);
      if (step.is === 'reserve') {
        if (share > 0) bytes = patched(bytes, step.size, new Uint8Array(0));
        continue;
      }
      bytes = patched(bytes, step.at, step.bytes.slice(0, Math.round(share * step.bytes.length)));
    }
    return bytes;
  }

  test('after any step leaves what can be gone on from', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(steps.length),
        fc.array(fc.constantFrom(0, 0.3, 0.99, 1), { minLength: 1, maxLength: 8 }),
        async (after, survived) => expectAll(crashed(after, survived)),
      ),
      { numRuns: 300 },
    );
  });

  test('the directory is written when all pages are on the disk, and not before', () => {
    const { content } = layoutOf(lookup.records());
    const end = content?.end ?? 0;
    const directory = steps.findIndex((step) => step.is === 'write' && step.at >= end);
    const flush = steps.findLastIndex((step, i) => step.is === 'flush' && i < directory);
    const pages = steps.findLastIndex((step) => step.is === 'write' && step.at < end);
    expect(pages).toBeLessThan(flush);
    expect(steps.slice(directory).map(({ is }) => is)).toEqual(['write', 'flush']);
  });
});
