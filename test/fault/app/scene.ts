/** The whole app under fault: real windows, the real core, central; its processes known by number. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { people } from '../../e2e/support/visit.ts';
import { entriesOnDisk } from '../counter/judge.ts';
import type { Ledger } from '../counter/ledger.ts';
import { type Place, placeIn } from '../counter/profile.ts';

export const NUMBER = '13900010001';
/** Windows answer in well under a second; starting anew takes some ten on a busy machine. */
const PATIENCE_MS = 60_000;

type Plane = 'staff' | 'customer';

export interface Scene {
  counter: Counter;
  place: Place;
  /** Closes windows and central. */
  close(): Promise<void>;
}

/** A counter with both windows, a clerk signed in. */
export async function openScene(folder: string): Promise<Scene> {
  const base = join(folder, 'app');
  await mkdir(base);
  const counter = await openCounter({ profile: base });
  await people(counter).clerk.signIn();
  const place = { ...placeIn(base), userData: counter.kiosk };
  return { counter, place, close: () => counter.close() };
}

/** Runs an expression in a window's page, whatever the test driver thinks of that page. */
export function inWindow<T>({ app }: Counter, plane: Plane, expression: string): Promise<T> {
  return app.evaluate(
    ({ BrowserWindow }, [name, code]) => {
      const window = BrowserWindow.getAllWindows().find((one) =>
        one.webContents.getURL().startsWith(`app://${name}/`),
      );
      if (!window) throw new Error(`no ${name} window`);
      return window.webContents.executeJavaScript(code) as Promise<T>;
    },
    [plane, expression] as const,
  );
}

/** A command of a window. */
export function call(
  counter: Counter,
  plane: Plane,
  name: string,
  args: unknown = {},
): Promise<{ ok: boolean; value?: Record<string, unknown>; error?: { kind: string } }> {
  return inWindow(counter, plane, `zhiqing.call(${JSON.stringify(name)}, ${JSON.stringify(args)})`);
}

/** Waits until a window shows a phase. @throws when it does not */
export async function shows(counter: Counter, plane: Plane, phase: string): Promise<void> {
  const look = () =>
    inWindow<string>(counter, plane, `document.querySelector('[data-phase]')?.dataset.phase ?? ''`).catch(
      (error: unknown) => String(error),
    );
  await expect.poll(look, { timeout: PATIENCE_MS }).toBe(phase);
}

/** Everything that is on the disk now has to be there ever after. */
export function noteDisk(place: Place, ledger: Ledger): void {
  for (const { entry, hash } of entriesOnDisk(place.userData)) {
    const { seq, action, consentId } = entry;
    ledger.note({ what: 'entry', seq, action, hash, ...(consentId ? { consentId } : {}) });
    // The window is told of it once central has it.
    if (action === 'consent-accepted' && consentId) ledger.note({ what: 'consent', consentId });
    if (action === 'keys-destroyed' && consentId) ledger.note({ what: 'erasure', consentId });
  }
}

/** Processes that descend from the app's own, with their command lines. */
export function processesOf({ app }: Counter): { pid: number; command: string }[] {
  const parents = new Map<number, number[]>();
  const commands = new Map<number, string>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
      commands.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '));
    } catch {
      // It went while it was looked at.
    }
  }
  const found: { pid: number; command: string }[] = [];
  const queue = [app.process().pid ?? 0];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    found.push({ pid, command: commands.get(pid) ?? '' });
    queue.push(...(parents.get(pid) ?? []));
  }
  return found;
}

/** Waits until no visit is without its end and nothing waits. */
export async function settled(counter: Counter, place: Place): Promise<void> {
  const open = () => {
    const visits = new Set<string | undefined>();
    for (const { entry } of entriesOnDisk(place.userData)) {
      if (entry.action === 'session-started') visits.add(entry.sessionId);
      if (entry.action === 'session-ended') visits.delete(entry.sessionId);
    }
    return visits.size;
  };
  await expect.poll(open, { timeout: PATIENCE_MS }).toBe(0);
  const waiting = async () => {
    const status = await call(counter, 'staff', 'getStatus');
    return (status.value?.outbox as { count: number } | undefined)?.count;
  };
  await expect.poll(waiting, { timeout: 2 * PATIENCE_MS }).toBe(0);
}
