/** Hand-over mode: staff take the display back with their PIN. */
import { Failure } from '../../shared/domain/errors.ts';
import type { AuditLog } from '../audit/log.ts';
import type { CounterSession } from './counter-session.ts';
import { noted } from './noted.ts';
import type { ScreenHolder } from './screen.ts';
import type { StaffSession } from './staff-session.ts';
import type { WithdrawalSession } from './withdrawal/withdrawal-session.ts';

interface Options {
  session: CounterSession;
  screen: ScreenHolder;
  staff: StaffSession;
  audit: Pick<AuditLog, 'append'>;
  withdrawal: WithdrawalSession;
}

/**
 * Gives the display back when the PIN is right.
 * @throws Failure 'pin-refused' with the tries left; 'too-many-tries' once they are used up: the visit ends, staff
 * are signed out, and the display goes to the sign-in screen, where nothing of anybody is to be seen.
 */
export async function returnScreen(
  { session, screen, staff, audit, withdrawal }: Options,
  pin: string,
): Promise<void> {
  if (screen.current.holder !== 'customer') throw new Failure('wrong-state', { detail: 'screen' });
  const member = staff.current;
  // Nobody is signed in any more: the sign-in screen is all that staff can get, and asks for the PIN itself.
  if (!member) {
    await audit.append('screen-returned', { facts: { to: 'sign-in' } });
    return void screen.give('staff');
  }
  const { sessionId } = session.context;
  const fields = { staffId: member.id, ...(sessionId === '' ? {} : { sessionId }) };
  const outcome = await staff.checkPin(pin);
  if (outcome.ok) {
    await audit.append('screen-returned', fields);
    screen.give('staff');
    return;
  }
  const { triesLeft } = outcome;
  await audit.append('screen-return-refused', { ...fields, facts: { triesLeft } });
  if (triesLeft > 0) throw noted(new Failure('pin-refused', { triesLeft }));
  // A customer who is done can't be stopped any more; their visit is ended all the same. SECURITY: S19
  if (!session.send({ type: 'STOP' })) session.end();
  withdrawal.send({ type: 'STOP' });
  await staff.signOut('pin-tries');
  screen.give('staff');
  throw noted(new Failure('too-many-tries', { triesLeft: 0 }));
}
