/** An old profile, or parts of one, put back: it serves nobody, and opens nothing. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefusal } from '../../../electron/start-refusal.ts';
import { BareCounter } from '../counter/bare-counter.ts';
import { openCentral } from '../counter/central.ts';
import type { Place } from '../counter/profile.ts';
import { playVisit } from '../counter/visit.ts';
import { type Family, type FamilyContext, Tally } from '../family.ts';

const RESTORES = { quick: 4, long: 40 };
/** What is put back: everything, or what the log proves things with. */
const parts = ['all of it', 'the log alone', 'the log and what was seen of central'] as const;

export const restoredCore: Family = {
  name: 'old profile of the core put back',
  async run(context) {
    const { quick, random, folder, progress } = context;
    const total = quick ? RESTORES.quick : RESTORES.long;
    const tally = new Tally();
    const line = { cut: false };
    const central = await openCentral(folder, (request) => {
      if (line.cut) request.raw.socket.destroy();
      return line.cut;
    });
    try {
      for (let i = 0; i < total; i++) {
        const place = await central.newCounter(join(folder, `counter-${i}`), `counter-r${i}-000`);
        const old = join(folder, `old-${i}`);
        await serveAndCopy(place, old, central, context, random.below(3));
        const part = parts[i % parts.length] ?? 'all of it';
        putBack(place, old, part);
        // Half of them begin without a line: nobody may be served before central was asked.
        line.cut = random.chance(0.5);
        const wrong = await servesNobody(place, line);
        if (wrong === undefined) tally.good(part);
        else tally.bad(`counter ${i}, ${part}: ${wrong}`);
        for (const gone of [place.base, old]) rmSync(gone, { recursive: true, force: true });
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome('the whole core but its windows');
    } finally {
      await central.close();
    }
  },
};

/** Serves some customers; what lies on the disk before the last of them is kept. */
async function serveAndCopy(
  place: Place,
  old: string,
  central: Awaited<ReturnType<typeof openCentral>>,
  { random }: FamilyContext,
  before: number,
): Promise<void> {
  const counter = await BareCounter.open(place);
  await counter.signIn();
  const visit = (onReading = async () => undefined) =>
    playVisit(counter, {
      known: central.somebody(random),
      random,
      acknowledge: () => undefined,
      onReading,
    });
  for (let i = 0; i < before; i++) await visit();
  // Between two visits, or while somebody reads under a consent that will have been withdrawn.
  const copy = async () => {
    cpSync(place.userData, old, { recursive: true });
    return undefined;
  };
  if (random.chance(0.5)) {
    await copy();
    await visit();
  } else await visit(copy);
  await counter.until('an empty outbox', () => counter.status().outbox.count === 0);
  await counter.close();
}

function putBack({ userData }: Place, old: string, part: (typeof parts)[number]): void {
  const put = (name: string) => {
    rmSync(join(userData, name), { recursive: true, force: true });
    cpSync(join(old, name), join(userData, name), { recursive: true });
  };
  if (part === 'all of it') {
    rmSync(userData, { recursive: true });
    cpSync(old, userData, { recursive: true });
  } else if (part === 'the log alone') {
    for (const name of ['audit.jsonl', 'checkpoints.jsonl', 'segments.json']) put(join('audit', name));
  } else put('audit');
}

/** @returns what it did instead */
async function servesNobody(place: Place, line: { cut: boolean }): Promise<string | undefined> {
  const started = await BareCounter.open(place).catch((error: unknown) => error);
  if (started instanceof StartRefusal) {
    line.cut = false;
    return /not intact/.test(started.en) ? undefined : started.en;
  }
  if (!(started instanceof BareCounter)) return started instanceof Error ? started.stack : String(started);
  try {
    const signIn = () => started.ask('staff', 'signIn', { staffId: '1024', pin: '246810' });
    const early = await signIn();
    if (early.ok) return 'a clerk signed in before central was asked';
    line.cut = false;
    await started.until('a line', () => started.status().central.state === 'connected', 90_000);
    const late = await signIn();
    if (late.ok) return 'a clerk signed in';
    if (late.kind !== 'audit-failed') return `refused, but as ${late.kind} ${late.detail}`;
    if (started.phase !== 'idle') return `somebody is served: ${started.phase}`;
  } finally {
    await started.close();
  }
  // It stays so.
  const again = await BareCounter.open(place).catch((error: unknown) => error);
  if (again instanceof StartRefusal) return undefined;
  if (again instanceof BareCounter) await again.close();
  return 'it starts again as if nothing had been';
}
