/** The visit that everything else is a variation of: step by step, so that a spec can stop anywhere. */

import type { Language } from '../../../shared/domain/policy.ts';
import type { RepresentationKind } from '../../../shared/domain/representation.ts';
import type { GrantName } from '../../../shared/domain/scope.ts';
import { questionEn } from '../../central/policy/notice-en.ts';
import { questionZh } from '../../central/policy/notice-zh.ts';
import { AGENT_NUMBER } from '../../central/tests/visit.ts';
import { type Ask, Clerk } from './clerk.ts';
import type { Counter } from './counter.ts';
import { Customer, type Proof } from './customer.ts';

/** Words of the right answer to the question of the demo's policy. */
export function rightAnswer(language: Language): string {
  const question = language === 'en' ? questionEn : questionZh;
  return question.answers.find((answer) => answer.id === question.correct)?.text ?? '';
}
/** Words of a wrong one, in Chinese. */
export const wrongAnswer = questionZh.answers.find((answer) => answer.id !== questionZh.correct)?.text ?? '';

/** Up to where a visit is played. */
export const stages = ['request', 'notice', 'identity', 'question', 'ticks', 'signature', 'reading'] as const;
export type Stage = (typeof stages)[number];

export interface Plan extends Ask {
  grants?: readonly GrantName[];
  /** Called when a stage is on the screen, before anything is done in it. */
  onStage?: (stage: string) => Promise<void>;
}

export interface People {
  clerk: Clerk;
  customer: Customer;
}

/** Both in the language that the counter was set to. */
export function people(counter: Counter): People {
  const { language, staff, customer } = counter;
  return { clerk: new Clerk(staff, language), customer: new Customer(customer, language) };
}

/** The proofs of a demo customer: password, and the code that came to their phone last. */
export function proofOf(counter: Counter, number: string) {
  const { servicePassword, codes } = counter.central.secrets(number);
  return { password: servicePassword, code: codes.at(-1) ?? '' };
}

/** The proofs that a path asks for. */
function proofBy(counter: Counter, number: string, kind: RepresentationKind = 'self'): Proof {
  const { password, code } = proofOf(counter, number);
  const { guardianNumber = '' } = counter.central.secrets(number);
  if (kind === 'guardian') return { password, own: guardianNumber };
  if (kind === 'agent') return { code, own: AGENT_NUMBER };
  return kind === 'relative' ? { own: AGENT_NUMBER } : { password, code };
}

/** A clerk who is signed in plays with a customer from START until `until` is on the screen. */
export async function playTo(counter: Counter, until: Stage, plan: Plan): Promise<People> {
  const { clerk, customer } = people(counter);
  const seen = async (stage: Stage) => {
    await plan.onStage?.(stage);
    return stage === until;
  };
  await clerk.start(plan);
  await customer.phase('serving.request');
  if (await seen('request')) return { clerk, customer };
  await customer.accept();
  await customer.phase('serving.notice');
  if (await seen('notice')) return { clerk, customer };
  await customer.readNotice();
  await customer.phase('serving.identity.entering');
  if (await seen('identity')) return { clerk, customer };
  await customer.prove(proofBy(counter, plan.number, plan.representation?.kind));
  await customer.phase('serving.question');
  if (await seen('question')) return { clerk, customer };
  await customer.answer(rightAnswer(counter.language));
  await customer.phase('serving.ticks');
  if (await seen('ticks')) return { clerk, customer };
  await customer.tick(plan.grants ?? ['lookup', 'analysis', 'release']);
  await customer.phase('serving.signature');
  if (await seen('signature')) return { clerk, customer };
  await customer.sign();
  await customer.phase('serving.reading');
  await seen('reading');
  return { clerk, customer };
}
