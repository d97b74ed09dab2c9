import type { Bytes } from '../../shared/canonical/bytes.ts';
import { appErrorSchema, type ErrorKind, Failure } from '../../shared/domain/errors.ts';
import { type LayerRun, sealedPath } from '../../shared/domain/sealed-path.ts';

/**
 * Gets the sealed bytes of pages, one behind the other, from wherever they come. Fails with Failures only.
 * @param runs of one layer, or one of each.
 */
export type FetchPages = (lookupId: string, runs: readonly LayerRun[], signal: AbortSignal) => Promise<Bytes>;

/** A page that has not come by then does not come. Milliseconds; above the core's own limit toward central. */
const FETCH_DEADLINE_MS = 60_000;

/** What a status means where the answer does not say it itself. */
const statusKinds: Readonly<Record<number, ErrorKind>> = {
  401: 'central-refused',
  403: 'central-refused',
  404: 'records-incomplete',
  410: 'central-refused',
  503: 'central-unreachable',
  504: 'central-unreachable',
};

/** Pages of `/sealed/…` of an origin, as the core passes them on. */
export function fetchFrom(origin: string, get: typeof fetch = fetch): FetchPages {
  return async (lookupId, runs, signal) => {
    const address = new URL(sealedPath({ lookupId, runs }), origin);
    let response: Response;
    try {
      // SECURITY: S11 no-store keeps the pages out of the browser's own cache.
      const anySignal = AbortSignal.any([signal, AbortSignal.timeout(FETCH_DEADLINE_MS)]);
      response = await get(address, { cache: 'no-store', redirect: 'error', signal: anySignal });
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
    } catch {
      if (signal.aborted) throw new Failure('wrong-state', { detail: 'stopped' });
      throw new Failure('central-unreachable', { detail: 'sealed page' });
    }
    throw await refusal(response);
  };
}

/** The core says why as an AppError; an answer without one is judged by its status. */
async function refusal(response: Response): Promise<Failure> {
  const said = await response.json().catch(() => undefined);
  const parsed = appErrorSchema.safeParse(said);
  if (parsed.success) return new Failure(parsed.data.kind, { detail: 'sealed page' });
  return new Failure(statusKinds[response.status] ?? 'central-failed', {
    detail: `status ${response.status}`,
  });
}
