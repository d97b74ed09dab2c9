/** What follows when central has answered a question of the status bar: withdrawals first, then everything else. */
import { toAppError } from '../../shared/domain/errors.ts';
import { dayOf } from '../../shared/domain/period.ts';
import type { AuditWitness } from '../audit/witness.ts';
import type { CounterSession } from '../gate/counter-session.ts';
import type { DayList } from '../gate/day-list.ts';
import type { HeldCases } from '../gate/held/held-cases.ts';
import type { Repairs } from '../repairs.ts';
import type { TrustedClock } from './clock.ts';
import type { Feed } from './feed.ts';
import type { Outbox } from './outbox.ts';
import type { PolicyKeeper } from './policy-keeper.ts';

export interface HeardOptions {
  clock: Pick<TrustedClock, 'now'>;
  repairs: Pick<Repairs, 'completed'>;
  heardChanges: () => Promise<void>;
  feed: Pick<Feed, 'nudge'>;
  outbox: Pick<Outbox, 'nudge'>;
  witness: Pick<AuditWitness, 'soon'>;
  policies: Pick<PolicyKeeper, 'heard' | 'known' | 'fetch'>;
  dayList: Pick<DayList, 'complete'>;
  held: Pick<HeldCases, 'enforce'>;
  session: Pick<CounterSession, 'refresh'>;
}

/** @returns what is told the policy version that central has in force. */
export function whenHeard(options: HeardOptions): (policyVersion: number) => void {
  const { clock, repairs, feed, outbox, witness, policies, dayList, held, session } = options;
  /** What fails has been noted by the connection, and comes again with the next answer. */
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => void toAppError(error));
  let compared = false;
  return (policyVersion) => {
    // SECURITY: S18 a date may have passed while nobody knew the time.
    held.enforce();
    repairs.completed('clock');
    repairs.completed('certificate');
    policies.heard(policyVersion);
    void attempt(options.heardChanges()).finally(() => outbox.nudge());
    witness.soon();
    feed.nudge();
    // Once a run: rows of today that were cut off the end of the list are found missing.
    if (!compared) {
      compared = true;
      dayList.complete(dayOf(clock.now())).catch(() => {
        compared = false;
      });
    }
    // For the period picker, and to have it when the line is lost: a visit asks again and says what is wrong.
    if (policies.known?.version !== policyVersion)
      void attempt(policies.fetch().then(() => session.refresh()));
  };
}
