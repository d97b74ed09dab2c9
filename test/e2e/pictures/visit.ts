/** One whole visit in pictures. */
import type { Language } from '../../../shared/domain/policy.ts';
import { type Counter, openCounter } from '../support/counter.ts';
import { expect } from '../support/expect.ts';
import { makeReport, saveReport } from '../support/report.ts';
import { people, proofOf, rightAnswer } from '../support/visit.ts';
import type { Camera, Series } from './camera.ts';

/** One whole visit of 张三 in a language and a size. */
export async function visit(series: Series, language: Language, largeType: boolean): Promise<void> {
  const counter = await openCounter({ settings: { language }, screens: '1280x800' });
  const { clerk, customer } = people(counter);
  const size = largeType ? 'large' : 'normal';
  const theirs = await series(`customer-${language}-${size}`);
  // Staff have one size: their pictures come with the normal run.
  const ours = largeType ? undefined : await series(`staff-${language}`);
  const both = async (stage: string) => {
    await theirs.take(customer.page, stage);
    await ours?.take(clerk.page, stage);
  };
  try {
    await both('idle');
    await clerk.signIn();
    await ours?.take(clerk.page, 'signed-in');
    const ask = { number: '13900010001' };
    await clerk.fill(ask);
    await ours?.take(clerk.page, 'request-filled');
    await clerk.button(clerk.words.request.submit).click();
    await customer.phase('serving.request');
    if (largeType) await customer.press(customer.words.frame.largeOn);
    await both('request');
    await customer.accept();
    await customer.readNotice(async (page) => {
      if (page <= 2) await both(`notice-${page}`);
    });
    await customer.phase('serving.identity.entering');
    await both('identity');
    await customer.prove(proofOf(counter, ask.number));
    await customer.phase('serving.question');
    await both('question');
    await customer.answer(rightAnswer(language));
    await customer.phase('serving.ticks');
    await both('ticks');
    await customer.tick(['lookup', 'analysis', 'release']);
    await customer.draw();
    await both('signature');
    await customer.press(customer.words.signature.sign);
    await customer.phase('serving.reading');
    await reading(counter, theirs, ours);
    await makeReport(customer);
    await both('report-preview');
    await saveReport(customer);
    await expect(customer.page.getByRole('img', { name: customer.words.receipt.qr })).toBeVisible();
    await both('receipt');
    await customer.press(customer.words.receipt.finish);
    await clerk.phase('serving.followUp');
    await both('follow-up');
    await clerk.close(clerk.words.close.phrases.none);
    await customer.phase('idle');
    await clerk.button(clerk.words.top.dayList).first().click();
    await ours?.take(clerk.page, 'day-list');
  } finally {
    await counter.close();
  }
}

async function reading(counter: Counter, theirs: Camera, ours: Camera | undefined): Promise<void> {
  const { clerk, customer } = people(counter);
  const list = customer.page.getByRole('list', { name: customer.words.records.list });
  await expect(list.locator('li[data-index]').first()).toBeVisible();
  await theirs.take(customer.page, 'records');
  const sure = clerk.words.records.complete.split(/[\d{]/)[0] ?? '';
  await expect(clerk.page.getByText(sure).first()).toBeVisible();
  await ours?.take(clerk.page, 'records');
  await customer.release(2);
  await expect(clerk.page.locator('blockquote')).toHaveCount(2);
  await theirs.take(customer.page, 'released');
  await ours?.take(clerk.page, 'released');
  await customer.press(customer.words.records.analysis);
  await expect(customer.page.getByText(customer.words.findings.working)).toBeHidden();
  await theirs.take(customer.page, 'findings');
  await customer.press(customer.words.findings.back);
  await customer.press(customer.words.frame.stop);
  await theirs.take(customer.page, 'stop-dialog');
  await customer.press(customer.words.stopDialog.back);
}
