/** Profiles that were copied, restored, or edited while the counter was off. SECURITY: S10 S14 S16 */
import { cp, mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { auditOf, type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { sweepFolder } from '../../e2e/support/sweep.ts';
import { people, playTo } from '../../e2e/support/visit.ts';
import { type Attack, type Family, gotThrough, type Rule, refused } from '../attack.ts';
import { centralState, SENTINEL, ZHANG } from '../scene.ts';
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

interface Edit {
  id: string;
  rule: Rule;
  words: RegExp;
  edit: (profile: string) => Promise<void>;
  /** Another machine's key store. */
  elsewhere?: boolean;
}

const lines = async (path: string) => (await readFile(path, 'utf8')).split('\n').filter((one) => one !== '');
const auditFile = (profile: string) => join(profile, 'audit', 'audit.jsonl');
const save = (path: string, all: readonly string[]) => writeFile(path, all.map((one) => `${one}\n`).join(''));

async function editAudit(
  profile: string,
  change: (all: string[]) => string[] | Promise<string[]>,
): Promise<void> {
  await save(auditFile(profile), await change(await lines(auditFile(profile))));
}
async function editSettings(
  profile: string,
  change: (settings: Record<string, unknown>) => object,
): Promise<void> {
  const path = join(profile, 'counter.json');
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
}
const swapFiles = async (a: string, b: string) => {
  const [first, second] = await Promise.all([readFile(a), readFile(b)]);
  await Promise.all([writeFile(a, second), writeFile(b, first)]);
};
const turnBit = async (path: string) => {
  const bytes = await readFile(path);
  const at = bytes.length - 2;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
};
const log = /not intact|audit/i;
const seal = /does not open/;

const edits: Edit[] = [
  { id: 'copied-to-another-machine', rule: 'S14', words: seal, elsewhere: true, edit: async () => undefined },
  {
    id: 'device-key-with-a-bit-turned',
    rule: 'S14',
    words: seal,
    edit: (p) => turnBit(join(p, 'vault', 'device-key.sealed')),
  },
  {
    id: 'device-key-cut-short',
    rule: 'S14',
    words: seal,
    edit: (p) => truncate(join(p, 'vault', 'device-key.sealed'), 20),
  },
  {
    id: 'vault-files-exchanged',
    rule: 'S14',
    words: /exchanged/,
    edit: (p) => swapFiles(join(p, 'vault', 'pseudonym-key.sealed'), join(p, 'vault', 'outbox-key.sealed')),
  },
  {
    id: 'audit-value-altered',
    rule: 'S10',
    words: log,
    edit: (p) =>
      editAudit(p, (all) =>
        all.map((one, i) =>
          i === 2 ? one.replace('"device":"counter-0001"', '"device":"counter-0002"') : one,
        ),
      ),
  },
  {
    id: 'audit-line-taken-out',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, (all) => all.filter((_, i) => i !== 3)),
  },
  {
    id: 'audit-lines-exchanged',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest]),
  },
  {
    id: 'audit-line-doubled',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, (all) => [...all.slice(0, 2), ...all.slice(1)]),
  },
  {
    id: 'audit-spelt-otherwise',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, (all) => all.map((one, i) => (i === 1 ? one.replace('{', '{ ') : one))),
  },
  { id: 'audit-first-line-gone', rule: 'S10', words: log, edit: (p) => editAudit(p, (all) => all.slice(1)) },
  {
    id: 'audit-entry-put-in-without-its-link',
    rule: 'S10',
    words: log,
    edit: (p) =>
      editAudit(p, (all) => [...all, (all.at(-1) ?? '').replace(/"seq":\d+/, `"seq":${all.length}`)]),
  },
  {
    id: 'outbox-line-altered',
    rule: 'S16',
    words: /storage-failed|outbox|stopped/i,
    edit: async (p) => writeFile(join(p, 'outbox', 'outbox.jsonl'), 'AAAA\n'),
  },
  {
    id: 'policy-file-not-a-number',
    rule: 'S18',
    words: /stopped|policy/i,
    edit: async (p) => writeFile(join(p, 'policy.json'), '{"version":"0"}'),
  },
  {
    id: 'settings-with-a-field-nobody-knows',
    rule: 'S3',
    words: /debug/,
    edit: (p) => editSettings(p, (s) => ({ ...s, debug: true })),
  },
  {
    id: 'settings-with-plain-http',
    rule: 'S13',
    words: /central\.url/,
    edit: (p) =>
      editSettings(p, (s) => ({ ...s, central: { ...Object(s.central), url: 'http://localhost:1' } })),
  },
  {
    id: 'settings-without-a-root',
    rule: 'S13',
    words: /certificate|cannot be read|caFile/,
    edit: (p) =>
      editSettings(p, (s) => ({ ...s, central: { ...Object(s.central), caFile: join(p, 'policy.json') } })),
  },
  {
    id: 'settings-that-never-time-out',
    rule: 'S16',
    words: /timeoutSeconds/,
    edit: (p) => editSettings(p, (s) => ({ ...s, central: { ...Object(s.central), timeoutSeconds: 1e9 } })),
  },
  {
    id: 'settings-with-a-customer-who-never-leaves',
    rule: 'S19',
    words: /presence/,
    edit: (p) => editSettings(p, (s) => ({ ...s, presence: { idleSeconds: 1e9, lastCallSeconds: 1e9 } })),
  },
  { id: 'settings-gone', rule: 'S16', words: /cannot be read/, edit: (p) => unlink(join(p, 'counter.json')) },
];

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
              await rm(closed.after, { recursive: true });
              await cp(counter.kiosk, closed.after, {
                recursive: true,
                filter: (path) => !/Singleton/.test(path),
              });
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
