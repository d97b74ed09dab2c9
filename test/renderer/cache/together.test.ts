import { describe, expect, test } from 'vitest';
import { LayerLayout } from '../../../renderer/cache/layout.ts';
import type { FetchPages } from '../../../renderer/cache/page-source.ts';
import { Together } from '../../../renderer/cache/together.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { LayerRun } from '../../../shared/domain/sealed-path.ts';
import { expectFailure, longRows, SealedLookup, silent, storeOver } from './sealed-lookup.ts';

const signal = new AbortController().signal;
/** Pages of a layer have so many bytes each. */
const sizes = { metadata: 2, content: 3 } as const;
const layoutWith = (layer: keyof typeof sizes) =>
  new LayerLayout(
    layer,
    [0, 1, 2].map((page) => ({ page, rows: 1, bytes: sizes[layer], sha256: '' })),
    3,
  );

/** Bytes of a page tell its layer and number. */
const bytesOf = ({ layer, first, last }: LayerRun) =>
  Array.from({ length: last - first + 1 }, (_, i) =>
    Array<number>(sizes[layer]).fill((layer === 'metadata' ? 10 : 20) + first + i),
  ).flat();

function joined(answer: (runs: readonly LayerRun[]) => number[] = (runs) => runs.flatMap(bytesOf)) {
  const asked: (readonly LayerRun[])[] = [];
  const fetchPages: FetchPages = async (_lookupId, runs) => {
    asked.push(runs);
    return new Uint8Array(answer(runs));
  };
  const layouts = { metadata: layoutWith('metadata'), content: layoutWith('content') };
  const together = new Together(fetchPages, layouts);
  const get = async (layer: LayerRun['layer'], first: number, last = first) => [
    ...(await together.fetchPages('an-id', [{ layer, first, last }], signal)),
  ];
  return { together, asked, get };
}

describe('pages of both layers', () => {
  test('asked for in one task come in one request, each to whom it is', async () => {
    const { get, asked } = joined();
    const both = [get('metadata', 0, 2), get('content', 1, 2)];
    expect(await Promise.all(both)).toEqual([
      [10, 10, 11, 11, 12, 12],
      [21, 21, 21, 22, 22, 22],
    ]);
    expect(asked).toHaveLength(1);
  });
  test('alone, of one layer, or asked for later, go by themselves', async () => {
    const { get, asked } = joined();
    expect(await get('metadata', 1)).toEqual([11, 11]);
    expect(await get('content', 1)).toEqual([21, 21, 21]);
    expect(await Promise.all([get('content', 0), get('content', 2)])).toEqual([
      [20, 20, 20],
      [22, 22, 22],
    ]);
    expect(asked.map((runs) => runs.length)).toEqual([1, 1, 1, 1]);
  });
  test('go apart when they are to, and what waited goes at once', async () => {
    const { together, get, asked } = joined();
    const waiting = get('metadata', 0);
    together.apart();
    expect(asked).toHaveLength(1);
    expect(await Promise.all([waiting, get('content', 0), get('metadata', 1)])).toEqual([
      [10, 10],
      [20, 20, 20],
      [11, 11],
    ]);
    expect(asked).toHaveLength(3);
  });
  test.each([
    ['short', -1],
    ['too long', 1],
  ])('an answer that is %s is so for the last of them', async (_, by) => {
    const { get } = joined((runs) => {
      const bytes = runs.flatMap(bytesOf);
      return by < 0 ? bytes.slice(0, by) : [...bytes, 0];
    });
    const [metadata, content] = await Promise.all([get('metadata', 0), get('content', 0)]);
    expect([metadata.length, content.length]).toEqual([2, 3 + by]);
  });
  test('that do not come fail for both', async () => {
    const { get } = joined(() => {
      throw new Failure('central-unreachable');
    });
    const both = [get('metadata', 0), get('content', 0)];
    for (const one of both) await expectFailure(one, 'central-unreachable');
  });
});

describe('a store', () => {
  test('asks once for all of a small lookup', async () => {
    const lookup = await SealedLookup.seal(longRows(50));
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.whenHeld();
    expect(lookup.fetched).toEqual(['metadata/0', 'content/0']);
    expect(lookup.requests).toBe(1);
  });
});
