/** Pages of a case: fetched in runs to be kept, read again from the disk, each the manifest's. */
import { describe, expect, it } from 'vitest';
import { checkKept, keptPages, pagesToKeep } from '../../../../electron/gate/held/pages.ts';
import { type Bytes, concat } from '../../../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../../../shared/canonical/hash.ts';
import type { LayerName, Manifest } from '../../../../shared/domain/lookup.ts';
import { pagesOf, parsePageRun, RUN_PAGES } from '../../../../shared/domain/page-run.ts';
import { details } from './scene.ts';

type Connection = Parameters<typeof pagesToKeep>[0];

/** More than a run holds, each of another length and content. */
const count = RUN_PAGES * 2 + 3;
const pages = Array.from({ length: count }, (_, i) => new Uint8Array(10 + i).fill(i));
const refs = await Promise.all(
  pages.map(async (bytes, page) => ({ page, rows: 1, bytes: bytes.length, sha256: await sha256Hex(bytes) })),
);
const manifest: Manifest = {
  ...details.manifest.document,
  rows: count,
  pages: { metadata: refs, content: refs },
};

/** Central, and how often it was asked. */
function central(change: (bytes: Bytes) => Bytes = (bytes) => bytes) {
  const asked: string[] = [];
  const call = async (_name: string, { params }: { params: { layer: string; pages: string } }) => {
    asked.push(`${params.layer} ${params.pages}`);
    const run = parsePageRun(params.pages);
    return change(concat(...(run ? pagesOf(run) : []).map((page) => pages[page] ?? new Uint8Array(0))));
  };
  return { asked, connection: { call } as unknown as Connection };
}

/** A case's file of a layer, and what was said to be damaged. */
function disk(bytes: Bytes) {
  const damaged: string[] = [];
  return {
    damaged,
    held: {
      pages: async (_: string, __: LayerName, offset: number, length: number) =>
        bytes.slice(offset, offset + length),
      damaged: async (_: string, what: string) => void damaged.push(what),
    },
  };
}
const flipped = (bytes: Bytes, at: number) => {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};

describe('pages to be kept', () => {
  it('come in runs, and are all there in order', async () => {
    const { asked, connection } = central();
    const got: Bytes[] = [];
    for await (const run of pagesToKeep(connection, manifest, 'content')) got.push(run);
    expect(concat(...got)).toEqual(concat(...pages));
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['with a bit turned', (bytes: Bytes) => flipped(bytes, 5)],
    ['cut short', (bytes: Bytes) => bytes.slice(1)],
    ['with a byte more', (bytes: Bytes) => concat(bytes, new Uint8Array(1))],
  ])('are refused %s', async (_, change) => {
    const all = async () => {
      for await (const run of pagesToKeep(central(change).connection, manifest, 'content'))
        expect(run).toBeDefined();
    };
    await expect(all()).rejects.toMatchObject({ error: { kind: 'manifest-rejected' } });
  });
});

describe('pages that are kept', () => {
  it('are read from their place, each by itself', async () => {
    const { held } = disk(concat(...pages));
    const some = refs.slice(3, 6);
    expect(await keptPages(held, 'c', manifest, 'content', some)).toEqual(pages.slice(3, 6));
    expect(await keptPages(held, 'c', manifest, 'content', [])).toEqual([]);
    await checkKept(held, 'c', manifest);
  });

  it('are destroyed and told where any one of them is not the manifest’s', async () => {
    const whole = concat(...pages);
    for (const at of [0, Math.floor(whole.length / 2), whole.length - 1]) {
      const { held, damaged } = disk(flipped(whole, at));
      await expect(checkKept(held, 'c', manifest)).rejects.toMatchObject({ error: { kind: 'held-damaged' } });
      expect(damaged).toEqual(['metadata']);
    }
    const { held, damaged } = disk(whole.slice(0, -1));
    await expect(checkKept(held, 'c', manifest)).rejects.toMatchObject({ error: { kind: 'held-damaged' } });
    expect(damaged).toEqual(['metadata']);
  });
});
