/** Answers a plane's requests: its built pages, its sealed pages, and, for the customer, the report. */
import type { Plane } from '../../shared/contract/names.ts';
import { appError, toAppError } from '../../shared/domain/errors.ts';
import { parseSealedPath, type SealedPages } from '../../shared/domain/sealed-path.ts';
import { isOwnAddress } from '../lockdown/origins.ts';
import { baseHeaders } from './headers.ts';
import { serveFile } from './static-files.ts';

export interface Sources {
  /** Addresses and files of the built pages. */
  files: ReadonlyMap<string, string>;
  /** @throws Failure */
  sealedPages: (pages: SealedPages) => Promise<Uint8Array<ArrayBuffer>>;
  /** The report's PDF while it lives. */
  report: (reportId: string) => Uint8Array<ArrayBuffer> | undefined;
}

const reportPattern = /^\/report\/([0-9a-f-]{36})\.pdf$/;

/** The handler of a plane's session. What is not named here is 404. SECURITY: S1 */
export function planeHandler(plane: Plane, sources: Sources): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' || !isOwnAddress(plane, request.url)) return nothing();
    // As it was asked for: dots and escapes are not resolved, they match no file.
    const { pathname } = new URL(request.url);
    const file = sources.files.get(pathname);
    if (file !== undefined) return serveFile(file);
    const sealed = parseSealedPath(pathname);
    if (sealed) return serveSealed(sources, sealed);
    const report = plane === 'customer' ? reportPattern.exec(pathname) : null;
    const pdf = report ? sources.report(report[1] ?? '') : undefined;
    return pdf ? new Response(pdf, { headers: baseHeaders('application/pdf') }) : nothing();
  };
}

const statuses: Record<string, number> = { forbidden: 403, 'not-signed-in': 401, 'central-unreachable': 503 };

async function serveSealed(sources: Sources, pages: SealedPages): Promise<Response> {
  try {
    const bytes = await sources.sealedPages(pages);
    return new Response(bytes, { headers: baseHeaders('application/octet-stream') });
  } catch (thrown) {
    // A failure of ours as data, as everywhere: the store turns the kind into its own.
    const error = toAppError(thrown);
    return new Response(JSON.stringify(error), {
      status: statuses[error.kind] ?? 502,
      headers: baseHeaders('application/json; charset=utf-8'),
    });
  }
}

function nothing(): Response {
  return new Response(JSON.stringify(appError('forbidden')), {
    status: 404,
    headers: baseHeaders('application/json; charset=utf-8'),
  });
}
