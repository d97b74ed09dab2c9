/**
 * The files of a case, copied, spoiled and put back while the counter is off: taken to another counter, back from
 * before its end, with a bit turned. Each is destroyed and said, and nothing of it is opened. SECURITY: S11 S14 S16
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditOf, type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { comeBack, heldFiles, keepFor, proveAgain } from '../../e2e/support/held.ts';
import { sweepFolder } from '../../e2e/support/sweep.ts';
import { people } from '../../e2e/support/visit.ts';
import { type Attack, type Family, gotThrough, type Refusal, refused } from '../attack.ts';
import { logged, SENTINEL, ZHANG } from '../scene.ts';
import { Window } from '../windows/tools.ts';

interface Scene {
  counter: Counter;
  /** Another counter of the hall, with a vault of its own. */
  other: Counter;
  /** The files of the case as they were. */
  copy: string;
}

/** At the other counter. */
const colleague = { id: '1025', pin: '135791' };

const folderOf = ({ kiosk }: Counter) => join(kiosk, 'held');

async function put(copy: string, counter: Counter): Promise<void> {
  await mkdir(folderOf(counter), { recursive: true });
  await cp(copy, folderOf(counter), { recursive: true });
}

/** A bit turned in the middle of a file of the case. */
async function spoil(counter: Counter, kind: 'key' | 'case' | 'metadata' | 'content'): Promise<void> {
  const name = (await heldFiles(counter)).find((one) => one.endsWith(`.${kind}`));
  if (name === undefined) throw new Error(`no file of this kind: ${kind}`);
  const path = join(folderOf(counter), name);
  const bytes = await readFile(path);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

/** Off, changed, on again, somebody signed in: a clerk is at one counter at a time. */
async function changed(
  counter: Counter,
  change: () => Promise<void>,
  staff?: typeof colleague,
): Promise<void> {
  await counter.app.close();
  await change();
  await counter.relaunch();
  await people(counter).clerk.signIn(staff);
}

/** What the log says of files that are not what they should be. */
async function complaints(counter: Counter): Promise<string[]> {
  return (await auditOf(counter.kiosk)).flatMap(({ action, facts }) =>
    action === 'held-damaged' ? [String(facts.what)] : [],
  );
}

/** Cases that the clerk is shown as kept, and whether one of them can be opened by its id. */
async function openable(counter: Counter, copy: string): Promise<string | undefined> {
  const staff = new Window(counter.app, counter.staff, 'dishonest-clerk');
  const caseId = (await readdir(copy))[0]?.split('.')[0] ?? '';
  const answer = await staff.call('startHeld', { caseId });
  return answer.ok ? undefined : answer.error.kind;
}

/** Done to the files while it is off: said in the log with these words, all files gone, nothing to be opened. */
function refusedAtStart(
  { copy, other }: Scene,
  counter: Counter,
  {
    id,
    foothold = 'cloned-profile',
    words,
    change,
  }: {
    id: string;
    foothold?: Attack['foothold'];
    words: string;
    change: () => Promise<void>;
  },
): Attack {
  return {
    id: `kept-files/${id}`,
    foothold,
    rule: 'S16',
    try: async () => {
      const before = (await complaints(counter)).length;
      await changed(counter, change, counter === other ? colleague : undefined);
      const said = (await complaints(counter)).slice(before);
      const left = await heldFiles(counter);
      const kind = await openable(counter, copy);
      if (left.length > 0) return gotThrough(`${left.length} files are left`);
      if (kind !== 'held-ended') return gotThrough(`opened, or another answer: ${kind}`);
      return said.join() === words
        ? refused(`held-damaged: ${words}; startHeld: ${kind}`)
        : gotThrough(said.join());
    },
  };
}

/** Where only the opening can tell: a page of the right size with a bit turned. */
async function spoiledPage(counter: Counter): Promise<Refusal> {
  const visit = people(counter);
  await comeBack(visit);
  await proveAgain(counter, visit, ZHANG);
  await visit.customer.phase('ended');
  await expect.poll(() => heldFiles(counter)).toEqual([]);
  const opened = await logged(counter.kiosk, 'held-opened');
  const said = (await complaints(counter)).at(-1);
  await visit.clerk.acknowledge();
  return opened === 0 && said === 'content'
    ? refused(`held-damaged: ${said}; opened 0 times, 0 files`)
    : gotThrough(`opened ${opened} times, said ${said}`);
}

export const keptOnTheDisk: Family = {
  name: 'kept for a case: the disk',
  open: async () => {
    const copy = await mkdtemp(join(tmpdir(), 'zhiqing-kept-'));
    const settings = { presence: { idleSeconds: 600, lastCallSeconds: 60 } };
    const counter = await openCounter({ settings, central: { sentinel: SENTINEL, numericPasswords: true } });
    let other: Counter | undefined;
    const close = async () => {
      await other?.close();
      await counter.close();
      await rm(copy, { recursive: true, force: true });
    };
    try {
      const { clerk } = people(counter);
      await clerk.signIn();
      await keepFor(counter, ZHANG);
      await cp(folderOf(counter), copy, { recursive: true });
      other = await openCounter({ settings, beside: counter });
      const elsewhere = other;
      const scene: Scene = { counter, other, copy };
      return {
        steps: [
          {
            id: 'kept-files/searched',
            foothold: 'cloned-profile',
            rule: 'S11',
            try: async () => {
              const { searched, found } = await sweepFolder(counter.kiosk, [SENTINEL, ZHANG]);
              const named = (await heldFiles(counter)).filter(
                (name) => !/^[0-9a-f-]{36}\.[a-z]+$/.test(name),
              );
              return found.length + named.length === 0
                ? refused(`0 texts and numbers in ${searched} files`)
                : gotThrough([...found, ...named].join(' '));
            },
          },
          refusedAtStart(scene, elsewhere, {
            id: 'copied-to-another-counter',
            words: 'unknown',
            change: () => put(copy, elsewhere),
          }),
          {
            control: 'cloned-profile/the-case-as-it-was-is-kept-over-a-start',
            try: async () => {
              await changed(counter, async () => undefined);
              if ((await heldFiles(counter)).length !== 4) throw new Error('the case has gone');
              return 'on the list, 4 files';
            },
          },
          {
            id: 'kept-files/content-with-a-bit-turned',
            foothold: 'cloned-profile',
            rule: 'S16',
            try: async () => {
              await changed(counter, () => spoil(counter, 'content'));
              return spoiledPage(counter);
            },
          },
          refusedAtStart(scene, counter, {
            id: 'put-back-after-its-end',
            words: 'put back',
            change: () => put(copy, counter),
          }),
          ...(['key', 'case'] as const).map((kind) => {
            const attack = refusedAtStart(scene, counter, {
              id: `${kind}-with-a-bit-turned`,
              words: kind,
              change: () => spoil(counter, kind),
            });
            return {
              ...attack,
              try: async () => {
                await keepFor(counter, ZHANG);
                return attack.try();
              },
            };
          }),
          {
            control: 'cloned-profile/a-case-that-nobody-touched-opens',
            try: async () => {
              const visit = await keepFor(counter, ZHANG);
              await comeBack(visit);
              await proveAgain(counter, visit, ZHANG);
              await visit.customer.phase('serving.reading');
              return `held-opened ${await logged(counter.kiosk, 'held-opened')}`;
            },
          },
        ],
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  },
};
