/** A withdrawal as the clerk begins it and the customer goes through it. */
import type { GrantName } from '../../../shared/domain/scope.ts';
import type { Clerk } from './clerk.ts';
import type { Customer, Proof } from './customer.ts';

/** The clerk's part: the first button, and the last. */
export async function beginWithdrawal({
  clerk,
  customer,
}: {
  clerk: Clerk;
  customer: Customer;
}): Promise<void> {
  await clerk.button(clerk.words.withdrawal.start).click();
  await customer.phase('withdrawal.active.choosing');
}

export async function byCode(customer: Customer, code: string): Promise<void> {
  await customer.page.getByRole('button', { name: customer.words.withdrawal.byCode }).click();
  await customer.phase('withdrawal.active.code.entering');
  await customer.page.getByLabel(customer.words.withdrawal.code, { exact: true }).fill(code);
  await customer.press(customer.words.withdrawal.codeSubmit);
}

/** With number and proofs; the code is read once it was sent. */
export async function inPerson(customer: Customer, number: string, proof: () => Proof): Promise<void> {
  const { words, page } = customer;
  await page.getByRole('button', { name: words.withdrawal.byIdentity }).click();
  await customer.phase('withdrawal.active.number');
  await page.getByLabel(words.withdrawal.number, { exact: true }).fill(number);
  await customer.press(words.withdrawal.numberSubmit);
  await customer.phase('withdrawal.active.identity.entering');
  const { password, code } = proof();
  await page.getByLabel(words.identity.fields['service-password'], { exact: true }).fill(password ?? '');
  await page.getByLabel(words.identity.fields['one-time-code'], { exact: true }).fill(code ?? '');
  await customer.press(words.identity.submit);
  await customer.phase('withdrawal.active.list');
}

/** All of it, or purposes of it, then the last question. */
export async function takeBack(customer: Customer, part: 'all' | readonly GrantName[]): Promise<void> {
  const { words, page } = customer;
  await customer.phase('withdrawal.active.list');
  const names =
    part === 'all'
      ? [words.withdrawal.whole]
      : part.map((name) => words.withdrawal.part.replace('{{name}}', words.ticks.grants[name]));
  for (const name of names) await page.getByRole('checkbox', { name }).check({ force: true });
  await customer.press(words.withdrawal.partsSubmit);
  await customer.phase('withdrawal.active.confirm');
  await customer.press(words.withdrawal.confirm);
  await customer.phase('withdrawal.active.done');
}

/** The customer is done, the clerk has seen it. */
export async function endWithdrawal({
  clerk,
  customer,
}: {
  clerk: Clerk;
  customer: Customer;
}): Promise<void> {
  await customer.press(customer.words.withdrawal.finish);
  await clerk.phase('withdrawal.ended');
  await clerk.button(clerk.words.ended.acknowledge).click();
  await clerk.phase('idle');
}
