import { expect, test } from 'vitest';
import { layoutOf } from '../../../renderer/cache/layout.ts';
import { metadataOpener, type OpenMetadata } from '../../../renderer/cache/metadata-opener.ts';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { importLayerKey } from '../../../shared/canonical/sealed-page.ts';
import { expectFailure, longRows, SealedLookup } from './sealed-lookup.ts';

const PAGE = 4;
const rows = longRows(3 * PAGE);

async function opener(
  shared: readonly number[],
): Promise<{ open: OpenMetadata; sealed: (page: number) => Bytes }> {
  const lookup = await SealedLookup.seal(rows, PAGE);
  const access = lookup.metadata();
  const key = await importLayerKey(new Uint8Array(access.metadataSecret), lookup.binding, 'metadata', 'open');
  return {
    open: metadataOpener(layoutOf(access).metadata, key, shared),
    sealed: (page) => lookup.shelf.get(`metadata/${page}`) ?? new Uint8Array(0),
  };
}

test('opens a page that is asked for twice once', async () => {
  const { open, sealed } = await opener([2]);
  const page = await open(2, sealed(2));
  expect(page.row(0).at).toBe(rows[2 * PAGE]?.at);
  expect(await open(2, sealed(2))).toBe(page);
});

test('keeps no other page', async () => {
  const { open, sealed } = await opener([2]);
  const page = await open(1, sealed(1));
  expect(page.row(0).at).toBe(rows[PAGE]?.at);
  expect(await open(1, sealed(1))).not.toBe(page);
});

test('opens a page anew after it could not be opened', async () => {
  const { open, sealed } = await opener([2]);
  await expectFailure(open(2, sealed(1)), 'page-unreadable');
  expect((await open(2, sealed(2))).length).toBe(PAGE);
});
