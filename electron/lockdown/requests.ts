import type { Session } from 'electron';
import type { Plane } from '../../shared/contract/names.ts';
import { isOwnAddress } from './origins.ts';

/** What a page may load besides its own addresses: pictures it made itself, and workers' and previews' blobs. */
const inner = /^(?:data|blob):/;

/**
 * Requests: the plane's own scheme only. The policy in the headers says the same; this holds for what has no
 * headers, such as a prefetch or an address typed by a bug. SECURITY: S1 S15
 */
export function denyForeignRequests(session: Session, plane: Plane): void {
  session.webRequest.onBeforeRequest((details, callback) => {
    const allowed = isOwnAddress(plane, details.url) || inner.test(details.url);
    callback({ cancel: !allowed });
  });
}
