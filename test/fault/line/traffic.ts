/** Visits over a line on which nothing can be relied on: what is told to central arrives once, in its order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVault } from '../../../electron/vault/vault.ts';
import { BareCounter } from '../counter/bare-counter.ts';
import { type FaultCentral, openCentral } from '../counter/central.ts';
import { judgeCentral, judgeDisk } from '../counter/judge.ts';
import { fileKeyStore } from '../counter/key-store.ts';
import { entryFact, Ledger } from '../counter/ledger.ts';
import { type Place, writeSettings } from '../counter/profile.ts';
import { playVisit } from '../counter/visit.ts';
import { type Family, type FamilyContext, Tally } from '../family.ts';
import { BadLine } from './bad-line.ts';
import { Middleman } from './middleman.ts';

const OPERATIONS = { quick: 250, long: 10_000 };
const FAULTS = { quick: 30, long: 1_000 };
/** Chances that give about one fault for eight things that central is told. */
const LINE_CHANCE = 0.012;
const REQUEST_CHANCE = 0.05;
/** After the last fault everything has to arrive; the longest back-off is a minute. */
const DRAIN_MS = 180_000;

export const badTraffic: Family = {
  name: 'a line that cuts, doubles, exchanges and spoils',
  async run(context) {
    const tally = new Tally();
    const central = await openCentral(context.folder);
    try {
      const place = await enrol(central, context);
      const operations = await play(central, place, context, tally);
      return tally.outcome(`${operations} operations of the whole core but its windows`);
    } finally {
      await central.close();
    }
  },
};

/** Over the true line: whoever stands in between needs the counter's certificate. */
async function enrol(central: FaultCentral, { folder }: FamilyContext): Promise<Place> {
  const place = await central.newCounter(join(folder, 'counter'), 'counter-0001');
  const counter = await BareCounter.open(place);
  await counter.signIn();
  await counter.close();
  return place;
}

async function play(
  { central, somebody }: FaultCentral,
  place: Place,
  { quick, random, progress }: FamilyContext,
  tally: Tally,
): Promise<number> {
  const faults = new Map<string, number>();
  const onFault = (fault: string) => void faults.set(fault, (faults.get(fault) ?? 0) + 1);
  const count = () => [...faults.values()].reduce((sum, one) => sum + one, 0);
  const { deviceKey } = await openVault(place.userData, fileKeyStore(place.keyring));
  const middleman = await Middleman.open({
    url: central.url,
    authority: central.authority,
    identity: {
      cert: readFileSync(join(place.userData, 'identity', 'device.pem'), 'utf8'),
      key: deviceKey.pem,
    },
    random: random.fork('requests'),
    onFault,
  });
  const line = await BadLine.open(middleman.port, random.fork('line'), onFault);
  writeSettings(place, {
    url: `https://localhost:${line.port}`,
    enrolUrl: central.estUrl,
    caFile: central.caPath,
    timeoutSeconds: 2,
  });
  const counter = await BareCounter.open(place);
  const ledger = new Ledger();
  const facts: Promise<void>[] = [];
  counter.core.audit.onAppend((entry) => void facts.push(entryFact(entry).then(ledger.note)));
  const set = (on: boolean) => {
    line.chance = on ? LINE_CHANCE : 0;
    middleman.chance = on ? REQUEST_CHANCE : 0;
  };
  const enough = () =>
    ledger.size >= (quick ? OPERATIONS.quick : OPERATIONS.long) &&
    count() >= (quick ? FAULTS.quick : FAULTS.long);
  try {
    await counter.signIn();
    set(true);
    while (!enough()) {
      await counter.signIn();
      await playVisit(counter, {
        known: somebody(random),
        random,
        acknowledge: ledger.note,
        // One in ten is taken back elsewhere while it is read.
        onReading: async () => {
          if (!random.chance(0.1)) return;
          const proof = await counter.ask('customer', 'openProof');
          if (proof.ok)
            await central.withdrawByCode((proof.value as { withdrawalCode: string }).withdrawalCode);
        },
      });
      progress(`${ledger.size} operations, ${count()} faults`);
    }
    set(false);
    await counter.until('delivery of all that waits', () => counter.status().outbox.count === 0, DRAIN_MS);
    await Promise.all(facts);
    const wrong = [...judgeDisk(place, ledger), ...(await judgeCentral(central, ledger, place))];
    for (const [fault, times] of faults) for (let i = 0; i < times; i++) tally.good(fault);
    // Which of them it was nobody knows: the seed plays them all again.
    if (wrong.length > 0) {
      tally.survived = 0;
      tally.lost.push(...wrong.slice(0, 20));
    }
    return ledger.size;
  } finally {
    await counter.close();
    await line.close();
    await middleman.close();
  }
}
