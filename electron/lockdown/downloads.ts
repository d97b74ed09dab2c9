import type { Session } from 'electron';

/** Downloads: none. What the customer takes along is written by the core, where IT has said. SECURITY: S1 */
export function denyDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault());
}
