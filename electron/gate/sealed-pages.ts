/**
 * Hands sealed pages on to a window, from central or from what is kept for a case: as they are, checked against the
 * manifest, never opened.
 */
import { type Bytes, concat } from '../../shared/canonical/bytes.ts';
import type { Plane } from '../../shared/contract/names.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { LayerName, PageRef } from '../../shared/domain/lookup.ts';
import { pagesOf } from '../../shared/domain/page-run.ts';
import type { LayerRun, SealedPages } from '../../shared/domain/sealed-path.ts';
import type { Connection } from '../central/connection.ts';
import { checkPages, fetchPages } from './page-bytes.ts';
import type { VisitSecrets } from './visit-secrets.ts';

export interface PageRequest extends SealedPages {
  readonly plane: Plane;
}

/** How long staff's window waits for the customer's to have what it shows first, from its first page on. Milliseconds. */
const PRECEDENCE_MS = 1_500;

/** Content pages that the customer's window asks for together with the metadata, at the most. */
const FIRST_CONTENT_PAGES = 2;

/** Pages of a visit on their way to two windows. */
interface Shared {
  /** Metadata pages that one window has asked for and the other has not: checked, sealed. */
  readonly waiting: Map<number, { plane: Plane; bytes: Promise<Bytes> }>;
  /** Pages that the customer's window has been given. */
  readonly given: Record<LayerName, Set<number>>;
  /** The customer's window shows its first rows: it has all metadata, and asks for content beyond them. */
  readonly customerReads: PromiseWithResolvers<void>;
  /** Set by staff's first page: resolves when staff need not wait any longer. */
  precedence: Promise<void> | undefined;
}

/** Goes with the visit's secrets. */
const sharedOf = new WeakMap<VisitSecrets, Shared>();

/**
 * Runs of sealed pages of the live lookup, one behind the other, all of them or none. Both windows need the metadata: it
 * is fetched once, and the customer's window, where somebody waits for the first message, is served before staff's.
 * @throws Failure 'forbidden' for what the plane may not have, 'central-*', 'manifest-rejected' when the bytes
 * are not the manifest's; of what is kept 'held-ended', 'held-damaged'.
 */
export async function sealedPages(
  connection: Pick<Connection, 'call'>,
  secrets: VisitSecrets | undefined,
  request: PageRequest,
): Promise<Bytes> {
  const { plane, lookupId, runs } = request;
  // SECURITY: S4 the content layer is not for the staff plane, not even sealed.
  if (plane === 'staff' && runs.some(({ layer }) => layer !== 'metadata')) throw new Failure('forbidden');
  if (secrets?.lookup?.manifest.document.lookupId !== lookupId) throw new Failure('forbidden');
  // Before any is fetched.
  const refs = runs.map((run) => refsOf(secrets, run));
  const pages = await Promise.all(
    runs.map(({ layer }, i) => layerPages(connection, secrets, request, layer, refs[i] ?? [])),
  );
  // The visit may have ended while they were on their way. SECURITY: S19
  if (!runs.every(({ layer }) => secrets.hasLayer(layer))) throw new Failure('forbidden');
  if (plane === 'customer') noteGiven(secrets, runs);
  return concat(...pages.flat());
}

/** @throws Failure 'forbidden' for a layer or pages that the visit has not (any more). */
function refsOf(secrets: VisitSecrets, { layer, ...run }: LayerRun): PageRef[] {
  const manifest = secrets.lookup?.manifest.document;
  const wanted = pagesOf(run);
  const refs = wanted.flatMap((page) => manifest?.pages[layer][page] ?? []);
  if (!secrets.hasLayer(layer) || refs.length < wanted.length) throw new Failure('forbidden');
  return refs;
}

async function layerPages(
  connection: Pick<Connection, 'call'>,
  secrets: VisitSecrets,
  { plane, lookupId }: PageRequest,
  layer: LayerName,
  refs: readonly PageRef[],
): Promise<Bytes[]> {
  const state = stateOf(secrets);
  if (plane === 'staff' && secrets.hasLayer('content')) {
    state.precedence ??= Promise.race([state.customerReads.promise, pause(PRECEDENCE_MS, secrets.signal)]);
    await state.precedence;
    // The visit has ended meanwhile: nothing is asked for any more. SECURITY: S19
    if (!secrets.hasLayer(layer)) throw new Failure('forbidden');
  }
  const { kept } = secrets;
  // What is kept is read from the disk: central has nothing to answer under an ended consent.
  const get = async (those: readonly PageRef[]) =>
    kept ? kept.read(layer, those) : checkPages(await fetchPages(connection, lookupId, layer, those), those);
  return await (layer === 'content' ? get(refs) : shared(state, plane, refs, get));
}

/** Remembers what the customer's window was given: with its first rows there, staff's need not wait. */
function noteGiven(secrets: VisitSecrets, runs: readonly LayerRun[]): void {
  const { given, customerReads } = stateOf(secrets);
  for (const run of runs) for (const page of pagesOf(run)) given[run.layer].add(page);
  const all = secrets.lookup?.manifest.document.pages;
  const isReading = given.content.size > FIRST_CONTENT_PAGES || given.content.size === all?.content.length;
  if (given.metadata.size === all?.metadata.length && isReading) customerReads.resolve();
}

function stateOf(secrets: VisitSecrets): Shared {
  const known = sharedOf.get(secrets);
  if (known !== undefined) return known;
  const state: Shared = {
    waiting: new Map(),
    given: { metadata: new Set(), content: new Set() },
    customerReads: Promise.withResolvers(),
    precedence: undefined,
  };
  sharedOf.set(secrets, state);
  return state;
}

/** Metadata pages for one plane: what the other plane's asking brought, the rest fetched. */
function shared(
  { waiting }: Shared,
  plane: Plane,
  refs: readonly PageRef[],
  get: (refs: readonly PageRef[]) => Promise<Bytes[]>,
): Promise<Bytes[]> {
  const isBrought = ({ page }: PageRef) => (waiting.get(page)?.plane ?? plane) !== plane;
  const parts = runsOf(refs, isBrought).map((run) => {
    // Both have them now: a window that asks again is answered by central.
    if (run.some(isBrought)) return run.map(({ page }) => take(waiting, page));
    const fetched = get(run);
    return run.map(({ page }, i) => {
      const bytes = fetched.then((pages) => pages[i] ?? new Uint8Array(0));
      waiting.set(page, { plane, bytes });
      // A failure is not kept for the other plane.
      bytes.catch(() => waiting.delete(page));
      return bytes;
    });
  });
  return Promise.all(parts.flat());
}

/** Neighbours that are alike, together. */
function runsOf(refs: readonly PageRef[], isBrought: (ref: PageRef) => boolean): PageRef[][] {
  const runs: PageRef[][] = [];
  for (const ref of refs) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && isBrought(before) === isBrought(ref)) run.push(ref);
    else runs.push([ref]);
  }
  return runs;
}

async function take(waiting: Shared['waiting'], page: number): Promise<Bytes> {
  const brought = waiting.get(page);
  waiting.delete(page);
  if (!brought) throw new Failure('internal', { detail: 'page' });
  return brought.bytes;
}

/** Resolves after a while, or at once when the visit ends. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
