/** What the staff window may ask for. */
import type { Handlers } from '../../shared/contract/contract.ts';
import type { Status } from '../../shared/contract/views.ts';
import type { CaseRow } from '../../shared/domain/case.ts';
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import type { Staff } from '../../shared/domain/staff.ts';
import type { VisitEvent } from '../../shared/session/machine.ts';
import type { WithdrawalEvent } from '../../shared/session/withdrawal.ts';
import type { auditorHandlers } from './auditor/handlers.ts';
import type { CounterSession, CounterSessionOptions } from './counter-session.ts';
import type { HeldCases } from './held/held-cases.ts';
import { noted } from './noted.ts';
import { openLayer } from './open-layer.ts';
import { requireServing } from './roles.ts';
import { auditFields } from './visit.ts';

export interface StaffHandlerOptions extends CounterSessionOptions {
  session: CounterSession;
  status: () => Status;
  /** What auditors may ask for. */
  auditor: ReturnType<typeof auditorHandlers>;
}

export function staffHandlers(options: StaffHandlerOptions): Handlers<'staff'> {
  const { session, staff, screen, audit, dayList, wiper, withdrawal, held } = options;
  const send = (event: VisitEvent) => {
    if (!session.send(event)) throw new Failure('wrong-state', { detail: event.type });
    return {};
  };
  const sendWithdrawal = (event: WithdrawalEvent) => {
    staff.require();
    if (!withdrawal.send(event)) throw new Failure('wrong-state', { detail: event.type });
    return {};
  };
  const requireServer = (): Staff => requireServing(staff.require());
  /** Whoever began a visit goes on with it; ending one is open to all who are signed in. */
  const requireOwn = (): Staff => {
    const member = requireServer();
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
      // SECURITY: S4 an auditor has no part in a visit: not even in one that somebody else has left open.
      if (staff.current?.role === 'auditor' && (session.active || withdrawal.active)) {
        await staff.signOut('asked');
        throw new Failure('forbidden', { detail: 'a visit is open' });
      }
      return {};
    },
    signOut: async () => {
      staff.require();
      // A visit is ended first: nobody leaves a customer alone with an open one.
      if (session.active || withdrawal.active)
        throw new Failure('wrong-state', { detail: 'a visit is open' });
      await staff.signOut('asked');
      return {};
    },
    startSession: async ({ representation, ...request }) => {
      const member = staff.require();
      try {
        requireServing(member);
      } catch (error) {
        await audit.append('session-refused', {
          staffId: member.id,
          facts: { kind: toAppError(error).kind },
        });
        throw noted(error);
      }
      if (!(await session.start(member.id, request, representation)))
        throw new Failure('wrong-state', { detail: 'START' });
      return {};
    },
    startHeld: async ({ caseId }) => {
      const member = requireServer();
      if (!(await session.startHeld(member.id, caseId)))
        throw new Failure('wrong-state', { detail: 'START' });
      return {};
    },
    closeCase: async ({ caseId }) => {
      const member = requireServer();
      // A visit that has it open ends it with the visit.
      if (session.context.kept?.caseId === caseId || !held.current(caseId)) {
        throw new Failure('wrong-state', { detail: 'case' });
      }
      await held.destroy(caseId, 'case-closed', { staffId: member.id });
      return {};
    },
    attest: (credentials) => {
      requireOwn();
      const { secrets } = session;
      if (!secrets || !session.can({ type: 'WITNESS' }))
        throw new Failure('wrong-state', { detail: 'WITNESS' });
      secrets.putCredentials(credentials);
      return send({ type: 'WITNESS' });
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
    startWithdrawal: async () => {
      const member = requireServer();
      // SECURITY: S19 one customer at a time.
      if (session.active || !(await withdrawal.start(member.id, options.settings.language))) {
        throw new Failure('wrong-state', { detail: 'START' });
      }
      return {};
    },
    cancelWithdrawal: () => sendWithdrawal({ type: 'CANCEL' }),
    acknowledgeWithdrawal: () => sendWithdrawal({ type: 'ACKNOWLEDGE' }),
    retryWithdrawal: () => sendWithdrawal({ type: 'RETRY' }),
    openMetadata: () => {
      requireOwn();
      return openLayer(options, session, 'staff');
    },
    closeSession: ({ followUp, caseDone = false }) => {
      staff.require();
      return send({ type: 'CLOSE', followUp, caseDone });
    },
    dayList: async ({ day }) => {
      requireServer();
      return (await dayList.read(day)).map((row) => withState(row, held));
    },
    handOver: async () => {
      requireServer();
      if (screen.current.mode === 'dual' || screen.current.holder === 'customer') {
        throw new Failure('wrong-state', { detail: 'screen' });
      }
      const { context, secrets } = session;
      const fields = secrets ? auditFields(options, { context, secrets }) : { staffId: staff.require().id };
      await audit.append('screen-handed-over', fields);
      screen.give('customer');
      return {};
    },
    ...options.auditor,
    wiped: ({ sessionId }) => {
      wiper.answered('staff', sessionId);
      return {};
    },
  };
}

/** What was kept and is not any more says so. */
function withState(row: CaseRow, held: Pick<HeldCases, 'current'>): CaseRow {
  const isOver = (row.held?.state === 'kept' || row.held?.state === 'read') && !held.current(row.held.caseId);
  return row.held && isOver ? { ...row, held: { ...row.held, state: 'over' } } : row;
}
