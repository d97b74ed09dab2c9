/** What a store finds that is opened again over what one before it left: all of it, part of it, or damage. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { directoryKeyOf, sealDirectory } from '../../../renderer/cache/directory.ts';
import { STORAGE_PREFIX } from '../../../renderer/cache/page-storage.ts';
import { importLayerKey } from '../../../shared/canonical/sealed-page.ts';
import { flipBit } from '../../shared/canonical/arbitraries.ts';
import { type Contents, MemoryStorages, type Step } from './memory-storages.ts';
import { naiveOverview } from './naive.ts';
import { expectFailure, heldIn, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

const NAME = 'reopened';
const STORAGE = STORAGE_PREFIX + NAME;
const ROWS = 192;
const rows = someRows(ROWS);
let lookup: SealedLookup;
/** What a store that held everything leaves, and how it came there. */
let whole: Contents;
let keys: readonly string[];
let steps: readonly Step[];

beforeAll(async () => {
  lookup = await SealedLookup.seal(rows, 8);
  const storages = new MemoryStorages();
  // A disk that takes one block after the other.
  storages.gate = () => new Promise((done) => setTimeout(done));
  const { store } = storeOver(lookup, storages, NAME);
  await store.open(lookup.records(), silent);
  await store.whenHeld();
  whole = storages.contents(STORAGE) ?? new Map();
  keys = [...whole.keys()];
  ({ steps } = storages);
});

function storagesWith(values: Contents): MemoryStorages {
  const storages = new MemoryStorages();
  storages.leave(STORAGE, lookup.binding.lookupId, values);
  return storages;
}

/** Opens what is left and reads everything. Whatever was left, these are the rows, and in the end all are held. */
async function expectAll(left: Contents): Promise<void> {
  const storages = storagesWith(left);
  const { store } = storeOver(lookup, storages, NAME);
  await store.open(lookup.records(), silent);
  const read = await store.readFull([ROWS - 1, 40, 0]);
  expect(read.map(({ text }) => text)).toEqual([rows[ROWS - 1]?.text, rows[40]?.text, rows[0]?.text]);
  expect(await store.select({ text: '#' })).toHaveLength(ROWS);
  expect(await store.overview({})).toEqual(naiveOverview(rows, {}));
  await store.whenHeld();
  await store.whenChecked();
  expect(heldIn(storages, STORAGE, lookup)).toEqual({ pages: 48, directory: true });
}

describe('a store that held everything', () => {
  test('shows newest rows and counts from its directory, and fetches nothing', async () => {
    const { store } = storeOver(lookup, storagesWith(whole), NAME);
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

  test('first rows do not wait for the rest', async () => {
    // Metadata that is neither on the disk nor to be had: the directory alone is enough for the first rows.
    const left: Contents = new Map([...whole].filter(([key]) => !key.startsWith('metadata')));
    const { store } = storeOver(lookup, storagesWith(left), NAME);
    lookup.gate = () => new Promise(() => undefined);
    await store.open(lookup.records(), silent);
    expect((await store.readFull([ROWS - 1])).map(({ text }) => text)).toEqual([rows[ROWS - 1]?.text]);
    expect((await store.overview({})).rows).toBe(ROWS);
    lookup.gate = async () => undefined;
  });

  test('counts anew where the directory has no counts that it could have', async () => {
    const access = lookup.records();
    const layerKey = await importLayerKey(
      new Uint8Array(access.contentSecret),
      lookup.binding,
      'content',
      'seal',
    );
    const newest = rows.slice(-64).map((row, i) => ({ ...row, index: ROWS - 64 + i }));
    const overview = { ...naiveOverview(rows, {}), rows: -1 };
    const key = await directoryKeyOf(layerKey);
    const directory = await sealDirectory(lookup.manifest.merkleRoot, key, { newest, overview });
    const { store } = storeOver(lookup, storagesWith(new Map(whole).set('directory', directory)), NAME);
    await store.open(access, silent);
    expect((await store.readFull([ROWS - 1])).map(({ text }) => text)).toEqual([rows[ROWS - 1]?.text]);
    expect(await store.overview({})).toEqual(naiveOverview(rows, {}));
  });

  test('does not open for another manifest of the same lookup', async () => {
    const access = lookup.records();
    const other = await SealedLookup.seal(rows.slice(1), 8);
    const { pageRoots, merkleRoot } = other.manifest;
    const manifest = { ...access.manifest, pageRoots, merkleRoot };
    const { store } = storeOver(lookup, storagesWith(whole), NAME);
    await expectFailure(store.open({ ...access, manifest }, silent), 'records-incomplete');
  });

  test('shows what was checked when it was written; page roots that are not the signed root vouch for nothing more', async () => {
    const { store } = storeOver(lookup, storagesWith(whole), NAME);
    const access = lookup.records();
    const [first = '', second = '', ...others] = access.manifest.pageRoots;
    await store.open(
      { ...access, manifest: { ...access.manifest, pageRoots: [second, first, ...others] } },
      silent,
    );
    expect((await store.readFull([ROWS - 1])).map(({ text }) => text)).toEqual([rows[ROWS - 1]?.text]);
    await expectFailure(store.select({ text: '#' }), 'records-incomplete');
    await expectFailure(store.readFull([0]), 'records-incomplete');
    await expectFailure(store.prove(ROWS - 1), 'records-incomplete');
    await expectFailure(store.whenChecked(), 'records-incomplete');
  });

  test('is nothing to another consent', async () => {
    const other = await SealedLookup.seal(rows, 8);
    const storages = new MemoryStorages();
    // Even where it claims to be of this lookup.
    storages.leave(STORAGE, other.binding.lookupId, whole);
    const { store } = storeOver(other, storages, NAME);
    await store.open(other.records(), silent);
    await store.whenHeld();
    // Not a page of it was taken.
    expect(other.fetched).toHaveLength(48);
  });
});

describe('damage', () => {
  test('any bit of any value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (which, any) => {
        const key = keys[which % keys.length] ?? '';
        const value = whole.get(key) ?? new Uint8Array();
        await expectAll(new Map(whole).set(key, flipBit(value, any % (8 * value.length))));
      }),
      { numRuns: 150 },
    );
  });

  test('any bit of the directory', async () => {
    const directory = whole.get('directory') ?? new Uint8Array();
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * directory.length - 1), async (bit) =>
        expectAll(new Map(whole).set('directory', flipBit(directory, bit))),
      ),
      { numRuns: 150 },
    );
  });

  test('any value ends anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (which, any) => {
        const key = keys[which % keys.length] ?? '';
        const value = whole.get(key) ?? new Uint8Array();
        await expectAll(new Map(whole).set(key, value.slice(0, any % value.length)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a crash', () => {
  /** What is on the disk after some steps, each of which is there whole, but for values that were lost quietly. */
  function crashed(after: number, isLost: (i: number) => boolean): Contents {
    const left: Contents = new Map();
    for (const step of steps.slice(0, after)) {
      for (const { layer, first, sealed } of step.blocks) left.set(`${layer}/${first}`, sealed);
      if (step.directory !== undefined) left.set('directory', step.directory);
    }
    return new Map([...left].filter((_, i) => !isLost(i)));
  }

  test('after any step leaves what can be gone on from', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(steps.length),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        async (after, lost) => expectAll(crashed(after, (i) => lost[i % lost.length] === true)),
      ),
      { numRuns: 150 },
    );
  });

  test('the directory is written with the last pages, and not before', () => {
    expect(steps.findIndex(({ directory }) => directory !== undefined)).toBe(steps.length - 1);
    const put = steps.flatMap(({ blocks }) => blocks.map(({ layer, first }) => `${layer}/${first}`));
    expect(put).toHaveLength(keys.length - 1);
    expect(new Set(put).size).toBe(put.length);
  });
});
