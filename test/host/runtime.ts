/** The one Chromium of this process, as the modules reach it. */
import type { Partition } from './addresses.ts';
import type { Connection, Session } from './cdp.ts';

let connection: Connection | undefined;
let release: () => void = () => undefined;
const started = new Promise<void>((resolve) => {
  release = resolve;
});

/** Told once, when Chromium has been set up. */
export function setRuntime(given: Connection): void {
  connection = given;
  release();
}

/** True once Chromium can be used. */
export const isStarted = (): boolean => connection !== undefined;

/** Resolves once Chromium can be used. */
export const whenStarted = (): Promise<void> => started;

/** The browser's own session. Throws before the app is ready, as Electron does for most of its API. */
export function browserSession(): Session {
  if (!connection) throw new Error('This cannot be used before the app is ready');
  return connection.root;
}

const contexts = new Map<string, Promise<string>>();

/** Chromium's context for a partition: an off-the-record one of its own for those that live in memory. */
export function browserContextOf(partition: Partition): Promise<string | undefined> {
  if (partition.persistent) return Promise.resolve(undefined);
  const known = contexts.get(partition.label);
  if (known) return known;
  const made = browserSession()
    .send('Target.createBrowserContext', { disposeOnDetach: true })
    .then(({ browserContextId }) => browserContextId);
  contexts.set(partition.label, made);
  return made;
}
