/** The change feed as Server-Sent Events (WHATWG HTML, section 9.2): one event a change, comments as signs of life. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HEARTBEAT_SECONDS } from '../../../shared/protocol/changes.ts';
import type { Device } from '../auth.ts';
import type { Context } from '../context.ts';

/** Whether a request asks for a stream. */
export function wantsEvents(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').split(',').some((type) => type.trim() === 'text/event-stream');
}

/** Where a stream begins: what the client has seen last counts, whether it says so in a header or in the address. */
export function startOf(request: FastifyRequest, after: number): number {
  const last = request.headers['last-event-id'];
  const seen = typeof last === 'string' && /^\d{1,9}$/.test(last) ? Number(last) : 0;
  return Math.max(after, seen);
}

/** Streams until the counter goes, is revoked, the database does not answer, or the service closes. */
export async function streamChanges(
  { changes, now }: Pick<Context, 'changes' | 'now'>,
  device: Device,
  after: number,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  raw.on('error', () => gone.abort());
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // A proxy must not hold events back to fill a buffer.
    'x-accel-buffering': 'no',
  });
  raw.write(`: ${new Date(now()).toISOString()}\n\n`);
  let last = after;
  try {
    while (!gone.signal.aborted) {
      const { changes: found } = await changes.read(device.id, last);
      for (const change of found) {
        raw.write(`id: ${change.seq}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
        last = change.seq;
      }
      if (found.length > 0) continue;
      const waited = await changes.wait(device.id, last, HEARTBEAT_SECONDS * 1000, gone.signal);
      // SECURITY: S1 S13 S16 a connection may outlive the trust in its counter, and a sign of life is one of the
      // service with its database, not of a process alone.
      if (gone.signal.aborted || !(waited === 'changed' || waited === 'quiet')) return;
      if (waited === 'changed') continue;
      raw.write(`: ${new Date(now()).toISOString()}\n\n`);
    }
  } finally {
    raw.end();
  }
}
