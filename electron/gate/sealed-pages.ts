/** Hands sealed pages on from central to a window: as they are, checked against the manifest, never opened. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import type { Plane } from '../../shared/contract/names.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { LayerName, PageRef } from '../../shared/domain/lookup.ts';
import type { Connection } from '../central/connection.ts';
import type { VisitSecrets } from './visit-secrets.ts';

export interface PageRequest {
  plane: Plane;
  lookupId: string;
  layer: LayerName;
  page: number;
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
 * A sealed page of the live lookup. Both windows need the metadata: it is fetched once, and the customer's window,
 * where somebody waits for the first message, is served before staff's.
 * @throws Failure 'forbidden' for what the plane may not have, 'central-*', 'manifest-rejected' when the bytes
 * are not the manifest's.
 */
export async function sealedPage(
  connection: Pick<Connection, 'call'>,
  secrets: VisitSecrets | undefined,
  { plane, lookupId, layer, page }: PageRequest,
): Promise<Bytes> {
  // SECURITY: S4 the content layer is not for the staff plane, not even sealed.
  if (plane === 'staff' && layer !== 'metadata') throw new Failure('forbidden');
  const manifest = secrets?.lookup?.manifest.document;
  if (!secrets?.hasLayer(layer) || manifest?.lookupId !== lookupId) throw new Failure('forbidden');
  const ref = manifest.pages[layer][page];
  if (!ref) throw new Failure('forbidden');
  const state = stateOf(secrets);
  if (plane === 'staff' && secrets.hasLayer('content')) {
    state.precedence ??= Promise.race([state.customerReads.promise, pause(PRECEDENCE_MS, secrets.signal)]);
    await state.precedence;
  }
  const get = () => fetchChecked(connection, { lookupId, layer, page }, ref);
  const bytes = await (layer === 'content' ? get() : shared(state, plane, page, get));
  // The visit may have ended while the page was on its way. SECURITY: S19
  if (!secrets.hasLayer(layer)) throw new Failure('forbidden');
  if (plane === 'customer') {
    const { given } = state;
    given[layer].add(page);
    const { metadata, content } = manifest.pages;
    const isReading = given.content.size > FIRST_CONTENT_PAGES || given.content.size === content.length;
    if (given.metadata.size === metadata.length && isReading) state.customerReads.resolve();
  }
  return bytes;
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

async function fetchChecked(
  connection: Pick<Connection, 'call'>,
  params: { lookupId: string; layer: LayerName; page: number },
  ref: PageRef,
): Promise<Bytes> {
  const bytes = await connection.call('page', { params, limit: ref.bytes });
  if (bytes.length !== ref.bytes || (await sha256Hex(bytes)) !== ref.sha256) {
    throw new Failure('manifest-rejected', { detail: 'page' });
  }
  return bytes;
}

/** A metadata page for one plane: what the other plane's asking brought, or fetched. */
function shared(state: Shared, plane: Plane, page: number, get: () => Promise<Bytes>): Promise<Bytes> {
  const brought = state.waiting.get(page);
  if (brought !== undefined && brought.plane !== plane) {
    // Both have it now: a window that asks again is answered by central.
    state.waiting.delete(page);
    return brought.bytes;
  }
  const bytes = get();
  state.waiting.set(page, { plane, bytes });
  // A failure is not kept for the other plane.
  bytes.catch(() => state.waiting.delete(page));
  return bytes;
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
