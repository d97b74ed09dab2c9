import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import { flipBit } from '../../shared/canonical/arbitraries.ts';
import { expectFailure, SealedLookup, type SealedRow, silent, someRows, storeOver } from './sealed-lookup.ts';

const ROWS = 40;
const PAGE = 8;

/** Opens, and waits until everything is held and checked. */
async function open(lookup: SealedLookup, how: 'records' | 'metadata' = 'records'): Promise<void> {
  const { store } = storeOver(lookup);
  await store.open(how === 'records' ? lookup.records() : lookup.metadata(), silent);
  await store.whenHeld();
  await store.whenChecked();
}

describe('pages that are not those the manifest names', () => {
  const attacks: [string, ErrorKind, (lookup: SealedLookup) => void][] = [
    ['dropped', 'records-incomplete', ({ shelf }) => shelf.delete('metadata/2')],
    ['content dropped', 'records-incomplete', ({ shelf }) => shelf.delete('content/2')],
    [
      'doubled',
      'page-unreadable',
      ({ shelf }) => shelf.set('metadata/2', shelf.get('metadata/1') ?? new Uint8Array()),
    ],
    [
      'reordered',
      'page-unreadable',
      ({ shelf }) => {
        const [one, two] = [shelf.get('metadata/1'), shelf.get('metadata/2')];
        if (one && two) shelf.set('metadata/1', two).set('metadata/2', one);
      },
    ],
    [
      'cut short',
      'page-unreadable',
      ({ shelf }) => shelf.set('content/0', (shelf.get('content/0') ?? new Uint8Array()).slice(0, -1)),
    ],
    ['emptied', 'page-unreadable', ({ shelf }) => shelf.set('content/0', new Uint8Array(0))],
    [
      'of the other layer',
      'page-unreadable',
      ({ shelf }) => shelf.set('metadata/0', shelf.get('content/0') ?? new Uint8Array()),
    ],
  ];
  test.each(attacks)('%s: %s', async (_name, kind, attack) => {
    const lookup = await SealedLookup.seal(someRows(ROWS), PAGE);
    attack(lookup);
    await expectFailure(open(lookup), kind);
  });

  test('any flipped bit of any page', async () => {
    const lookup = await SealedLookup.seal(someRows(ROWS), PAGE);
    const keys = [...lookup.shelf.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.nat(), async (key, any) => {
        const good = lookup.shelf.get(key) ?? new Uint8Array();
        lookup.shelf.set(key, flipBit(good, any % (8 * good.length)));
        await expectFailure(open(lookup), 'page-unreadable');
        lookup.shelf.set(key, good);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('pages that a forged manifest names', () => {
  const attacks: [string, ErrorKind, (lookup: SealedLookup) => Promise<void>][] = [
    [
      'a bit flipped',
      'page-unreadable',
      async (lookup) =>
        lookup.shelve('metadata', 1, PAGE, flipBit(lookup.shelf.get('metadata/1') ?? new Uint8Array(), 400)),
    ],
    [
      'a page doubled',
      'page-unreadable',
      async (lookup) =>
        lookup.shelve('metadata', 2, PAGE, lookup.shelf.get('metadata/1') ?? new Uint8Array()),
    ],
    [
      'no page at all',
      'page-unreadable',
      async (lookup) => lookup.shelve('metadata', 2, PAGE, new TextEncoder().encode('not a page')),
    ],
    [
      'a page of another lookup',
      'page-unreadable',
      async (lookup) => {
        const other = await SealedLookup.seal(someRows(ROWS), PAGE);
        await lookup.shelve('metadata', 1, PAGE, other.shelf.get('metadata/1') ?? new Uint8Array());
      },
    ],
  ];
  test.each(attacks)('%s: %s', async (_name, kind, attack) => {
    const lookup = await SealedLookup.seal(someRows(ROWS), PAGE);
    await attack(lookup);
    await expectFailure(open(lookup), kind);
    await expectFailure(open(lookup, 'metadata'), kind);
  });

  test('one field of the binding changed: nothing opens (S7)', async () => {
    const lookup = await SealedLookup.seal(someRows(ROWS), PAGE);
    const access = lookup.metadata();
    const binding = { ...access.binding, scopeHash: 'ab'.repeat(32) };
    await expectFailure(storeOver(lookup).store.open({ ...access, binding }, silent), 'page-unreadable');
    const records = lookup.records();
    await expectFailure(storeOver(lookup).store.open({ ...records, binding }, silent), 'records-incomplete');
  });
});

describe('rows, by somebody who holds the keys but not the signed root', () => {
  const rows = someRows(ROWS);
  type Attack = (rows: SealedRow[], again: SealedRow) => SealedRow[];
  const attacks: [string, Attack][] = [
    ['dropped', (all) => all.slice(0, -1)],
    ['doubled', (all) => [...all, ...all.slice(-1)]],
    ['reordered', ([a, b, ...rest]) => [...(b ? [b] : []), ...(a ? [a] : []), ...rest]],
    ['altered', (all, other) => [other, ...all.slice(1)]],
  ];
  /** The rows of a page, attacked; central's hand would seal and name them so. */
  async function attacked(lookup: SealedLookup, page: number, size: number, attack: Attack): Promise<void> {
    const some = rows.slice(page * size, (page + 1) * size);
    const [other] = await lookup.commit(
      page,
      some.map((row) => ({ ...row, text: `${row.text}x` })),
    );
    const changed = attack(await lookup.commit(page, some), other as SealedRow);
    await lookup.put('metadata', page, changed);
    await lookup.put('content', page, changed);
  }

  test.each(attacks)('%s among the rows that are shown first: nothing is shown', async (_name, attack) => {
    const lookup = await SealedLookup.seal(rows, ROWS);
    await attacked(lookup, 0, ROWS, attack);
    await expectFailure(storeOver(lookup).store.open(lookup.records(), silent), 'records-incomplete');
  });

  const many = someRows(160);
  test.each(attacks.slice(2))(
    '%s further back: it is never said that all are there',
    async (_name, attack) => {
      const lookup = await SealedLookup.seal(many, PAGE);
      const some = many.slice(2 * PAGE, 3 * PAGE).map((row, _i, all) => ({ ...row, at: all[0]?.at ?? 0 }));
      const [other] = await lookup.commit(
        2,
        some.map((row) => ({ ...row, text: `${row.text}x` })),
      );
      const changed = attack(await lookup.commit(2, some), other as SealedRow);
      await lookup.put('metadata', 2, changed);
      await lookup.put('content', 2, changed);
      const { store } = storeOver(lookup);
      await store.open(lookup.records(), silent);
      expect(await store.readFull([159])).toHaveLength(1);
      await store.whenHeld();
      await expectFailure(store.whenChecked(), 'records-incomplete');
      // Nor does such a row leave the plane.
      await expectFailure(store.prove(2 * PAGE), 'records-incomplete');
      await expectFailure(store.prove(2 * PAGE + 5), 'records-incomplete');
      expect((await store.prove(0)).proof.length).toBeGreaterThan(0);
    },
  );

  test.each(attacks.slice(0, 2))('%s further back: it does not open to the end', async (_name, attack) => {
    const lookup = await SealedLookup.seal(many, PAGE);
    const changed = attack(await lookup.commit(2, many.slice(2 * PAGE, 3 * PAGE)), {} as SealedRow);
    await lookup.put('metadata', 2, changed);
    await lookup.put('content', 2, changed);
    await expectFailure(open(lookup), 'records-incomplete');
    await expectFailure(open(lookup, 'metadata'), 'records-incomplete');
  });

  test.each([
    ['a page fewer', (lookup: SealedLookup) => lookup.manifest.pages.metadata.pop()],
    ['pages in another order', (lookup: SealedLookup) => lookup.manifest.pages.metadata.reverse()],
    [
      'a page twice',
      (lookup: SealedLookup) =>
        lookup.manifest.pages.metadata.splice(1, 1, ...lookup.manifest.pages.metadata.slice(0, 1)),
    ],
    ['content pages fewer', (lookup: SealedLookup) => lookup.manifest.pages.content.pop()],
    ['more rows told', (lookup: SealedLookup) => Object.assign(lookup.manifest, { rows: ROWS + 1 })],
    [
      'another count',
      (lookup: SealedLookup) => Object.assign(lookup.manifest.counts, { sent: 0, received: ROWS }),
    ],
    [
      'another category count',
      (lookup: SealedLookup) => Object.assign(lookup.manifest.counts.byCategory, { sms: 1 }),
    ],
    [
      'rows out of the period',
      (lookup: SealedLookup) => Object.assign(lookup.manifest.scope.period, { from: '2025-02-01' }),
    ],
    [
      'rows out of the categories',
      (lookup: SealedLookup) => Object.assign(lookup.manifest.scope, { categories: ['sms'] }),
    ],
    [
      'another root of a page',
      (lookup: SealedLookup) => lookup.manifest.pageRoots.splice(1, 1, '00'.repeat(32)),
    ],
    ['roots in another order', (lookup: SealedLookup) => lookup.manifest.pageRoots.reverse()],
    ['a root fewer', (lookup: SealedLookup) => lookup.manifest.pageRoots.pop()],
    [
      'another root',
      (lookup: SealedLookup) => Object.assign(lookup.manifest, { merkleRoot: '00'.repeat(32) }),
    ],
  ])('a manifest with %s', async (_name, change) => {
    const lookup = await SealedLookup.seal(rows, PAGE);
    change(lookup);
    await expectFailure(open(lookup), 'records-incomplete');
  });

  test('altered content: proving and the check behind find it, and what is looked at is checked first', async () => {
    const lookup = await SealedLookup.seal(many, PAGE);
    const altered = (await lookup.commit(1, many.slice(PAGE, 2 * PAGE))).map((row, i) =>
      i === 3 ? { ...row, content: { ...row.content, text: '别的话' } } : row,
    );
    await lookup.put('content', 1, altered);
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    const [found = -1] = await store.select({ text: '别的' });
    expect(found).toBe(PAGE + 3);
    await expectFailure(store.prove(found), 'records-incomplete');
    // Nor is a row proved that only shares the page with it.
    await expectFailure(store.prove(PAGE + 1), 'records-incomplete');
    expect((await store.prove(0)).proof.length).toBeGreaterThan(0);
    await store.whenHeld();
    await expectFailure(store.whenChecked(), 'records-incomplete');
  });

  test('content rows swapped within a page, or a row short', async () => {
    const lookup = await SealedLookup.seal(many, PAGE);
    const { store } = storeOver(lookup);
    const some = await lookup.commit(0, many.slice(0, PAGE));
    await lookup.put('content', 0, [...some].reverse());
    await store.open(lookup.records(), silent);
    await expectFailure(store.prove(0), 'records-incomplete');
    await expectFailure(store.whenChecked(), 'records-incomplete');
    const short = await SealedLookup.seal(rows, PAGE);
    await short.put('content', 0, some.slice(1));
    await expectFailure(open(short), 'records-incomplete');
  });
});
