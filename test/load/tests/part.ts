/** A part of a run with nothing in it, to be changed. */
import { Histogram } from '../histogram.ts';
import type { Part } from '../parts.ts';

export function histogramOf(...times: number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of times) histogram.add(ms);
  return histogram;
}

export function partOf(change: Partial<Part>): Part {
  return {
    name: 'ordinary day',
    planned: 0,
    windowSeconds: 10,
    seconds: 10,
    cpu: {},
    memory: {},
    available: 20,
    routes: new Map(),
    requests: new Histogram(),
    visits: new Histogram(),
    errors: new Map(),
    lagMs: 0,
    ...change,
  };
}
