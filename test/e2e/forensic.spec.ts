/**
 * What is left of a customer: two hundred canaries (texts, counterparts, name, proofs, ink) go through one whole
 * visit. Afterwards every byte of the profile and of central's log is searched, and the memory of every process.
 */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { inkSchema } from '../../shared/domain/ink.ts';
import type { SourceRecord } from '../central/record-source.ts';
import { type Canary, canaryKinds, formsOf, hitsIn, inkCanaries } from '../support/canaries.ts';
import { Needles } from '../support/needles.ts';
import { processesUnder, searchMemory } from '../support/process-memory.ts';
import { filesUnder } from '../support/profile-files.ts';
import { type Counter, openCounter } from './support/counter.ts';
import { makeReport, saveReport } from './support/report.ts';
import { people, playTo } from './support/visit.ts';

const NUMBER = '13900010001';
const NAME = '司马寒酥';
const TEXTS = 90;
const HOUR_MS = 3_600_000;

/** A text and a counterpart of its own for each row. */
const rows = Array.from({ length: TEXTS }, (_, i): SourceRecord & { mark: string } => {
  const serial = String(4_070_013 + i * 7_919).padStart(7, '0');
  const mark = `青鸾${serial}衔书`;
  return {
    at: Date.now() - 36 * HOUR_MS - i * HOUR_MS,
    direction: i % 3 === 0 ? 'out' : 'in',
    category: 'sms',
    peer: `1709${serial}`,
    text: `您好，${mark}，请查收。`,
    mark,
  };
}).reverse();

let counter: Counter;
test.beforeEach(async () => {
  counter = await openCounter({
    // The search takes its time; nobody is there to touch the screen.
    settings: { presence: { idleSeconds: 600, lastCallSeconds: 60 } },
    central: { records: { find: async () => rows.map(({ mark: _, ...record }) => record) } },
  });
  await counter.central.context.db
    .updateTable('subscribers')
    .set({ name: NAME })
    .where('number', '=', NUMBER)
    .execute();
});
test.afterEach(() => counter?.close());

test.skip(process.platform !== 'linux', 'memory of other processes is read through /proc');

test('of two hundred canaries none is left on the disk; what memory still holds is told', async () => {
  test.setTimeout(300_000);
  const { clerk } = people(counter);
  await clerk.signIn();
  const { customer } = await playTo(counter, 'reading', { number: NUMBER });
  const { servicePassword, identityNumber, codes } = counter.central.secrets(NUMBER);
  const { ink } = await counter.central.context.db
    .selectFrom('consent_evidence')
    .select('ink')
    .executeTakeFirstOrThrow();
  const canaries: Canary[] = [
    ...rows.map(({ mark }): Canary => ({ kind: 'text', forms: formsOf(mark) })),
    ...rows.map(({ peer }): Canary => ({ kind: 'counterpart', forms: formsOf(peer) })),
    { kind: 'name', forms: formsOf(NAME) },
    ...[servicePassword, identityNumber, ...codes].map(
      (secret): Canary => ({ kind: 'proof', forms: formsOf(secret) }),
    ),
    ...inkCanaries(inkSchema.parse(typeof ink === 'string' ? JSON.parse(ink) : ink), 18),
  ];
  expect(canaries.length).toBeGreaterThanOrEqual(200);

  const needles = new Needles(canaries.flatMap(({ forms }) => forms));

  const memory = async () => {
    const all = new Set<number>();
    const told: string[] = [];
    for (const { pid, type } of await processesUnder(counter.app.process().pid ?? 0)) {
      const { found, searched } = await searchMemory(pid, needles);
      const hits = hitsIn(canaries, found);
      const counts = canaryKinds.map(
        (kind) => `${kind} ${hits.filter((hit) => canaries[hit]?.kind === kind).length}`,
      );
      told.push(`${type} (${Math.round(searched / 1e6)} MB): ${counts.join(', ')}`);
      for (const hit of hits) all.add(hit);
    }
    return { all, told };
  };
  const onDisk = async () => {
    let searched = 0;
    const found: string[] = [];
    for await (const { path, bytes } of filesUnder(counter.kiosk)) {
      searched += bytes.length;
      const inFile = new Set<number>();
      needles.search(bytes, inFile);
      // Which file and which kind: never the canary itself.
      for (const hit of hitsIn(canaries, inFile))
        found.push(`${relative(counter.kiosk, path)}: ${canaries[hit]?.kind} ${hit}`);
    }
    return { searched, found };
  };

  await test.step('the search can fail: while they are read, memory holds them', async () => {
    await expect(customer.page.getByRole('list', { name: customerWords.records.list })).toContainText(
      rows.at(-1)?.mark ?? '',
    );
    const { all } = await memory();
    const kinds = new Set([...all].map((i) => canaries[i]?.kind));
    // What is on the screen; proofs and ink have gone to central, and memory may be free of them by now.
    expect([...kinds]).toEqual(expect.arrayContaining(['text', 'counterpart', 'name']));
    const inEvidence = new Set<number>();
    needles.search(Buffer.from(typeof ink === 'string' ? ink : JSON.stringify(ink)), inEvidence);
    const points = hitsIn(canaries, inEvidence).filter((hit) => canaries[hit]?.kind === 'ink');
    expect(points).toHaveLength(canaries.filter(({ kind }) => kind === 'ink').length);
  });
  await test.step('while they are read, the disk holds none', async () => {
    const { searched, found } = await onDisk();
    expect(searched).toBeGreaterThan(100_000);
    expect(found).toEqual([]);
  });

  await customer.release(2);
  await makeReport(customer, { texts: true });
  await saveReport(customer);
  await customer.press(customerWords.receipt.finish);
  await clerk.close('无需后续');
  await customer.phase('idle');

  await test.step('after the visit neither the disk nor a log holds any', async () => {
    expect((await onDisk()).found).toEqual([]);
    const log = await readFile(counter.central.logPath);
    const printed = Buffer.from(counter.output());
    for (const { forms } of canaries)
      expect([log, printed].some((bytes) => forms.some((form) => bytes.includes(form)))).toBe(false);
  });

  await test.step('what memory still holds is told by process and kind', async () => {
    const { told } = await memory();
    // SECURITY: S4 one window's renderer has seen counterparts, the other never has.
    expect(told.filter((line) => /^renderer .*counterpart [1-9]/.test(line)).length).toBeLessThanOrEqual(1);
    test.info().annotations.push({ type: 'memory after the visit', description: told.join('; ') });
    for (const line of told) process.stdout.write(`memory after the visit, ${line}\n`);
  });

  await counter.app.close();
  await test.step('closed, the disk holds none', async () => {
    expect((await onDisk()).found).toEqual([]);
  });
});
