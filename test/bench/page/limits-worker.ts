/** Measures what `Limits` says, in a worker, where the store does all of it. */
import { LayerLayout } from '../../../renderer/cache/layout.ts';
import { markerOf } from '../../../renderer/cache/text-search.ts';
import { type Bytes, concat, fromHex } from '../../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../../shared/canonical/hash.ts';
import { leafHashes, rootOfLeafHashes } from '../../../shared/canonical/merkle.ts';
import { packPage, unpackPage } from '../../../shared/canonical/packed-page.ts';
import { rowCommitment } from '../../../shared/canonical/row.ts';
import {
  type ContentPage,
  decodeContent,
  decodeMetadata,
  importLayerKey,
  type Layer,
  openPage,
  type PageBinding,
} from '../../../shared/canonical/sealed-page.ts';
import type { Manifest } from '../../../shared/domain/lookup.ts';
import { pageRunText, runsOf } from '../../../shared/domain/page-run.ts';
import type { Limits } from './limits.ts';
import './private-files.ts';

/** Rows of the parts that are slow enough to be measured on some. */
const SOME_ROWS = 5_120;

interface Access {
  readonly binding: PageBinding;
  readonly manifest: Manifest;
  readonly metadataSecret: string;
  readonly contentSecret: string;
}

async function timed<T>(work: () => Promise<T> | T): Promise<[value: T, ms: number]> {
  const start = performance.now();
  const value = await work();
  return [value, performance.now() - start];
}

/** The best of some tries: a limit is what the machine can do, not what it was kept from. */
async function best(work: () => Promise<unknown> | unknown, tries = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) least = Math.min(least, (await timed(work))[1]);
  return least;
}

const megabytesASecond = (bytes: number, ms: number): number => bytes / 1_000 / ms;
const sumOf = (pages: readonly Bytes[]): number => pages.reduce((sum, page) => sum + page.length, 0);

/** As many at a time as the browser lets through. */
function fetchRuns(access: Access, layer: Layer): Promise<Bytes[]> {
  return Promise.all(
    runsOf(access.manifest.pages[layer]).map(async (refs) => {
      const run = pageRunText({ first: refs[0]?.page ?? 0, last: refs.at(-1)?.page ?? 0 });
      const response = await fetch(`/sealed/${access.binding.lookupId}/${layer}/${run}`, {
        cache: 'no-store',
      });
      return new Uint8Array(await response.arrayBuffer());
    }),
  );
}

function pagesOf(access: Access, layer: Layer, runs: readonly Bytes[]): Bytes[] {
  return runsOf(access.manifest.pages[layer]).flatMap((refs, i) => {
    let end = 0;
    return refs.map(({ bytes }) => {
      end += bytes;
      return (runs[i] ?? new Uint8Array()).slice(end - bytes, end);
    });
  });
}

/** Pages together as the store puts them. */
function blocksOf(access: Access, layer: Layer, pages: readonly Bytes[]): Bytes[] {
  const { blocks } = new LayerLayout(layer, access.manifest.pages[layer], access.manifest.rows);
  return blocks.map(({ first, last }) => concat(...pages.slice(first, last + 1)));
}

async function openAll(
  access: Access,
  layer: Layer,
  secret: string,
  sealed: readonly Bytes[],
): Promise<Bytes[]> {
  const layerKey = await importLayerKey(fromHex(secret), access.binding, layer, 'open');
  return Promise.all(sealed.map((bytes, page) => openPage(layerKey, page, bytes)));
}

async function measureFile(runs: readonly Bytes[], pages: readonly Bytes[]) {
  const folder = await navigator.storage.getDirectory();
  const handle = await (await folder.getFileHandle('limits', { create: true })).createSyncAccessHandle();
  const write = await best(() => {
    let at = 0;
    for (const run of runs) at += handle.write(run, { at });
    handle.flush();
  }, 3);
  const read = await best(() => {
    let at = 0;
    for (const { length } of pages) at += handle.read(new Uint8Array(length), { at });
  });
  handle.close();
  await folder.removeEntry('limits');
  return { write, read };
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Puts values in one strict transaction and gets them all, in a database of its own. */
async function measureDatabase(values: readonly Bytes[]) {
  const open = indexedDB.open('limits', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('pages');
  const database = await settled(open);
  const put = await best(async () => {
    const transaction = database.transaction('pages', 'readwrite', { durability: 'strict' });
    for (const [i, value] of values.entries()) transaction.objectStore('pages').put(value, i);
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = () => failed(transaction.error);
    });
  }, 3);
  const get = await best(() => {
    // One by one in one transaction: sooner than `getAll`, which hands everything over in one piece.
    const pages = database.transaction('pages').objectStore('pages');
    return Promise.all(values.map((_, i) => settled(pages.get(i))));
  }, 3);
  database.close();
  await settled(indexedDB.deleteDatabase('limits'));
  return { put, get };
}

async function measureAes(pages: readonly Bytes[]) {
  const iv = new Uint8Array(12);
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const sealed = await Promise.all(
    pages.map((page) => crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, page)),
  );
  const whole = await best(() =>
    Promise.all(sealed.map((bytes) => crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes))),
  );
  const row = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(200));
  const rows = await best(() =>
    Promise.all(
      Array.from({ length: SOME_ROWS }, () => crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, row)),
    ),
  );
  return { whole, rows };
}

/** One keyword in the three ways, the mean over all keywords. */
async function measureScans(pages: readonly ContentPage[], keywords: readonly string[]) {
  const strings: string[] = [];
  for (const page of pages)
    for (let i = 0; i < page.length; i++) strings.push(`${page.text(i)}\n${page.peer(i)}`);
  const joined = strings.join('\n');
  const mean = async (scan: (keyword: string) => number): Promise<number> => {
    let sum = 0;
    for (const keyword of keywords) sum += await best(() => scan(keyword));
    return sum / keywords.length;
  };
  return {
    strings: await mean((keyword) => {
      let hits = 0;
      for (const text of strings) if (text.includes(keyword)) hits++;
      return hits;
    }),
    joined: await mean((keyword) => {
      let hits = 0;
      for (let at = joined.indexOf(keyword); at >= 0; at = joined.indexOf(keyword, at + 1)) hits++;
      return hits;
    }),
    columns: await mean((keyword) => {
      const hits = new Uint8Array(strings.length);
      const mark = markerOf(keyword);
      let start = 0;
      for (const page of pages) {
        mark(page, hits, start);
        start += page.length;
      }
      return hits.length;
    }),
  };
}

async function measureChecks(metadata: readonly Bytes[], content: readonly Bytes[]) {
  const pairs = metadata.slice(0, SOME_ROWS / 512).map((plain, i) => {
    return [decodeMetadata(plain), decodeContent(content[i] ?? new Uint8Array())] as const;
  });
  const rows = pairs.reduce((sum, [page]) => sum + page.length, 0);
  const salt = new Uint8Array(16);
  const commitments = await best(() => {
    for (const [meta, texts] of pairs) {
      for (let i = 0; i < meta.length; i++) rowCommitment(meta.row(i), { ...texts.row(i), salt });
    }
  });
  const merkle = await best(() => {
    for (const [meta] of pairs) rootOfLeafHashes(leafHashes(new Uint8Array(meta.length * HASH_BYTES)));
  });
  return { commitments: rows / commitments, merkle: rows / merkle };
}

async function measure(lookup: string, keywords: readonly string[]): Promise<Limits> {
  const access: Access = await (await fetch(`/access/${lookup}`)).json();
  const runs = { metadata: await fetchRuns(access, 'metadata'), content: await fetchRuns(access, 'content') };
  const allRuns = [...runs.metadata, ...runs.content];
  const bytes = sumOf(allRuns);
  const fetching = await best(async () => {
    await Promise.all([fetchRuns(access, 'metadata'), fetchRuns(access, 'content')]);
  }, 3);
  const sealed = {
    metadata: pagesOf(access, 'metadata', runs.metadata),
    content: pagesOf(access, 'content', runs.content),
  };
  const pages = [...sealed.metadata, ...sealed.content];
  const contentBytes = sumOf(sealed.content);
  const sha256 = await best(() => Promise.all(pages.map((page) => crypto.subtle.digest('SHA-256', page))));
  const aes = await measureAes(sealed.content);
  const plain = {
    metadata: await openAll(access, 'metadata', access.metadataSecret, sealed.metadata),
    content: await openAll(access, 'content', access.contentSecret, sealed.content),
  };
  const packed = plain.content.map(packPage);
  const unpack = await best(() => {
    for (const page of packed) unpackPage(page);
  });
  const plainBytes = sumOf(plain.content);
  const decode = await best(() => {
    for (const page of plain.content) decodeContent(page);
  });
  const opened = plain.content.map(decodeContent);
  const file = await measureFile(allRuns, pages);
  const inPages = await measureDatabase(pages);
  const inBlocks = await measureDatabase([
    ...blocksOf(access, 'metadata', sealed.metadata),
    ...blocksOf(access, 'content', sealed.content),
  ]);
  const inRuns = await measureDatabase(allRuns);
  const rows = await (await fetch(`/rows/${lookup}/0-${Math.min(access.manifest.rows, 20_000)}`)).text();
  const jsonParse = await best(() => JSON.parse(rows));
  const scans = await measureScans(opened, keywords);
  const checks = await measureChecks(plain.metadata, plain.content);
  return {
    bytes,
    contentBytes,
    plainBytes,
    fetch: megabytesASecond(bytes, fetching),
    sha256: megabytesASecond(bytes, sha256),
    aesGcmPages: megabytesASecond(contentBytes, aes.whole),
    aesGcmRows: SOME_ROWS / aes.rows,
    unpack: megabytesASecond(plainBytes, unpack),
    decode: megabytesASecond(plainBytes, decode),
    fileWrite: megabytesASecond(bytes, file.write),
    fileRead: megabytesASecond(bytes, file.read),
    idbPutPages: megabytesASecond(bytes, inPages.put),
    idbGetPages: megabytesASecond(bytes, inPages.get),
    idbPutBlocks: megabytesASecond(bytes, inBlocks.put),
    idbGetBlocks: megabytesASecond(bytes, inBlocks.get),
    idbPutRuns: megabytesASecond(bytes, inRuns.put),
    idbGetRuns: megabytesASecond(bytes, inRuns.get),
    jsonParse: megabytesASecond(new TextEncoder().encode(rows).length, jsonParse),
    commitments: checks.commitments,
    merkle: checks.merkle,
    scanStrings: scans.strings,
    scanJoined: scans.joined,
    scanColumns: scans.columns,
  };
}

self.addEventListener('message', ({ data }: MessageEvent<{ lookup: string; keywords: string[] }>) => {
  measure(data.lookup, data.keywords).then(
    (outcome) => self.postMessage({ outcome }),
    (thrown: unknown) => self.postMessage({ failed: String(thrown) }),
  );
});
