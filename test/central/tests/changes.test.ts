/** The change feed over the wire: per counter, in order, resumed, streamed and polled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { EventParser, type StreamEvent } from '../../../electron/central/event-stream.ts';
import { changeSchema } from '../../../shared/protocol/changes.ts';
import { changeFeed } from '../changes/feed.ts';
import { openDatabase } from '../database/open.ts';
import type { TestCounter } from './client.ts';
import { centralFixture, told } from './fixture.ts';
import { openCounter } from './visit.ts';

const fixture = centralFixture();
let counter: TestCounter;
let other: TestCounter;
beforeAll(async () => {
  counter = await openCounter(fixture.central, 'counter-feed-1');
  other = await openCounter(fixture.central, 'counter-feed-2', { id: '1025', pin: '135791' });
});

const read = (at: TestCounter, after: number, wait = 0) => at.call('changes', { query: { after, wait } });

/** Reads a stream until enough has come. */
function stream(at: TestCounter, after: number, headers: Record<string, string>, wanted: number) {
  const { promise, resolve, reject } = Promise.withResolvers<{ type: string; events: StreamEvent[] }>();
  const parser = new EventParser();
  const events: StreamEvent[] = [];
  const outgoing = request(
    `${fixture.central.url}/v1/changes?after=${after}`,
    { ...at.tls, headers: { accept: 'text/event-stream', ...headers } },
    (incoming) => {
      incoming.setEncoding('utf8');
      incoming.on('data', (text: string) => {
        events.push(...parser.push(text));
        if (events.length < wanted) return;
        resolve({ type: incoming.headers['content-type'] ?? '', events });
        outgoing.destroy();
      });
      incoming.on('end', () => resolve({ type: incoming.headers['content-type'] ?? '', events }));
    },
  );
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}

describe('changes', () => {
  test('each counter has its own, from 1 without gaps', async () => {
    const before = await read(counter, 0);
    await fixture.central.publishPolicy((policy) => policy);
    await fixture.central.publishPolicy((policy) => policy);
    const { changes, head } = await read(counter, 0);
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: before.head + 2 }, (_, i) => i + 1));
    expect(head).toBe(before.head + 2);
    expect(changes.at(-1)).toMatchObject({ kind: 'policy' });
    expect((await read(other, 0)).head).toBeGreaterThan(0);
    // Reading takes nothing away.
    expect(await read(counter, head - 1)).toEqual({ changes: changes.slice(-1), head });
    expect((await read(counter, head)).changes).toEqual([]);
  });

  test('a long poll answers when something happens, and no later', async () => {
    const { head } = await read(counter, 0);
    const waiting = read(counter, head, 25);
    await fixture.central.publishPolicy((policy) => policy);
    expect((await waiting).changes.map(({ seq }) => seq)).toEqual([head + 1]);
  });

  test('a stream sends what was missed, then what comes', async () => {
    const { head } = await read(counter, 0);
    const reading = stream(counter, head - 1, {}, 2);
    await fixture.central.publishPolicy((policy) => policy);
    const { type, events } = await reading;
    expect(type).toBe('text/event-stream');
    expect(events.map(({ id }) => Number(id))).toEqual([head, head + 1]);
    expect(events.map(({ data }) => changeSchema.parse(JSON.parse(data)).seq)).toEqual([head, head + 1]);
  });

  test('a stream goes on after the last event that the counter has', async () => {
    const { head } = await read(counter, 0);
    const { events } = await stream(counter, 0, { 'last-event-id': String(head - 1) }, 1);
    expect(events[0]?.id).toBe(String(head));
  });

  test('changes written at once are all there, in one order', async () => {
    const { head } = await read(counter, 0);
    const { db, changes } = fixture.central.context;
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        db
          .transaction()
          .execute((tx) =>
            changes.append(
              tx,
              ['counter-feed-2', 'counter-feed-1'],
              { kind: 'staff-revoked', staffId: String(5000 + i) },
              fixture.now(),
            ),
          ),
      ),
    );
    const found = await read(counter, head);
    expect(found.changes.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => head + i + 1));
  });

  test('a change whose transaction fails leaves no gap', async () => {
    const { head } = await read(counter, 0);
    const { db, changes } = fixture.central.context;
    const failing = db.transaction().execute(async (tx) => {
      await changes.append(tx, ['counter-feed-1'], { kind: 'staff-revoked', staffId: '6000' }, 0);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await fixture.central.publishPolicy((policy) => policy);
    expect((await read(counter, head)).changes.map(({ seq }) => seq)).toEqual([head + 1]);
  });

  test('a wait during which the database never answered is told apart from a quiet one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhiqing-feed-'));
    const db = await openDatabase({ folder: join(folder, 'database') });
    const feed = changeFeed(db);
    const { signal } = new AbortController();
    // No such counter: that is an answer.
    expect(await feed.wait('counter-none', 0, 10_000, signal)).toBe('gone');
    await db.destroy();
    expect(await feed.wait('counter-none', 0, 1_500, signal)).toBe('unknown');
    feed.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('what is no number is refused', async () => {
    expect(told(await counter.refused('changes', { query: { after: -1 } }))).toContain('bad-input');
    expect(told(await counter.refused('changes', { query: { wait: 600 } }))).toContain('bad-input');
    expect(told(await counter.refused('changes', { query: { device: 'counter-0001' } }))).toContain(
      'bad-input',
    );
  });

  test('a revoked member of staff: told, signed out, and refused from then on', async () => {
    const { head } = await read(other, 0);
    await fixture.central.revokeStaff('1025');
    const { changes } = await read(other, head);
    expect(changes).toMatchObject([{ kind: 'staff-revoked', staffId: '1025' }]);
    expect(told(await other.refused('signOut', { body: {} }))).toBe('staff-session-expired');
    const again = await other.refused('signIn', {
      body: { staffId: '1025', pin: '135791' },
      token: undefined,
    });
    expect(again.kind).toBe('sign-in-refused');
  });

  test('a token issued in the very moment of a revocation is none', async () => {
    const third = await openCounter(fixture.central, 'counter-feed-3');
    await fixture.central.context.db
      .updateTable('staff')
      .set({ revoked_at: new Date(fixture.now()) })
      .where('id', '=', '1024')
      .execute();
    expect(told(await third.refused('signOut', { body: {} }))).toBe('staff-session-expired');
    await fixture.central.context.db
      .updateTable('staff')
      .set({ revoked_at: null })
      .where('id', '=', '1024')
      .execute();
  });

  test('a revoked counter hears nothing more', async () => {
    await fixture.central.revokeDevice('counter-feed-2');
    expect(told(await other.refused('changes'))).toContain('forbidden');
  });
});
