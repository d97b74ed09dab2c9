import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { PageRef } from '../../shared/domain/lookup.ts';
import type { LayerLayout } from './layout.ts';
import type { PageDatabase, StoredPage } from './page-database.ts';
import type { FetchPage } from './page-source.ts';

/** Pages fetched at a time: more only queue behind the core's one connection to central. */
const LANES = 6;
/** Pages put in one transaction. */
const PUT_BATCH = 16;

export interface LoaderParts {
  readonly lookupId: string;
  readonly database: PageDatabase;
  readonly fetchPage: FetchPage;
  readonly signal: AbortSignal;
}

/**
 * One page from the source, compared with what the signed manifest says of it.
 * @throws Failure 'page-unreadable' when size or hash differ, or the source's own.
 */
export async function fetchChecked(parts: LoaderParts, layout: LayerLayout, page: number): Promise<Bytes> {
  const sealed = await parts.fetchPage(parts.lookupId, layout.layer, page, parts.signal);
  if (!(await isAsNamed(sealed, layout.ref(page)))) {
    throw new Failure('page-unreadable', { detail: `${layout.layer} page ${page} is not the one named` });
  }
  return sealed;
}

/**
 * Fetches every page of some layers, several at a time, and stores them as they are. A page already held is
 * not fetched again, if it is still what the manifest names. `use` sees each page once, before it is stored;
 * the first failure stops all lanes, and nothing is put after this has settled.
 */
export async function loadPages(
  parts: LoaderParts,
  layouts: readonly LayerLayout[],
  use: (layout: LayerLayout, page: number, sealed: Bytes) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([parts.signal, stop.signal]);
  const held = await Promise.all(layouts.map(({ layer }) => parts.database.held(parts.lookupId, layer)));
  const jobs = layouts.flatMap((layout, i) =>
    layout.refs.map(({ page }) => ({ layout, page, held: held[i]?.has(page) ?? false })),
  );
  const batches = new PutQueue(parts.database);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      if (signal.aborted) throw new Failure('wrong-state', { detail: 'stopped' });
      const { layout, page } = job;
      const stored = job.held ? await storedPage(parts, layout, page) : undefined;
      const sealed = stored ?? (await fetchChecked({ ...parts, signal }, layout, page));
      await use(layout, page, sealed);
      if (stored === undefined) {
        await batches.add({ lookupId: parts.lookupId, layer: layout.layer, page, sealed });
      }
    }
  };
  const failures: unknown[] = [];
  const guardedLane = (): Promise<void> =>
    lane().catch((thrown: unknown) => {
      failures.push(thrown);
      stop.abort();
    });
  await Promise.all(Array.from({ length: LANES }, guardedLane));
  // Settles what is under way even after a failure, so that nothing is written behind a deletion.
  await batches.flush().catch((thrown: unknown) => failures.push(thrown));
  // The others failed because they were stopped: only the first one tells why.
  if (failures.length > 0) throw failures[0];
}

async function storedPage(parts: LoaderParts, layout: LayerLayout, page: number): Promise<Bytes | undefined> {
  const [sealed] = await parts.database.get(parts.lookupId, layout.layer, [page]);
  return sealed !== undefined && (await isAsNamed(sealed, layout.ref(page))) ? sealed : undefined;
}

async function isAsNamed(sealed: Bytes, ref: PageRef): Promise<boolean> {
  return sealed.length === ref.bytes && (await sha256Hex(sealed)) === ref.sha256;
}

/** Collects pages and puts them in ranges, one transaction after the other, outside any awaited crypto. */
class PutQueue {
  readonly #database: PageDatabase;
  #waiting: StoredPage[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(database: PageDatabase) {
    this.#database = database;
  }

  /** Resolves at once while a batch fills up; a full batch is waited for, which bounds memory. */
  async add(page: StoredPage): Promise<void> {
    this.#waiting.push(page);
    if (this.#waiting.length >= PUT_BATCH) await this.flush();
  }

  flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#last = this.#last.then(() => this.#database.put(batch));
    return this.#last;
  }
}
