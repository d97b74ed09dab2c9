import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextTask } from '../../../renderer/cache/next-task.ts';
import { Waiting } from '../../../renderer/cache/waiting.ts';

const QUIET = 100;
let stop: AbortController;
let waiting: Waiting;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  stop = new AbortController();
  waiting = new Waiting(QUIET, stop.signal);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether it has resolved once all that is ready has run. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  for (let i = 0; i < 4; i++) await nextTask();
  return done;
}

test('where nobody asked, nobody waits', async () => {
  expect(await isDone(waiting.nobody())).toBe(true);
});

test('waits for an answer, and for the question that follows', async () => {
  const work = Promise.withResolvers<string>();
  const answer = waiting.for(work.promise);
  const nobody = waiting.nobody();
  await vi.advanceTimersByTimeAsync(10 * QUIET);
  expect(await isDone(nobody)).toBe(false);
  work.resolve('rows');
  expect(await answer).toBe('rows');
  await vi.advanceTimersByTimeAsync(QUIET - 1);
  expect(await isDone(nobody)).toBe(false);
  // It comes.
  await waiting.for(Promise.resolve());
  await vi.advanceTimersByTimeAsync(QUIET - 1);
  expect(await isDone(nobody)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isDone(nobody)).toBe(true);
});

test('an answer that fails is an answer', async () => {
  await expect(waiting.for(Promise.reject(new Error('no')))).rejects.toThrow('no');
  await vi.advanceTimersByTimeAsync(QUIET);
  expect(await isDone(waiting.nobody())).toBe(true);
});

test('a store that stops waits for no time', async () => {
  waiting.expect();
  const nobody = waiting.nobody();
  expect(await isDone(nobody)).toBe(false);
  stop.abort();
  expect(await isDone(nobody)).toBe(true);
  expect(await isDone(waiting.nobody())).toBe(true);
});
