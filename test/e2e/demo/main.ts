/**
 * `npm run demo`: a visit through the real windows without a human, against an embedded central of its own.
 * Leaves the evidence, screenshots of every step and summary.json in the folder of `--out`; exits 1 where a
 * step fails, 2 where the command line is wrong.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zhCN as customerWords } from '../../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../../renderer/staff/i18n/zh-CN.ts';
import { dayOf, lastMonth } from '../../../shared/domain/period.ts';
import { ensureBuilt } from '../support/built.ts';
import { type Counter, openCounter, shell } from '../support/counter.ts';
import { expect } from '../support/expect.ts';
import { evidenceFolder, makeReport, saveReport } from '../support/report.ts';
import { people, proofOf, rightAnswer } from '../support/visit.ts';
import { countHeld, countShown } from './count.ts';
import { firstMessage } from './first-message.ts';
import { copyLog } from './log.ts';
import { type DemoOptions, readOptions, UsageError } from './options.ts';
import { type Brought, whatWasBrought } from './records.ts';
import { Steps } from './steps.ts';

/** Loads somebody's records and says what to ask for. */
async function whatToAsk(counter: Counter, options: DemoOptions): Promise<Brought> {
  const today = dayOf(Date.now());
  if (!options.records)
    return {
      number: options.number ?? '13900010001',
      categories: ['sms'],
      period: options.period ?? lastMonth(today),
    };
  await counter.central.importRecords(options.records);
  const { maxPeriodMonths } = await counter.central.context.policies.inForce();
  const brought = await whatWasBrought(options.records, options.number, today, maxPeriodMonths);
  if (!brought) throw new UsageError(`--records: no record of ${options.number ?? 'anybody'} in the file`);
  return options.period ? { ...brought, period: options.period } : brought;
}

async function play(counter: Counter, options: DemoOptions): Promise<void> {
  const steps = new Steps(counter, join(options.out, 'screens'));
  const { clerk, customer } = people(counter);
  const ask = await whatToAsk(counter, options);
  const list = customer.page.getByRole('list', { name: customerWords.records.list });

  await steps.run('idle', () => customer.phase('idle'));
  await steps.run('sign-in', () => clerk.signIn());
  await steps.run('request', async () => {
    await clerk.start(ask);
    await customer.phase('serving.request');
  });
  await steps.run('notice', async () => {
    await customer.accept();
    await customer.phase('serving.notice');
  });
  await steps.run('notice-read', async () => {
    await customer.readNotice();
    await customer.phase('serving.identity.entering');
  });
  await steps.run('identity', async () => {
    await customer.prove(proofOf(counter, ask.number));
    await customer.phase('serving.question');
  });
  await steps.run('question', async () => {
    await customer.answer(rightAnswer(counter.language));
    await customer.phase('serving.ticks');
  });
  await steps.run('ticks', async () => {
    await customer.tick(['lookup', 'analysis', 'release']);
    await customer.phase('serving.signature');
  });
  await steps.run('signature-drawn', () => customer.draw());
  const empty = customer.page.getByText(customerWords.records.emptyTitle);
  const firstMessages = await steps.run('signed-to-first-messages', async () => {
    const started = performance.now();
    const seen = firstMessage(customer.page);
    // Awaited below: what the press throws comes first.
    seen.catch(() => undefined);
    await customer.press(customerWords.signature.sign);
    await seen;
    return Math.round(performance.now() - started);
  });
  const isEmpty = await empty.isVisible();
  const total = isEmpty ? 0 : Number(await list.getByRole('listitem').first().getAttribute('aria-setsize'));
  await steps.run('staff-counts', async () => {
    await expect(
      clerk.page.getByText(isEmpty ? staffWords.records.none : /已核对：[\d,]+ 条，完整无缺/),
    ).toBeVisible({ timeout: 60_000 });
  });
  // The rest of the content comes behind the first rows.
  let held = await countHeld(customer.page);
  await steps.run('all-held', () =>
    expect
      .poll(
        async () => {
          held = await countHeld(customer.page);
          return held;
        },
        { timeout: 60_000 },
      )
      .toEqual({ metadata: total, content: total }),
  );
  const shown = isEmpty ? 0 : await steps.run('scrolled-to-the-end', () => countShown(customer.page));
  const released = Math.min(2, total);
  if (released > 0)
    await steps.run('released', async () => {
      await customer.release(released);
      await expect(clerk.page.locator('blockquote')).toHaveCount(released);
    });
  if (!isEmpty)
    await steps.run('findings', async () => {
      await customer.press(customerWords.records.analysis);
      await expect(customer.button(customerWords.findings.back)).toBeVisible();
      await expect(customer.page.getByText(customerWords.findings.working)).toBeHidden();
    });
  if (!isEmpty) await customer.press(customerWords.findings.back);
  await steps.run('report-preview', async () => {
    await makeReport(customer, { texts: true, name: 'masked' });
    await expect(customer.page.locator('canvas').first()).toBeVisible();
  });
  await steps.run('report-saved', () => saveReport(customer));
  const folder = await evidenceFolder(counter);
  await steps.run('customer-done', async () => {
    await customer.press(customerWords.receipt.finish);
    await clerk.phase('serving.followUp');
  });
  await steps.run('closed', async () => {
    await clerk.close('无需后续');
    await customer.phase('idle');
  });
  const heldAfter = await countHeld(customer.page);

  for (const name of await readdir(folder)) await copyFile(join(folder, name), join(options.out, name));
  await copyLog(join(counter.kiosk, 'audit'), options.out);
  const summary = {
    host: shell.name,
    period: ask.period,
    categories: ask.categories,
    steps: steps.done,
    signatureToFirstMessagesMilliseconds: firstMessages,
    counts: {
      lookedUp: total,
      held: held.content,
      heldMetadata: held.metadata,
      shown,
      released,
      heldAfterClose: heldAfter.content + heldAfter.metadata,
    },
  };
  await writeFile(join(options.out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  process.stdout.write(`host: ${shell.name}\n${JSON.stringify(summary.counts)}\nleft in ${options.out}\n`);
}

async function main(): Promise<number> {
  let options: DemoOptions;
  try {
    options = readOptions(process.argv.slice(2));
    if (options.records && !existsSync(options.records)) throw new UsageError('--records: no such file');
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  ensureBuilt();
  await rm(join(options.out, 'screens'), { recursive: true, force: true });
  await mkdir(join(options.out, 'screens'), { recursive: true });
  let counter: Counter | undefined;
  try {
    // Somebody's records stand alone: nothing synthetic is mixed in.
    const central = options.records ? { createdThrough: 'none' } : { heavyMessages: 20_000 };
    counter = await openCounter({ profile: options.profile, central });
    await play(counter, options);
    return 0;
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  } finally {
    await counter?.close();
  }
}

process.exit(await main());
