/** The real core in a process of its own, serving one customer after the other until it is killed. */
import { writeSync } from 'node:fs';
import { BareCounter } from '../counter/bare-counter.ts';
import { entryFact } from '../counter/ledger.ts';
import { placeIn } from '../counter/profile.ts';
import { type Known, playVisit } from '../counter/visit.ts';
import { Random } from '../random.ts';
import { dieAt } from './failpoints.ts';
import { moveClock } from './machine-clock.ts';
import type { ChildPlan, ChildSays, ParentSays } from './messages.ts';

const plan = JSON.parse(process.argv[2] ?? '') as ChildPlan;

/** To the pipe before anything else happens: what was said before a kill has been said. */
const say = (fact: ChildSays) => {
  writeSync(3, `${JSON.stringify(fact)}\n`);
};

let codeAnswered: ((code: string) => void) | undefined;
let stopping = false;
process.on('message', (message: ParentSays) => {
  if ('code' in message) codeAnswered?.(message.code);
  else if ('clock' in message) moveClock(message.clock);
  else stopping = true;
});
const askCode = (number: string) =>
  new Promise<string>((resolve) => {
    codeAnswered = resolve;
    process.send?.({ number });
  });

async function serve(): Promise<void> {
  moveClock(plan.clock ?? 0);
  if (plan.death) await dieAt(plan.death, (point) => say({ what: 'dying', point }));
  const random = new Random(plan.seed);
  const counter = await BareCounter.open(placeIn(plan.base, plan.deviceId));
  counter.core.audit.onAppend((entry) => void entryFact(entry).then(say));
  say({ what: 'standing' });
  await counter.signIn();
  for (let visits = 0; !stopping && visits < (plan.visits ?? Number.POSITIVE_INFINITY); visits++) {
    const customer = random.pick(plan.numbers);
    const known: Known = { ...customer, code: () => askCode(customer.number), answer: plan.answer };
    say({ what: 'visit', outcome: await playVisit(counter, { known, random, acknowledge: say }) });
  }
  await counter.until('an empty outbox', () => counter.status().outbox.count === 0);
  say({ what: 'drained' });
  await counter.close();
  process.exit(0);
}

serve().catch((error: unknown) => {
  say({ what: 'failed', words: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
});
