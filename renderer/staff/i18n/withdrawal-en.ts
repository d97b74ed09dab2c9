/** Words of a withdrawal on the staff window, in English. */
import type { SameKeys } from '../../ui/i18n/words.ts';
import type { withdrawal as chinese } from './withdrawal-zh.ts';

export const withdrawal: SameKeys<typeof chinese> = {
  start: 'Withdraw a consent',
  steps: 'Steps of the withdrawal',
  step: { who: 'Who it is', choose: 'What to withdraw', withdraw: 'Withdrawal', end: 'End' },
  lead: 'The customer does this on their own screen; you see no code, number or consent.',
  sealed: 'What the customer types and the consents listed are on their screen only.',
  cancel: 'End the withdrawal',
  doing: {
    choosing: 'The customer chooses how to withdraw',
    code: 'The customer enters the code of the receipt',
    identity: 'The customer proves who they are',
    list: 'The customer chooses what to withdraw',
    working: 'Working',
    failed: 'Not done yet; it can be tried again',
    done: 'Withdrawn; the customer reads what came of it',
    ended: 'The withdrawal has ended',
  },
  say: {
    who: 'You can withdraw at any time and need not say why. Use the code on your receipt, or your mobile number.',
    choose: 'The whole consent or single purposes of it: as you like.',
    retry: 'The line had a problem. I will try again; it stays one withdrawal.',
    withdraw: 'It is withdrawn. Your screen says whether the keys are destroyed.',
    end: 'That is done. It has no effect on other services.',
  },
  wholeAt: 'The whole consent was withdrawn at {{at}}.',
  partAt: 'Purposes of the consent were withdrawn at {{at}}.',
  erased: '{{hall}} · {{device}}: keys destroyed at {{at}}, with signed evidence',
  pending: '{{hall}} · {{device}}: waiting for the counter to destroy its keys',
  outcome: {
    withdrawn: 'The customer has withdrawn the consent',
    unconfirmed: 'Central did not confirm it; the customer should try again later',
    'nothing-found': 'There was nothing to withdraw',
    stopped: 'The customer stopped',
    abandoned: 'The customer left; it ended by itself',
    'cancelled-by-staff': 'You ended the withdrawal',
    'identity-failed': 'The identity check did not pass',
    'too-many-codes': 'Too many codes were tried',
  },
};
