/** A process that leaves hands its counters on: no answer is lost, and no stream is cut. */
import { Agent, request } from 'node:https';
import { expect, test } from 'vitest';
import type { Central } from '../../service.ts';
import { send, TestCounter } from '../client.ts';
import { describeOnServer } from '../server.ts';
import { pairFixture } from './pair.ts';

/** Reads a stream to its end: how it ended. */
function follow(counter: TestCounter) {
  const { promise, resolve } = Promise.withResolvers<'ended' | 'cut'>();
  const opened = Promise.withResolvers<void>();
  const outgoing = request(
    `${counter.central.url}/v1/changes`,
    { ...counter.tls, headers: { accept: 'text/event-stream' } },
    (incoming) => {
      incoming.once('data', () => opened.resolve());
      incoming.on('end', () => resolve('ended'));
      incoming.on('error', () => resolve('cut'));
      incoming.resume();
    },
  );
  outgoing.on('error', () => resolve('cut'));
  outgoing.end();
  return { end: promise, opened: opened.promise };
}

/** Asks over kept connections until none can be made any more: answers, and why the last one failed. */
async function askUntilRefused(central: Central, tls: TestCounter['tls'], begun: () => void) {
  const agent = new Agent({ keepAlive: true });
  let answers = 0;
  for (;;) {
    try {
      const { status } = await send(`${central.url}/v1/status`, tls, { method: 'GET', agent });
      expect(status).toBe(200);
      answers += 1;
      if (answers === 5) begun();
    } catch (error) {
      agent.destroy();
      return { answers, refusal: error instanceof Error && 'code' in error ? error.code : error };
    }
  }
}

describeOnServer('a process that leaves', () => {
  const pair = pairFixture({ createdThrough: 'none' });

  test('answers what was asked, ends its streams, and is then not to be reached', async () => {
    const leaving = await pair.start();
    const counter = new TestCounter(leaving, await leaving.makeDevice('counter-drain'));
    const stream = follow(counter);
    await stream.opened;
    const begun = Promise.withResolvers<void>();
    const asking = [1, 2, 3].map(() => askUntilRefused(leaving, counter.tls, begun.resolve));
    await begun.promise;
    await leaving.drain(60_000);
    expect(await stream.end).toBe('ended');
    for (const { answers, refusal } of await Promise.all(asking)) {
      expect(answers).toBeGreaterThan(0);
      // Never a connection that was cut while a request was on it.
      expect(refusal).toBe('ECONNREFUSED');
    }
    await leaving.close();
    expect((await new TestCounter(pair.both[0], counter.identity).raw('status')).status).toBe(200);
  });

  test('does not wait for a counter that asks nothing', async () => {
    const leaving = await pair.start();
    const identity = await leaving.makeDevice('counter-silent');
    const silent = new TestCounter(leaving, identity);
    await silent.call('status');
    await leaving.drain(50);
    await leaving.close();
  });
});
