import { expect } from 'vitest';
import { DirectStore } from '../../../renderer/cache/direct-store.ts';
import { layoutOf } from '../../../renderer/cache/layout.ts';
import type { FetchPages } from '../../../renderer/cache/page-source.ts';
import { type Bytes, concat, equal, randomBytes, toHex } from '../../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { merkleRoot } from '../../../shared/canonical/merkle.ts';
import {
  type ContentRow,
  type MetadataRow,
  rowCommitment,
  SALT_BYTES,
} from '../../../shared/canonical/row.ts';
import {
  encodeContent,
  encodeMetadata,
  importLayerKey,
  type Layer,
  type PageBinding,
  pageSalts,
  sealPage,
} from '../../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../../shared/contract/contract.ts';
import { type ErrorKind, Failure } from '../../../shared/domain/errors.ts';
import type { Manifest, PageRef } from '../../../shared/domain/lookup.ts';
import { pagesOf } from '../../../shared/domain/page-run.ts';
import type { Direction } from '../../../shared/domain/record.ts';
import { type Category, categories } from '../../../shared/domain/scope.ts';
import type { LayerRun } from '../../../shared/domain/sealed-path.ts';
import { MemoryStorages } from './memory-storages.ts';

export interface PlainRow {
  readonly at: number;
  readonly direction: Direction;
  readonly category: Category;
  readonly maskedPeer: string;
  readonly peer: string;
  readonly text: string;
}

export interface SealedRow {
  readonly metadata: MetadataRow;
  readonly content: ContentRow;
  readonly commitment: Bytes;
}

/** Rows of one page as central commits to them. @param salts 16 bytes a row */
function commit(rows: readonly PlainRow[], salts: Bytes): SealedRow[] {
  return rows.map(({ at, direction, category, maskedPeer, peer, text }, i) => {
    const content = { peer, text };
    const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
    const metadata = { at, direction, category, maskedPeer };
    return { metadata, content, commitment: rowCommitment(metadata, { ...content, salt }) };
  });
}

/** What pages are called on the shelf. */
const namesOf = (runs: readonly LayerRun[]): string[] =>
  runs.flatMap((run) => pagesOf(run).map((page) => `${run.layer}/${page}`));

/** A lookup as central answers it, and the shelf of sealed pages that it is served from. */
export class SealedLookup {
  readonly binding: PageBinding;
  readonly shelf = new Map<string, Bytes>();
  readonly fetched: string[] = [];
  /** How often pages were asked for. */
  requests = 0;
  manifest: Manifest;
  readonly #secrets: { metadata: Bytes; content: Bytes };

  private constructor(
    binding: PageBinding,
    manifest: Manifest,
    secrets: { metadata: Bytes; content: Bytes },
  ) {
    this.binding = binding;
    this.manifest = manifest;
    this.#secrets = secrets;
  }

  /** @param pageRows rows a page, a power of two; real lookups have 512, rules are tested with few. */
  static async seal(rows: readonly PlainRow[], pageRows = 512): Promise<SealedLookup> {
    const binding = {
      consentHash: toHex(randomBytes(32)),
      scopeHash: toHex(randomBytes(32)),
      lookupId: crypto.randomUUID(),
    };
    const lookup = new SealedLookup(binding, manifestOf(binding, rows), {
      metadata: randomBytes(32),
      content: randomBytes(32),
    });
    const commitments: Bytes[] = [];
    for (let page = 0; page * pageRows < rows.length; page++) {
      const some = await lookup.commit(page, rows.slice(page * pageRows, (page + 1) * pageRows));
      await lookup.put('metadata', page, some);
      await lookup.put('content', page, some);
      const committed = some.map(({ commitment }) => commitment);
      commitments.push(...committed);
      lookup.manifest.pageRoots.push(toHex(merkleRoot(committed)));
    }
    lookup.manifest.merkleRoot = toHex(merkleRoot(commitments));
    return lookup;
  }

  /** Rows as central commits to them when they lie on this page. */
  async commit(page: number, rows: readonly PlainRow[]): Promise<SealedRow[]> {
    const layerKey = await importLayerKey(this.#secrets.content.slice(), this.binding, 'content', 'seal');
    return commit(rows, await pageSalts(layerKey, page, rows.length));
  }

  /** Seals a page with the right key and names it in the manifest, as only central could. */
  async put(layer: Layer, page: number, rows: readonly SealedRow[]): Promise<void> {
    const plain =
      layer === 'metadata'
        ? encodeMetadata(rows.map(({ metadata }) => metadata))
        : encodeContent(rows.map(({ content }) => content));
    const layerKey = await importLayerKey(this.#secrets[layer].slice(), this.binding, layer, 'seal');
    const bytes = await sealPage(layerKey, page, plain);
    await this.shelve(layer, page, rows.length, bytes);
  }

  /** Puts bytes on the shelf and names them in the manifest. */
  async shelve(layer: Layer, page: number, rows: number, bytes: Bytes): Promise<void> {
    this.shelf.set(`${layer}/${page}`, bytes);
    const ref: PageRef = { page, rows, bytes: bytes.length, sha256: await sha256Hex(bytes) };
    this.manifest.pages[layer][page] = ref;
  }

  /** Waited for before a page is given; a test holds pages back with it. */
  gate: (page: string) => Promise<void> = async () => undefined;

  fetchPages: FetchPages = async (lookupId, runs, signal) => {
    expect(lookupId).toBe(this.binding.lookupId);
    const pages: Bytes[] = [];
    this.requests++;
    for (const name of namesOf(runs)) {
      if (signal.aborted) throw new Failure('wrong-state', { detail: 'stopped' });
      this.fetched.push(name);
      await this.gate(name);
      if (signal.aborted) throw new Failure('wrong-state', { detail: 'stopped' });
      const bytes = this.shelf.get(name);
      if (bytes === undefined) throw new Failure('records-incomplete', { detail: 'no such page' });
      pages.push(bytes);
    }
    return concat(...pages);
  };

  /** Pages as they lie on the shelf, one behind the other. */
  shelved(runs: readonly LayerRun[]): Bytes {
    return concat(...namesOf(runs).map((name) => this.shelf.get(name) ?? new Uint8Array(0)));
  }

  records(): RecordsAccess {
    return {
      binding: this.binding,
      metadataSecret: this.#secrets.metadata.slice(),
      contentSecret: this.#secrets.content.slice(),
      manifest: this.manifest,
    };
  }

  metadata(): MetadataAccess {
    const { rows, merkleRoot: root, pageRoots, pages } = this.manifest;
    return {
      binding: this.binding,
      metadataSecret: this.#secrets.metadata.slice(),
      rows,
      merkleRoot: root,
      pageRoots,
      pages: pages.metadata,
    };
  }
}

/** Without what only sealing tells: pages and roots. */
function manifestOf(binding: PageBinding, rows: readonly PlainRow[]): Manifest {
  const byCategory: Record<string, number> = {};
  for (const { category } of rows) byCategory[category] = (byCategory[category] ?? 0) + 1;
  const sent = rows.filter(({ direction }) => direction === 'out').length;
  return {
    schema: 'zhiqing-manifest/1',
    lookupId: binding.lookupId,
    consentId: crypto.randomUUID(),
    consentHash: binding.consentHash,
    scopeHash: binding.scopeHash,
    scope: {
      subscriber: '13800138000',
      categories: [...categories],
      period: { from: '2024-01-01', to: '2026-12-31' },
      purpose: 'own-copy',
      recipients: ['subject'],
      expiresAt: '2026-12-31T00:00:00.000Z',
    },
    answeredAt: '2026-11-01T00:00:00.000Z',
    device: 'd0'.repeat(32),
    policyVersion: 1,
    rows: rows.length,
    counts: { received: rows.length - sent, sent, byCategory },
    merkleRoot: '',
    pageRoots: [],
    pages: { metadata: [], content: [] },
  };
}

/** A store over storages in memory; the rest comes without a pause. @param name finds what a store before it held. @param restDelay ms */
export function storeOver(
  lookup: SealedLookup,
  storages = new MemoryStorages(),
  name?: string,
  restDelay = 0,
) {
  const store = new DirectStore({
    fetchPages: lookup.fetchPages,
    storages,
    restDelay,
    quiet: 0,
    ...(name === undefined ? {} : { name }),
  });
  return { store, storages };
}

/** Deterministic rows, oldest first, over some 100 days. */
export function someRows(count: number): PlainRow[] {
  const peers = ['13912345678', '95588', '10086', 'Shop-ABC', '106900012345'];
  const texts = ['验证码 482913', '您的快递到了', 'Hello World', '全场5折 SALE', '晚上吃饭吗', ''];
  return Array.from({ length: count }, (_, i) => {
    const peer = peers[(i * 7) % peers.length] ?? '';
    return {
      at: Date.UTC(2025, 0, 1) + Math.floor((i / count) * 100 * 86_400_000),
      direction: i % 3 === 0 ? 'out' : 'in',
      category: i % 11 === 0 ? 'call' : i % 13 === 0 ? 'transaction' : 'sms',
      maskedPeer: `${peer.slice(0, 3)}****`,
      peer,
      text: `${texts[(i * 5) % texts.length] ?? ''}#${i}`,
    };
  });
}

/** Rows so long that four of them fill a page of nearly 60 KB: a block each, and eight in an answer. */
export function longRows(count: number): PlainRow[] {
  let seed = 1;
  // Units that nothing repeats: such a page is as large sealed as it is open.
  const unit = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return 0x4e00 + ((seed >>> 8) % 20_000);
  };
  return someRows(count).map((row) => ({
    ...row,
    text: row.text + String.fromCharCode(...Array.from({ length: 7_400 }, unit)),
  }));
}

/** Asserts that a promise fails as data of a kind. */
export async function expectFailure(promise: Promise<unknown>, kind: ErrorKind): Promise<Failure> {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(Failure);
  if (!(thrown instanceof Failure)) throw new Error('not a Failure');
  expect(thrown.error.kind).toBe(kind);
  return thrown;
}

export const silent = (): void => undefined;

/** How many pages of a lookup a storage holds as they were sealed, and whether the directory stands beside them. */
export function heldIn(
  storages: MemoryStorages,
  name: string,
  lookup: SealedLookup,
): { pages: number; directory: boolean } | undefined {
  const values = storages.contents(name);
  if (values === undefined) return undefined;
  const { metadata, content } = layoutOf(lookup.records());
  let pages = 0;
  for (const { layer, blocks } of content === undefined ? [metadata] : [metadata, content]) {
    for (const block of blocks) {
      const numbers = pagesOf(block);
      const sealed = concat(
        ...numbers.map((page) => lookup.shelf.get(`${layer}/${page}`) ?? new Uint8Array([1])),
      );
      const held = values.get(`${layer}/${block.first}`);
      if (held !== undefined && equal(held, sealed)) pages += numbers.length;
    }
  }
  return { pages, directory: values.has('directory') };
}

/** Names of the pages that are stored together with one. */
export function blockWith(lookup: SealedLookup, layer: Layer, page: number): string[] {
  const { [layer]: layout } = layoutOf(lookup.records());
  if (layout === undefined) throw new Error('no such layer');
  return pagesOf(layout.block(layout.blockOf(page))).map((one) => `${layer}/${one}`);
}
