/** Puts the core together: everything that does not draw. What it stands on is given, so that tests can stand in. */
import { join } from 'node:path';
import type { EventPayload, Handlers } from '../shared/contract/contract.ts';
import type { Plane } from '../shared/contract/names.ts';
import { Failure, toAppError } from '../shared/domain/errors.ts';
import { type AuditLog, openAuditLog } from './audit/log.ts';
import { pseudonymOf } from './audit/pseudonym.ts';
import { createClock } from './central/clock.ts';
import { createConnection } from './central/connection.ts';
import { createDeliver, refusalRecorder } from './central/deliver.ts';
import { createOutbox } from './central/outbox.ts';
import { OutboxFile } from './central/outbox-file.ts';
import { createPolicyKeeper } from './central/policy-keeper.ts';
import { watchStatus } from './central/status.ts';
import { CounterSession } from './gate/counter-session.ts';
import { createDayList } from './gate/day-list.ts';
import { customerHandlers } from './gate/handlers-customer.ts';
import { staffHandlers } from './gate/handlers-staff.ts';
import { endVisits, openVisits } from './gate/recover.ts';
import { createScreenHolder, type Screen, type ScreenHolder } from './gate/screen.ts';
import { type PageRequest, sealedPage } from './gate/sealed-pages.ts';
import { createStaffSession } from './gate/staff-session.ts';
import type { CustomerWindow } from './gate/visit.ts';
import { createWiper } from './gate/wiper.ts';
import type { CounterSettings } from './settings.ts';
import { StartRefusal } from './start-refusal.ts';
import type { Vault } from './vault/vault.ts';

export interface CoreOptions {
  userData: string;
  settings: CounterSettings;
  vault: Vault;
  version: string;
  shell: string;
  mode: Screen['mode'];
  customerWindow: CustomerWindow;
  /** Clears a plane's storage and starts its window afresh. */
  force: (plane: Plane) => Promise<void>;
  /** Tells a window; false when there is none to hear. */
  emit: {
    staff: <N extends 'view' | 'status' | 'wipe'>(name: N, payload: EventPayload<'staff', N>) => boolean;
    customer: <N extends 'view' | 'wipe'>(name: N, payload: EventPayload<'customer', N>) => boolean;
  };
}

export interface Core {
  audit: AuditLog;
  handlers: { staff: Handlers<'staff'>; customer: Handlers<'customer'> };
  screen: ScreenHolder;
  sealedPage: (request: PageRequest) => Promise<Uint8Array<ArrayBuffer>>;
  report: (reportId: string) => Uint8Array<ArrayBuffer> | undefined;
  /** Ends what a crash has left open; called once the windows' storage is clear. */
  endLeftVisits(): Promise<void>;
  /** Ends an open visit if it can be ended in time, then closes everything. */
  stop(): Promise<void>;
}

/** Closing a visit takes as long as two windows need to wipe. */
const STOP_LIMIT_MS = 12_000;
const LAST_DELIVERY_MS = 2_000;

export async function startCore(options: CoreOptions): Promise<Core> {
  const { userData, settings, vault, emit } = options;
  const clock = createClock();
  const { audit, tornLine } = await openAudit(userData, settings.deviceId);
  const pseudonym = (subscriber: string) => pseudonymOf(vault.pseudonymKey, subscriber);
  const connection = createConnection({
    userData,
    url: settings.central.url,
    enrolUrl: settings.central.enrolUrl,
    caPem: settings.caPem,
    deviceId: settings.deviceId,
    code: settings.enrolmentCode,
    key: vault.deviceKey,
    timeoutMs: settings.central.timeoutSeconds * 1000,
    clock,
  });
  const staff = createStaffSession({ connection, audit, clock });
  const outbox = createOutbox({
    file: await OutboxFile.open(join(userData, 'outbox', 'outbox.jsonl'), vault.outboxKey),
    deliver: createDeliver({ connection, audit, clock, pseudonym, staffId: () => staff.current?.id }),
    onRefused: refusalRecorder({ audit, pseudonym }),
  });
  audit.onAppend(() => {
    // When this fails the entries lie in the log all the same: the next one, or the next start, sends them along.
    outbox.add({ kind: 'audit', id: 'audit', addedAt: Date.now() }).catch(() => undefined);
  });
  staff.onChange(() => outbox.nudge());
  connection.onTokenRefused(() => void staff.signOut('expired'));
  const policies = await createPolicyKeeper(join(userData, 'policy.json'), connection, clock);
  const screen = createScreenHolder(options.mode);
  const wiper = createWiper({
    ask: (plane, sessionId) =>
      plane === 'staff' ? emit.staff('wipe', { sessionId }) : emit.customer('wipe', { sessionId }),
    force: options.force,
  });

  await audit.append('core-started', {
    facts: { version: options.version, shell: options.shell, vault: vault.backend, tornLine },
  });
  const left = openVisits(audit.from(0, audit.size));

  const deps = {
    settings,
    connection,
    clock,
    audit,
    outbox,
    policies,
    deviceKey: vault.deviceKey,
    customerWindow: options.customerWindow,
    wiper,
    dayList: createDayList(join(userData, 'day-list')),
    pseudonym,
    staff,
    screen,
    tell: {
      staff: (view: EventPayload<'staff', 'view'>) => void emit.staff('view', view),
      customer: (view: EventPayload<'customer', 'view'>) => void emit.customer('view', view),
    },
  };
  const session = new CounterSession(deps);
  const status = watchStatus({
    connection,
    clock,
    outbox,
    vault: vault.backend,
    version: options.version,
    shell: options.shell,
    onHeard: (policyVersion) => {
      outbox.nudge();
      if (policies.known?.version === policyVersion) return;
      // Only for the period picker: a visit asks again and says what is wrong.
      policies.fetch().then(
        () => session.refresh(),
        (error: unknown) => void toAppError(error),
      );
    },
  });
  status.onChange((now) => emit.staff('status', now));
  status.start();

  return {
    audit,
    handlers: {
      staff: staffHandlers({ ...deps, session, status: () => status.current() }),
      customer: customerHandlers({ ...deps, session }),
    },
    screen,
    sealedPage: (request) => sealedPage(connection, session.secrets, request),
    report: (reportId) => {
      const report = session.secrets?.report;
      return report?.reportId === reportId ? report.bytes : undefined;
    },
    endLeftVisits: () => endVisits(left, audit, outbox, () => clock.now()),
    async stop() {
      status.stop();
      await endVisit(session);
      session.stop();
      // What is on its way has a moment to arrive; the rest waits on the disk.
      const delivered = outbox.close();
      await Promise.race([delivered, new Promise((resolve) => setTimeout(resolve, LAST_DELIVERY_MS))]);
      connection.close();
      await delivered;
      await audit.close();
    },
  };
}

async function openAudit(userData: string, device: string): Promise<{ audit: AuditLog; tornLine: boolean }> {
  const path = join(userData, 'audit', 'audit.jsonl');
  try {
    const { log, tornLine } = await openAuditLog({ path, device });
    return { audit: log, tornLine };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // SECURITY: S10 S16 a log that was altered is kept as it is, and nobody is served on top of it.
    throw new StartRefusal(
      `审计日志不完整,已停止服务(${error.error.code}):${path},${error.error.detail}。请勿修改或删除该文件,立即联系信息安全人员。`,
      `The audit log is not intact, so nobody is served (${error.error.code}): ${path}, ${error.error.detail}. Do not touch the file; call information security.`,
    );
  }
}

/** Ends a visit that is open, and waits for its end for a bounded time. */
async function endVisit(session: CounterSession): Promise<void> {
  if (session.phase === 'idle' || session.phase === 'ended') return;
  if (!session.send({ type: 'CANCEL' })) session.send({ type: 'CLOSE', followUp: '' });
  await session.until(
    (phase) => phase === 'idle' || phase === 'ended' || phase === 'closeFailed',
    STOP_LIMIT_MS,
  );
}
