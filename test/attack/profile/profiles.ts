/** Profiles that were copied, restored, or edited while the counter was off. SECURITY: S10 S14 S16 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { auditOf, type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { sweepFolder } from '../../e2e/support/sweep.ts';
import { people, playTo } from '../../e2e/support/visit.ts';
import { type Attack, type Family, gotThrough, refused } from '../attack.ts';
import { centralState, SENTINEL, ZHANG } from '../scene.ts';
import { auditFile, editAudit, edits, lines, save } from './edits.ts';
import { startRefused } from './start.ts';

/** A counter that has served somebody and was shut down; what lies on its disk. */
interface Closed {
  counter: Counter;
  base: string;
  /** Its profile as it was before the last visit, and after. */
  before: string;
  after: string;
  keyring: string;
}

/** Started without a driver: every word that it prints is heard. */
async function refusesToStart(counter: Counter, profile: string, keyring: string, words: RegExp) {
  const before = await heardBy(counter);
  return startRefused({ profile, keyring }, words, (exited) =>
    // A counter stands once it speaks with central: that is the last step of its start.
    expect.poll(async () => exited() || (await heardBy(counter)) > before, { timeout: 60_000 }).toBe(true),
  );
}

/** How often central was asked how it is. */
async function heardBy(counter: Counter): Promise<number> {
  const log = await readFile(counter.central.logPath, 'utf8');
  return log.split('"/v1/status"').length - 1;
}

async function onCopy<T>(folder: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(join(tmpdir(), 'zhiqing-clone-'));
  try {
    await cp(folder, copy, { recursive: true });
    return await work(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function attacks({ counter, after, base, keyring }: Closed): Attack[] {
  return edits.map(({ id, rule, words, edit, elsewhere }) => ({
    id: `profile/${id}`,
    foothold: 'cloned-profile',
    rule,
    try: () =>
      onCopy(after, async (profile) => {
        await edit(profile);
        const central = await centralState(counter.central);
        const outcome = await refusesToStart(
          counter,
          profile,
          elsewhere ? join(base, 'another-keyring') : keyring,
          words,
        );
        const now = await centralState(counter.central);
        if (central !== now) return gotThrough(`central went from ${central} to ${now}`);
        return outcome;
      }),
  }));
}

/** A log that fits in itself and is not the one that central holds: found at the first word with central. */
function condemned(id: string, given: () => Promise<{ profile: string; done(): Promise<void> }>): Attack {
  return {
    id: `profile/${id}`,
    foothold: 'cloned-profile',
    rule: 'S10',
    try: async () => {
      const { profile, done } = await given();
      try {
        return await serveOver(profile);
      } finally {
        await done();
      }
    },
  };
}

let serveOver: (profile: string) => Promise<ReturnType<typeof refused>>;

/** Opens the windows over a profile and tries to serve somebody. */
const serving = (closed: Closed) => async (profile: string) => {
  const { counter } = closed;
  const looked = await centralState(counter.central);
  const kept = `${counter.kiosk}.kept`;
  await cp(counter.kiosk, kept, { recursive: true });
  await rm(counter.kiosk, { recursive: true });
  await cp(profile, counter.kiosk, { recursive: true });
  try {
    try {
      await counter.relaunch();
    } catch {
      // A start that stops at the log is a refusal in its own words; anything else is none.
      return await refusesToStart(counter, counter.kiosk, closed.keyring, /audit log|审计日志/);
    }
    const answer = async (name: string, args: unknown) =>
      counter.staff.evaluate(([command, value]) => Reflect.get(window, 'zhiqing').call(command, value), [
        name,
        args,
      ] as const);
    let refusal = '';
    let last = '';
    // Central is asked for its head as soon as an entry waits; from then on the log takes nothing more.
    await expect
      .poll(
        async () => {
          const result = await answer('signIn', { staffId: '1024', pin: '246810' });
          if (result.ok) await answer('signOut', {});
          refusal = result.ok
            ? ''
            : `${result.error.kind} ${result.error.code} (${result.error.detail ?? ''})`;
          last = refusal || 'signed in';
          return refusal.startsWith('audit-failed');
        },
        // Central has to be heard first; on a machine with other work that takes its time.
        { timeout: 80_000 },
      )
      .toBe(true)
      .catch(() => undefined);
    if (!refusal.startsWith('audit-failed')) return gotThrough(`sign-in: ${last}`);
    const now = await centralState(counter.central);
    const strip = (state: string) => state.replace(/, answered \d+/, '');
    if (strip(looked) !== strip(now)) return gotThrough(`central went from ${looked} to ${now}`);
    return refused(`sign-in: ${refusal}`);
  } finally {
    await counter.app.close();
    await rm(counter.kiosk, { recursive: true });
    await cp(kept, counter.kiosk, { recursive: true });
    await rm(kept, { recursive: true });
  }
};

/** The highest version that a log knows of; versions begin with 1. */
const adopted = async (profile: string) =>
  Math.max(
    1,
    ...(await auditOf(profile)).flatMap(({ action, facts }) =>
      action === 'policy-adopted' ? [Number(facts?.version)] : [],
    ),
  );

/** A file that the core did not write is no reason to stop: it counts for nothing, that is said, and it is made anew. */
function disbelieved({ counter, after }: Closed): Attack {
  return {
    id: 'profile/policy-file-not-a-number',
    foothold: 'cloned-profile',
    rule: 'S18',
    try: async () => {
      const path = join(counter.kiosk, 'policy.json');
      await writeFile(path, '{"version":"0"}');
      await counter.relaunch();
      try {
        const isSaid = async () => {
          const entries = await auditOf(counter.kiosk);
          return entries.some(({ action, facts }) => action === 'file-repaired' && facts?.file === 'policy');
        };
        await expect.poll(isSaid, { timeout: 60_000 }).toBe(true);
        await people(counter).clerk.signIn();
        // The log's word stands in its place.
        const version = async () => JSON.parse(await readFile(path, 'utf8')).value?.version;
        await expect.poll(version, { timeout: 60_000 }).toBeGreaterThanOrEqual(await adopted(after));
        return refused(`said in the log; version ${await version()} again`);
      } catch (error) {
        return gotThrough(error instanceof Error ? error.message.slice(0, 200) : String(error));
      } finally {
        await counter.app.close();
        await takeAsLeft(counter, after);
      }
    },
  };
}

/** What the counter's profile is now is what the next attack begins with. */
async function takeAsLeft({ kiosk }: Counter, after: string): Promise<void> {
  await rm(after, { recursive: true });
  await cp(kiosk, after, { recursive: true, filter: (path) => !/Singleton/.test(path) });
}

async function rewritten(after: string, from: number): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'zhiqing-clone-'));
  await cp(after, copy, { recursive: true });
  const all = await lines(auditFile(copy));
  const entries: Record<string, unknown>[] = all.map((one) => JSON.parse(one));
  for (let i = from; i < entries.length; i++) {
    const previous = i === 0 ? '0'.repeat(64) : await hashOf(entries[i - 1]);
    entries[i] = { ...entries[i], previous, ...(i === from ? { action: 'core-started', facts: {} } : {}) };
  }
  await save(
    auditFile(copy),
    entries.map((one) => canonicalJson(one)),
  );
  return copy;
}

export const profiles: Family = {
  name: 'cloned profile',
  open: async () => {
    const base = await mkdtemp(join(tmpdir(), 'zhiqing-profile-'));
    const counter = await openCounter({
      profile: base,
      central: { sentinel: SENTINEL, numericPasswords: true },
    });
    const closed: Closed = {
      counter,
      base,
      before: join(base, 'before'),
      after: join(base, 'after'),
      keyring: join(base, 'keyring'),
    };
    const close = async () => {
      await counter.close();
      await rm(base, { recursive: true, force: true });
    };
    try {
      await people(counter).clerk.signIn();
      await expect
        .poll(
          async () =>
            (await counter.central.context.db.selectFrom('audit_entries').selectAll().execute()).length,
        )
        .toBeGreaterThan(1);
      await cp(counter.kiosk, closed.before, {
        recursive: true,
        filter: (path) => !/Singleton|\.lock/.test(path),
      });
      await playTo(counter, 'reading', { number: ZHANG });
      // The power goes while the customer reads.
      const gone = new Promise((resolve) => counter.app.process().once('exit', resolve));
      counter.app.process().kill('SIGKILL');
      await gone;
      const found = await sweepFolder(counter.kiosk, [SENTINEL]);
      await counter.relaunch();
      const size = (await auditOf(counter.kiosk)).length;
      await expect
        .poll(
          async () =>
            (await counter.central.context.db.selectFrom('audit_entries').selectAll().execute()).length,
        )
        .toBeGreaterThanOrEqual(size);
      await expect
        .poll(async () =>
          (await counter.central.context.db.selectFrom('consents').select('ended_at').execute()).every(
            (one) => one.ended_at !== null,
          ),
        )
        .toBe(true);
      await counter.app.close();
      await cp(counter.kiosk, closed.after, { recursive: true, filter: (path) => !/Singleton/.test(path) });
      serveOver = serving(closed);
      return {
        steps: [
          {
            control: 'cloned-profile/the-profile-as-it-was-starts',
            try: async () => {
              await counter.relaunch();
              await people(counter).clerk.signIn();
              await counter.app.close();
              await takeAsLeft(counter, closed.after);
              return 'both windows stand, a clerk signs in';
            },
          },
          {
            id: 'profile/searched-after-the-power-went',
            foothold: 'cloned-profile',
            rule: 'S11',
            try: async () =>
              found.found.length === 0
                ? refused(`0 texts in ${found.searched} files, though the customer was reading`)
                : gotThrough(found.found.join(' ')),
          },
          disbelieved(closed),
          ...attacks(closed),
          condemned('restored-from-before-the-last-visit', async () => ({
            profile: closed.before,
            done: async () => undefined,
          })),
          condemned('log-rewritten-with-all-its-links', async () => {
            const profile = await rewritten(closed.after, 3);
            return { profile, done: () => rm(profile, { recursive: true }) };
          }),
          condemned('log-cut-and-forgotten', async () => {
            const profile = await mkdtemp(join(tmpdir(), 'zhiqing-clone-'));
            await cp(closed.after, profile, { recursive: true });
            await editAudit(profile, (all) => all.slice(0, 4));
            return { profile, done: () => rm(profile, { recursive: true }) };
          }),
          condemned('log-begun-anew', async () => {
            const profile = await mkdtemp(join(tmpdir(), 'zhiqing-clone-'));
            await cp(closed.after, profile, { recursive: true });
            await writeFile(auditFile(profile), '');
            return { profile, done: () => rm(profile, { recursive: true }) };
          }),
        ],
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  },
};
