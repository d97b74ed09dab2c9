/** What the staff window may ask for. */
import type { Handlers } from '../../shared/contract/contract.ts';
import type { Status } from '../../shared/contract/views.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Staff } from '../../shared/domain/staff.ts';
import type { VisitEvent } from '../../shared/session/machine.ts';
import type { CounterSession, CounterSessionOptions } from './counter-session.ts';
import { openLayer } from './open-layer.ts';
import { auditFields } from './visit.ts';

export interface StaffHandlerOptions extends CounterSessionOptions {
  session: CounterSession;
  status: () => Status;
}

export function staffHandlers(options: StaffHandlerOptions): Handlers<'staff'> {
  const { session, staff, screen, audit, dayList, wiper } = options;
  const send = (event: VisitEvent) => {
    if (!session.send(event)) throw new Failure('wrong-state', { detail: event.type });
    return {};
  };
  /** Whoever began a visit goes on with it; ending one is open to all who are signed in. */
  const requireOwn = (): Staff => {
    const member = staff.require();
    if (session.phase !== 'idle' && session.context.staffId !== member.id) {
      throw new Failure('forbidden', { detail: "another's visit" });
    }
    return member;
  };
  return {
    getView: () => session.staffView(),
    getStatus: () => options.status(),
    signIn: async (credentials) => {
      await staff.signIn(credentials);
      return {};
    },
    signOut: async () => {
      staff.require();
      // A visit is ended first: nobody leaves a customer alone with an open one.
      if (session.phase !== 'idle') throw new Failure('wrong-state', { detail: 'a visit is open' });
      await staff.signOut('asked');
      return {};
    },
    startSession: async (request) => {
      const member = staff.require();
      if (!(await session.start(member.id, request))) throw new Failure('wrong-state', { detail: 'START' });
      return {};
    },
    retry: () => {
      requireOwn();
      return send({ type: 'RETRY' });
    },
    cancel: () => {
      staff.require();
      return send({ type: 'CANCEL' });
    },
    acknowledge: () => {
      staff.require();
      return send({ type: 'ACKNOWLEDGE' });
    },
    openMetadata: () => {
      requireOwn();
      return openLayer(options, session, 'staff');
    },
    closeSession: ({ followUp }) => {
      staff.require();
      return send({ type: 'CLOSE', followUp });
    },
    dayList: ({ day }) => {
      staff.require();
      return dayList.read(day);
    },
    handOver: async () => {
      staff.require();
      if (screen.current.mode === 'dual' || screen.current.holder === 'customer') {
        throw new Failure('wrong-state', { detail: 'screen' });
      }
      const { context, secrets } = session;
      const fields = secrets ? auditFields(options, { context, secrets }) : { staffId: staff.require().id };
      await audit.append('screen-handed-over', fields);
      screen.give('customer');
      return {};
    },
    wiped: ({ sessionId }) => {
      wiper.answered('staff', sessionId);
      return {};
    },
  };
}
