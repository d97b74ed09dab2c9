/** A peer in its worker. Times are taken here, without the way to the page: that favours peers. */

import { makePeer } from '../peers/index.ts';
import type { Row } from '../peers/peer.ts';
import { type ComparedRow, hashOfResult, type Operation, type Outcome, type Result } from './operations.ts';

/** Rows of one answer of the server. */
const WIRE_ROWS = 4_096;

const comparable = (rows: readonly Row[]): ComparedRow[] =>
  rows.map(({ id, at, direction, category, peer, text }) => [id, at, direction, category, peer, text]);

async function fetchRows(lookup: string, rows: number): Promise<Row[]> {
  const starts = Array.from({ length: Math.ceil(rows / WIRE_ROWS) }, (_, i) => i * WIRE_ROWS);
  const parts = await Promise.all(
    starts.map(async (start) => {
      const response = await fetch(`/rows/${lookup}/${start}-${Math.min(rows, start + WIRE_ROWS)}`, {
        cache: 'no-store',
      });
      return (await response.json()) as Row[];
    }),
  );
  return parts.flat();
}

const peer = await makePeer(self.name);
let isOpen = false;

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

/** The result is spelt and hashed when the clock has stopped. */
async function answer<T>(work: () => Promise<T>, spell: (value: T) => Result): Promise<Outcome> {
  const { value, ms } = await timed(work);
  return { ms, result: await hashOfResult(spell(value)) };
}

const asIs = <T>(value: T): T => value;

async function run(operation: Operation): Promise<Outcome> {
  switch (operation.is) {
    case 'load': {
      if (!isOpen) await peer.open();
      isOpen = true;
      const fetched = await timed(() => fetchRows(operation.lookup, operation.rows));
      const inserted = await timed(() => peer.insert(fetched.value));
      return { ms: fetched.ms + inserted.ms, parts: { wire: fetched.ms, insert: inserted.ms } };
    }
    case 'append': {
      const { ms } = await timed(async () => peer.insert(await fetchRows(operation.lookup, operation.rows)));
      return { ms };
    }
    case 'range':
      return answer(() => peer.range(operation.from, operation.until), comparable);
    case 'search':
      return answer(() => peer.search(operation.keyword), asIs);
    case 'counts':
      return answer(() => peer.counts(), asIs);
    case 'reopen':
      isOpen = true;
      return answer(async () => {
        await peer.open();
        return await peer.newest(operation.count);
      }, comparable);
    case 'remove':
      return { ms: (await timed(() => peer.remove(operation.subject))).ms };
    case 'check':
      return { ms: 0 };
  }
}

self.addEventListener('message', ({ data }: MessageEvent<Operation>) => {
  run(data).then(
    (outcome) => self.postMessage({ outcome }),
    (thrown: unknown) => self.postMessage({ failed: String(thrown) }),
  );
});
self.postMessage({ ready: true });
