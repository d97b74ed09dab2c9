/** A process that holds many counters: takes orders from the run, plays visits, tells times once a second. */
import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { toAppError } from '../../../shared/domain/errors.ts';
import { openServiceKeys } from '../../central/keys.ts';
import { type DemoPhones, demoPhones } from '../../central/sms-gateway.ts';
import { Histogram } from '../histogram.ts';
import { SimulatedCounter } from './counter.ts';
import type { FleetSettings, Order, Report, VisitOrder } from './messages.ts';
import { makePage, makePicture } from './paper.ts';
import { visit } from './visit.ts';
import { VisitFailure } from './windows.ts';
import { watchWire } from './wire.ts';

/** Pauses that a visit has, some dozen. */
const PAUSES = 12;
/** Counters that make keys and enrol at a time. */
const OPENING = 4;
const SETTLE_LOOK_MS = 500;

const wire = watchWire();
const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();
const counters: SimulatedCounter[] = [];
let settings: FleetSettings | undefined;
let phones: DemoPhones | undefined;

let since = fresh();
function fresh() {
  return { visits: new Histogram(), failures: new Map<string, number>() };
}

function tell(report: Report): void {
  process.send?.(report);
}

function beat(): void {
  const { visits, failures } = since;
  since = fresh();
  tell({
    type: 'beat',
    wire: wire.take(),
    visits: visits.toJSON(),
    failures: Object.fromEntries(failures),
    lagMs: Math.round(lag.max / 1e6),
  });
  lag.reset();
}

async function open(given: FleetSettings): Promise<void> {
  settings = given;
  phones = demoPhones(given.phones.folder, await openServiceKeys(given.phones.keyFile));
  const caPem = await readFile(given.caFile, 'utf8');
  const drawn = { picture: makePicture(), page: await makePage() };
  const left = [...given.counters];
  const worker = async () => {
    for (let spec = left.shift(); spec; spec = left.shift()) {
      counters.push(await SimulatedCounter.open(spec, given, caPem, drawn));
    }
  };
  await Promise.all(Array.from({ length: OPENING }, worker));
}

/** Each counter serves one customer after the other; who comes too early for that waits. */
async function visits(orders: readonly VisitOrder[]): Promise<void> {
  const queues = new Map<number, Promise<void>>();
  await Promise.all(
    orders.map(async (order) => {
      await sleep(order.startMs);
      const turn = (queues.get(order.counter) ?? Promise.resolve()).then(() => serve(order));
      queues.set(order.counter, turn);
      await turn;
    }),
  );
}

async function serve({ counter: index, customer, pausesMs, signIn }: VisitOrder): Promise<void> {
  const counter = counters[index];
  if (!counter || !settings || !phones) throw new Error('no such counter');
  const { answerId } = settings;
  const phone = () => phones?.read(customer.number) ?? [];
  // Between half of and one and a half times the mean.
  const pause = () => sleep((pausesMs / PAUSES) * (0.5 + Math.random()));
  try {
    const waited = await visit(counter, { customer, phone, answerId, signIn, pause });
    since.visits.add(waited);
  } catch (error) {
    const what = error instanceof VisitFailure ? error.message : toAppError(error).kind;
    since.failures.set(what, (since.failures.get(what) ?? 0) + 1);
    await leave(counter);
  }
}

/** The clerk ends what went wrong, so that the next customer can come. */
async function leave({ core, windows }: SimulatedCounter): Promise<void> {
  const { staff } = core.handlers;
  try {
    await staff.cancel({});
    await windows.reaches('idle').catch(() => undefined);
    await staff.acknowledge({});
  } catch {
    // What can't be ended shows at the next visit, which fails as well.
  }
}

/** A counter asks for a policy when it hears of it, and writes down that it has adopted it. */
async function awaitPolicy(version: number, limitMs: number): Promise<Report> {
  const askedAt: number[] = [];
  let adopted = 0;
  wire.onRequest((route) => {
    if (route === 'policy') askedAt.push(Date.now());
  });
  const all = counters.map(async (counter) => {
    await counter.adopted(version);
    adopted += 1;
  });
  await Promise.race([Promise.all(all), sleep(limitMs)]);
  return { type: 'policies', adopted, askedAt };
}

/** The end of the day: a counter that is closed signs its clerk out, which would be one more entry then. */
async function settle(limitMs: number): Promise<void> {
  await Promise.all(counters.map((counter) => counter.signOut()));
  const until = performance.now() + limitMs;
  while (!counters.every(({ settled }) => settled) && performance.now() < until) await sleep(SETTLE_LOOK_MS);
}

async function close(): Promise<void> {
  wire.stop();
  await Promise.all(counters.map(({ core }) => core.stop()));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case 'open':
      await open(order.settings);
      return tell({ type: 'opened' });
    case 'visits':
      await visits(order.visits);
      return tell({ type: 'visited' });
    case 'policy':
      return tell(await awaitPolicy(order.version, order.limitMs));
    case 'settle':
      await settle(order.limitMs);
      return tell({ type: 'settled' });
    case 'ledger':
      return tell({ type: 'ledger', counters: await Promise.all(counters.map((one) => one.ledger())) });
    case 'close':
      await close();
      clearInterval(heart);
      tell({ type: 'closed' });
      process.disconnect();
  }
}

const heart = setInterval(beat, 1_000);
process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    tell({ type: 'broken', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
// The run is gone: so is what it started.
process.on('disconnect', () => process.exit(0));
