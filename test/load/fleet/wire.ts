/**
 * What this process sends over the wire, by route: taken from Node's own HTTP client, so that the counters' code runs
 * as it is.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { api, estPaths } from '../../../shared/protocol/api.ts';
import { type Buckets, Histogram } from '../histogram.ts';

const STREAM = 'changes (stream)';

/** Requests since the last look. */
export interface WireReport {
  /** Times until the whole answer was there, by route. */
  readonly times: Record<string, Buckets>;
  /** What was no answer with status 200, by route and what came instead. */
  readonly errors: Record<string, number>;
}

const patterns = Object.entries(api).map(([name, { method, path }]) => ({
  name,
  pattern: new RegExp(`^${method} ${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

function routeOf(request: ClientRequest): string {
  const { pathname } = new URL(request.path, 'https://localhost');
  if (pathname === estPaths.simpleenroll) return 'enrol';
  const route =
    patterns.find(({ pattern }) => pattern.test(`${request.method} ${pathname}`))?.name ?? 'other';
  const events = String(request.getHeader('accept') ?? '').includes('text/event-stream');
  return route === 'changes' && events ? STREAM : route;
}

export interface Wire {
  /** What has come since it was last asked. */
  take(): WireReport;
  /** Told of every request of a route as it is sent. */
  onRequest(listener: (route: string) => void): void;
  /** What fails from now on is no error: everything ends. */
  stop(): void;
}

/** Begins to listen. */
export function watchWire(): Wire {
  const listeners: ((route: string) => void)[] = [];
  const sent = new WeakMap<ClientRequest, { route: string; at: number }>();
  let times = new Map<string, Histogram>();
  let errors = new Map<string, number>();
  let stopped = false;
  const fail = (what: string) => {
    if (!stopped) errors.set(what, (errors.get(what) ?? 0) + 1);
  };
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest };
    const route = routeOf(request);
    sent.set(request, { route, at: performance.now() });
    for (const listener of listeners) listener(route);
  });
  subscribe('http.client.request.error', (message) => {
    const { request, error } = message as { request: ClientRequest; error: Error };
    const code = 'code' in error ? String(error.code) : error.name;
    fail(`${sent.get(request)?.route ?? 'other'}: ${code}`);
  });
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const known = sent.get(request);
    if (!known) return;
    const { route, at } = known;
    if (response.statusCode !== 200) fail(`${route}: HTTP ${response.statusCode}`);
    const done = () => {
      const found = times.get(route) ?? new Histogram();
      times.set(route, found);
      found.add(performance.now() - at);
    };
    // A stream has begun when its head is there; anything else is done when it has ended.
    if (route === STREAM) done();
    else response.once('end', done);
  });
  return {
    take() {
      const report = {
        times: Object.fromEntries([...times].map(([route, found]) => [route, found.toJSON()])),
        errors: Object.fromEntries(errors),
      };
      times = new Map();
      errors = new Map();
      return report;
    },
    onRequest: (listener) => void listeners.push(listener),
    stop() {
      stopped = true;
    },
  };
}
