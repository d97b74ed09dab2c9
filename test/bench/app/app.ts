/** The whole app through its real windows: start, sign-in, memory, first messages, a long report. */
import { zhCN as customerWords } from '../../../renderer/customer/i18n/zh-CN.ts';
import { countHeld } from '../../e2e/demo/count.ts';
import { ensureBuilt } from '../../e2e/support/built.ts';
import { demoStaff } from '../../e2e/support/clerk.ts';
import { type Counter, openCounter, shell } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { makeReport } from '../../e2e/support/report.ts';
import { type People, people, playTo } from '../../e2e/support/visit.ts';
import { canTellMemory, familyOf, memoryOf, untilIdle } from '../run/processes.ts';

/** The demo customer whose last month holds as many messages as central is told to make. */
const HEAVY = '13900010005';
const MANY = 100_000;
const USUAL = 20_000;
const PRINTED = 10_000;
/** A hundred thousand messages take their time to be made, looked up and stored. */
const LONG_MS = 300_000;

export interface AppFigures {
  readonly host: string;
  /** From the launch to the idle screen, milliseconds. */
  readonly coldStart: number;
  /** From the press of the button to the form for a request, milliseconds. */
  readonly signIn: number;
  /** Of all processes, shared pages by their share; bytes. Absent where the system does not tell. */
  readonly memoryIdle?: number;
  readonly memoryWithRecords?: number;
  /** From the press that signs to the first message on the screen, by number of records; milliseconds. */
  readonly signedToFirstMessages: Readonly<Record<string, number>>;
  /** From there until every page is stored, by number of records; milliseconds. */
  readonly firstMessagesToHeld: Readonly<Record<string, number>>;
  /** A report of so many rows, from the press to its preview; milliseconds. */
  readonly report: { readonly rows: number; readonly ms: number };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Memory of the core and everything it started, when nothing is going on. */
async function memoryNow(counter: Counter): Promise<number | undefined> {
  const { pid } = counter.app.process();
  if (!canTellMemory || pid === undefined) return undefined;
  await untilIdle(() => familyOf(pid));
  return memoryOf(familyOf(pid));
}

async function withCounter<T>(messages: number, use: (counter: Counter) => Promise<T>): Promise<T> {
  const counter = await openCounter({ central: { heavyMessages: messages } });
  try {
    return await use(counter);
  } finally {
    await counter.close();
  }
}

async function measureStart(counter: Counter): Promise<number> {
  await counter.app.close();
  return timed(async () => {
    await counter.relaunch();
    await people(counter).customer.phase('idle');
  });
}

async function measureSignIn(counter: Counter): Promise<number> {
  const { clerk } = people(counter);
  await clerk.page.getByLabel(clerk.words.signIn.staffId).fill(demoStaff.id);
  await clerk.page.getByLabel(clerk.words.signIn.pin).fill(demoStaff.pin);
  return timed(async () => {
    await clerk.button(clerk.words.signIn.submit).click();
    await clerk.page.getByLabel(clerk.words.request.number).waitFor();
  });
}

/** Plays to the signature, then measures what comes of it. */
async function measureFirst(
  counter: Counter,
  messages: number,
): Promise<People & { first: number; held: number }> {
  const { clerk, customer } = await playTo(counter, 'signature', { number: HEAVY });
  await customer.draw();
  const rows = customer.page
    .getByRole('list', { name: customerWords.records.list })
    .locator('li[data-index]');
  const first = await timed(async () => {
    await customer.press(customerWords.signature.sign);
    await rows.first().waitFor({ timeout: LONG_MS });
  });
  const held = await timed(() =>
    expect
      .poll(() => countHeld(customer.page), { timeout: LONG_MS })
      .toEqual({ metadata: messages, content: messages }),
  );
  return { clerk, customer, first, held };
}

/** Runs everything, one counter after the other. */
export async function measureApp(say: (line: string) => void): Promise<AppFigures> {
  ensureBuilt();
  say(`the whole app, host: ${shell.name}`);
  const usual = await withCounter(USUAL, async (counter) => {
    const coldStart = await measureStart(counter);
    const memoryIdle = await memoryNow(counter);
    const signIn = await measureSignIn(counter);
    const { first, held } = await measureFirst(counter, USUAL);
    return { coldStart, memoryIdle, signIn, first, held };
  });
  say(`  first messages of ${USUAL}`);
  const many = await withCounter(MANY, async (counter) => {
    await people(counter).clerk.signIn();
    const { first, held } = await measureFirst(counter, MANY);
    return { first, held, memory: await memoryNow(counter) };
  });
  say(`  ${MANY} records held`);
  const report = await withCounter(PRINTED, async (counter) => {
    await people(counter).clerk.signIn();
    const { customer } = await playTo(counter, 'reading', { number: HEAVY });
    return timed(() => makeReport(customer, { texts: true, name: 'masked' }));
  });
  say(`  report of ${PRINTED}`);
  return {
    host: shell.name,
    coldStart: usual.coldStart,
    signIn: usual.signIn,
    ...(usual.memoryIdle === undefined ? {} : { memoryIdle: usual.memoryIdle }),
    ...(many.memory === undefined ? {} : { memoryWithRecords: many.memory }),
    signedToFirstMessages: { [USUAL]: usual.first, [MANY]: many.first },
    firstMessagesToHeld: { [USUAL]: usual.held, [MANY]: many.held },
    report: { rows: PRINTED, ms: report },
  };
}
