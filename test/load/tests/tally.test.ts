import { expect, test } from 'vitest';
import type { Beat } from '../fleet/messages.ts';
import { Histogram } from '../histogram.ts';
import { Tally } from '../tally.ts';

const of = (...list: number[]) => {
  const histogram = new Histogram();
  for (const ms of list) histogram.add(ms);
  return histogram.toJSON();
};
const beat = (change: Partial<Beat>): Beat => ({
  type: 'beat',
  wire: { times: {}, errors: {} },
  visits: {},
  failures: {},
  lagMs: 0,
  ...change,
});

test('beats of several processes add up; what is taken is not counted again', () => {
  const listeners: ((beat: Beat) => void)[] = [];
  const tally = new Tally({ onBeat: (listener) => void listeners.push(listener) });
  const tell = (one: Beat) => {
    for (const listener of listeners) listener(one);
  };
  tell(
    beat({
      wire: { times: { lookup: of(10, 20), changes: of(25_000) }, errors: { 'lookup: HTTP 500': 1 } },
      visits: of(900),
      lagMs: 30,
    }),
  );
  tell(
    beat({
      wire: { times: { lookup: of(30), 'changes (stream)': of(5) }, errors: { 'lookup: HTTP 500': 2 } },
      failures: { 'no notice at serving.request': 1 },
      lagMs: 10,
    }),
  );
  const taken = tally.take();
  expect(taken.routes.get('lookup')?.count).toBe(3);
  // Who waits for changes waits as long as there are none: that is no request's time.
  expect(taken.requests.count).toBe(3);
  expect(taken.requests.quantile(1)).toBeLessThan(32);
  expect(taken.visits.count).toBe(1);
  expect([...taken.errors]).toEqual([
    ['lookup: HTTP 500', 3],
    ['no notice at serving.request', 1],
  ]);
  expect(taken.lagMs).toBe(30);

  const next = tally.take();
  expect(next.requests.count + next.visits.count + next.errors.size + next.routes.size + next.lagMs).toBe(0);
});
