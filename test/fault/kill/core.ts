/** kill -9 of the core: at each kind of change of the disk, and at moments that nobody chose. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FaultCentral, openCentral } from '../counter/central.ts';
import { judgeCentral, judgeDisk } from '../counter/judge.ts';
import { Ledger } from '../counter/ledger.ts';
import { type Family, type FamilyContext, Tally } from '../family.ts';
import { type Death, moments } from './failpoints.ts';
import type { ChildPlan } from './messages.ts';
import { startProcess } from './process.ts';

const KILLS = { quick: 24, long: 460 };
/** Kills in a row on one profile, before central is looked at. */
const SERIES = 12;
/** Changes of the disk of a start and of the two visits after it. */
const CHANGES = 260;
/** A start and two visits on a machine with other work, ms. */
const LIFE_MS = 4_000;
/** A process that neither works nor dies is a hang, ms. */
const HANG_MS = 120_000;

export const coreKills: Family = {
  name: 'kill -9 of the core',
  async run(context) {
    const { quick, folder, progress } = context;
    const total = quick ? KILLS.quick : KILLS.long;
    const tally = new Tally();
    const central = await openCentral(folder);
    try {
      for (let series = 0; tally.injected < total; series++) {
        await killSeries(context, central, series, Math.min(SERIES, total - tally.injected), tally);
        progress(`${tally.injected} of ${total}`);
      }
    } finally {
      await central.close();
    }
    return tally.outcome('the whole core but its windows, against central over TLS');
  },
};

async function killSeries(
  { folder, random }: FamilyContext,
  { central, newCounter, somebody }: FaultCentral,
  series: number,
  kills: number,
  tally: Tally,
): Promise<void> {
  const draw = random.fork(`series ${series}`);
  const place = await newCounter(join(folder, `series-${series}`), `counter-k${series}-000`);
  const ledger = new Ledger();
  const customers = Array.from({ length: 4 }, () => somebody(draw));
  const plan = (more: Partial<ChildPlan>): ChildPlan => ({
    base: place.base,
    deviceId: place.deviceId,
    seed: draw.below(2 ** 31),
    numbers: customers.map(({ number, servicePassword }) => ({ number, servicePassword })),
    answer: customers[0]?.answer ?? { 'zh-CN': '', en: '' },
    ...more,
  });
  const where = (kill: number, words: string) => `series ${series}, kill ${kill}: ${words}`;
  for (let kill = 0; kill < kills; kill++) {
    // Half of them choose the change of the disk, the others a moment; a quarter die while they start.
    const early = draw.chance(0.25);
    const death: Death | undefined = draw.chance(0.5)
      ? { at: 1 + draw.below(early ? 40 : CHANGES), moment: draw.pick(moments) }
      : undefined;
    const running = startProcess(plan(death ? { death } : {}), ledger, central);
    const life = delay(death ? HANG_MS : draw.below(LIFE_MS), undefined, { ref: false }).then(() =>
      running.kill(),
    );
    if (!death && !early) await running.standing;
    await Promise.race([running.gone, life.then(() => running.gone)]);
    const wrong = running.failed === undefined ? judgeDisk(place, ledger) : [running.failed];
    if (death && running.point === undefined) wrong.push('it hung, or ended before its time');
    if (wrong.length === 0) tally.good(death ? pointOf(running.point) : 'at a moment');
    else tally.bad(where(kill, wrong.slice(0, 3).join('; ')));
  }
  // Now it may live: what was left is ended, everything is delivered.
  const last = startProcess(plan({ visits: 1 }), ledger, central);
  await Promise.race([last.gone, delay(HANG_MS, undefined, { ref: false }).then(() => last.kill())]);
  await last.gone;
  const wrong = [
    ...(last.drained ? [] : [`the last start: ${last.failed ?? 'hung'}`]),
    ...judgeDisk(place, ledger),
    ...(await judgeCentral(central, ledger, place)),
  ];
  if (wrong.length > 0) tally.lost.push(where(kills, wrong.slice(0, 5).join('; ')));
}

/** What was being changed: outbox, log, erasure's evidence and the rest. */
function pointOf(point = '?'): string {
  const [, file = '?'] = point.split(' ');
  if (file.includes('audit/audit')) return 'in the audit log';
  if (file.includes('outbox')) return 'in the outbox';
  if (file.includes('day-list') || file.includes('.jsonl')) return 'in a list';
  return 'in another file';
}
