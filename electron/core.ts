/** Puts the core together: everything that does not draw. What it stands on is given, so that tests can stand in. */
import { join } from 'node:path';
import type { EventPayload, Handlers } from '../shared/contract/contract.ts';
import type { Plane } from '../shared/contract/names.ts';
import { toAppError } from '../shared/domain/errors.ts';
import { dayOf } from '../shared/domain/period.ts';
import { exportAudit } from './audit/export.ts';
import type { AuditLog } from './audit/log.ts';
import { pseudonymOf } from './audit/pseudonym.ts';
import { auditRefusal, startAudit } from './audit/start.ts';
import { oldestUnsent } from './audit/unsent.ts';
import { createWitness } from './audit/witness.ts';
import { openClock } from './central/clock.ts';
import { createConnection } from './central/connection.ts';
import { createDeliver, refusalRecorder } from './central/deliver.ts';
import { createFeed } from './central/feed.ts';
import { whenHeard } from './central/heard.ts';
import { createOutbox } from './central/outbox.ts';
import { createPolicyKeeper } from './central/policy-keeper.ts';
import { watchStatus } from './central/status.ts';
import { removeLeftovers } from './evidence/write-together.ts';
import { changeApplier } from './gate/apply-change.ts';
import { auditorHandlers } from './gate/auditor/handlers.ts';
import { CounterSession } from './gate/counter-session.ts';
import { createDayList } from './gate/day-list.ts';
import { customerHandlers } from './gate/handlers-customer.ts';
import { staffHandlers } from './gate/handlers-staff.ts';
import { HeldCases } from './gate/held/held-cases.ts';
import { isNoted } from './gate/noted.ts';
import { endVisits, leftRefusal, sendOwed } from './gate/recover.ts';
import { createScreenHolder, type Screen, type ScreenHolder } from './gate/screen.ts';
import { type PageRequest, sealedPages } from './gate/sealed-pages.ts';
import { createStaffSession } from './gate/staff-session.ts';
import { auditFields, type CustomerWindow } from './gate/visit.ts';
import { createWiper } from './gate/wiper.ts';
import { WithdrawalSession } from './gate/withdrawal/withdrawal-session.ts';
import { createDenialRecorder } from './ipc/denials.ts';
import { mendClock, openState, wasHeard } from './open-state.ts';
import { createRepairs } from './repairs.ts';
import type { CounterSettings } from './settings.ts';
import { heldFiles } from './vault/held/files.ts';
import { HeldStore } from './vault/held/store.ts';
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
    staff: <N extends 'view' | 'status' | 'auditProgress' | 'wipe'>(
      name: N,
      payload: EventPayload<'staff', N>,
    ) => boolean;
    customer: <N extends 'view' | 'wipe'>(name: N, payload: EventPayload<'customer', N>) => boolean;
  };
}

export interface Core {
  audit: AuditLog;
  handlers: { staff: Handlers<'staff'>; customer: Handlers<'customer'> };
  /** Writes down what the gateway refuses, where nothing else has. SECURITY: S10 */
  refusals: {
    /** For who asked. */
    denied(plane: Plane, command: string): Promise<void>;
    refused(plane: Plane, command: string, refusal: unknown): Promise<void>;
  };
  screen: ScreenHolder;
  sealedPages: (request: PageRequest) => Promise<Uint8Array<ArrayBuffer>>;
  report: (reportId: string) => Uint8Array<ArrayBuffer> | undefined;
  /** Ends what a crash has left open; called once the windows' storage is clear. @throws StartRefusal */
  endLeftVisits(): Promise<void>;
  /** The machine has slept. */
  woke(): void;
  /** Ends an open visit if it can be ended in time, then closes everything. */
  stop(): Promise<void>;
}

/** Closing a visit takes as long as two windows need to wipe. */
const STOP_LIMIT_MS = 12_000;
const LAST_DELIVERY_MS = 2_000;
/** How long a paper that a customer takes along waits for central's cosignature. */
const PAPER_PATIENCE_MS = 12_000;

export async function startCore(options: CoreOptions): Promise<Core> {
  const { userData, settings, vault, emit } = options;
  const repairs = createRepairs();
  const clock = await openClock(userData, vault.stateKey);
  const {
    audit,
    files: auditFiles,
    before,
    left,
    logged,
    owed,
    lastRole,
  } = await startAudit({
    userData,
    settings,
    vault,
    now: () => clock.now(),
    repairs,
    onRead: (found) => mendClock(clock, found, repairs),
    facts: { version: options.version, shell: options.shell },
  });
  const pseudonym = (subscriber: string) => pseudonymOf(vault.pseudonymKey, subscriber);
  const opened: { close(): Promise<void> }[] = [audit];
  /** What can't be opened ends the start; the rest is left as a start that ends leaves it. */
  const opening = <T>(work: Promise<T>): Promise<T> =>
    work.catch(async (error: unknown) => {
      for (const one of opened) await one.close();
      throw error;
    });
  const { policyState, cursor, outboxFile } = await opening(openState({ userData, vault, before, repairs }));
  opened.push(outboxFile);
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
    expected: wasHeard(before),
    onDamaged: () => repairs.found('certificate', 'waiting'),
    onNotEnrolled: ({ code, detail }) =>
      process.stderr.write(`未登记 / not enrolled: ${code} ${detail ?? ''} (docs/it.md, Errors)\n`),
  });
  const { stateKey } = vault;
  const witness = await opening(
    createWitness({ log: audit, files: auditFiles, connection, clock, stateKey }).catch((error: unknown) => {
      throw auditRefusal(error, join(userData, 'audit'));
    }),
  );
  audit.setWitness(() => witness.exchange());
  await repairs.writeTo(audit);
  const staff = createStaffSession({
    connection,
    audit,
    clock,
    lastRole,
    confirmed: () => witness.confirmed(),
  });
  /** Resolves once central's changes were heard since the line was lost. */
  const heardChanges = async () => {
    if (!feed.caughtUp) await feed.catchUp();
  };
  const outbox = createOutbox({
    file: outboxFile,
    deliver: createDeliver({
      connection,
      audit,
      forwardAudit: () => witness.forward(),
      clock,
      pseudonym,
      deviceKey: vault.deviceKey,
      staff: () => staff.current,
      heardChanges,
    }),
    onRefused: refusalRecorder({ audit, pseudonym }),
    now: () => clock.now(),
  });
  // When this fails the entries lie in the log all the same: the next one, or the next start, sends them along.
  const remind = (since?: number) =>
    void outbox.add({ kind: 'audit', id: 'audit' }, since).catch(() => undefined);
  audit.onAppend(() => remind());
  staff.onChange(() => outbox.nudge());
  const policies = createPolicyKeeper({
    kept: policyState,
    floor: before?.policy ?? 0,
    connection,
    clock,
    audit,
  });
  const screen = createScreenHolder(options.mode);
  const wiper = createWiper({
    ask: (plane, sessionId) =>
      plane === 'staff' ? emit.staff('wipe', { sessionId }) : emit.customer('wipe', { sessionId }),
    force: options.force,
  });

  // SECURITY: S11 before there is a window: what is past its date, or was never whole, is gone by then.
  const held = await opening(
    HeldCases.open(
      {
        store: new HeldStore(heldFiles(join(userData, 'held')), vault.keyStore),
        audit,
        outbox,
        clock,
        deviceId: settings.deviceId,
      },
      logged,
    ),
  );
  const dayList = createDayList({
    folder: join(userData, 'day-list'),
    key: vault.derived('day-list'),
    held: async (day) => (await connection.call('dayCases', { params: { day } })).rows,
    repairs,
  });
  // Read once, so that damage is said before somebody looks for a row.
  void dayList.read(dayOf(clock.now())).catch(() => undefined);
  const withdrawal = new WithdrawalSession({
    connection,
    clock,
    audit,
    pseudonym,
    screen,
    presence: settings.presence,
  });
  const deps = {
    settings,
    connection,
    clock,
    audit,
    outbox,
    policies,
    deviceKey: vault.deviceKey,
    evidence: {
      prove: (seq: number) => audit.prove(seq, PAPER_PATIENCE_MS),
      consistency: (oldSize: number, size: number) => audit.consistency(oldSize, size),
      witness: () => witness.document,
    },
    customerWindow: options.customerWindow,
    wiper,
    dayList,
    held,
    pseudonym,
    staff,
    screen,
    withdrawal,
    heardChanges,
    tell: {
      staff: (view: EventPayload<'staff', 'view'>) => void emit.staff('view', view),
      customer: (view: EventPayload<'customer', 'view'>) => void emit.customer('view', view),
    },
  };
  const session = new CounterSession(deps);
  const pageDenied = createDenialRecorder(audit, 'page-denied');
  const ipcDenied = createDenialRecorder(audit, 'ipc-denied');
  const commandRefused = createDenialRecorder(audit, 'command-refused');
  const auditor = auditorHandlers({
    log: audit,
    device: settings.deviceId,
    staff,
    now: () => clock.now(),
    exportLog: () =>
      exportAudit(
        {
          log: audit,
          files: auditFiles,
          witness,
          connection,
          deviceKey: vault.deviceKey,
          deviceId: settings.deviceId,
          caPem: settings.caPem,
          now: () => clock.now(),
        },
        settings.handoverFolder,
      ),
    progress: (progress) => void emit.staff('auditProgress', progress),
  });
  // SECURITY: S16 nobody is served on top of a log that proves nothing: whoever is here now is let go.
  audit.onCondemned(() => void (session.send({ type: 'STOP' }) || session.end()));
  const feed = createFeed({
    connection,
    cursor,
    apply: changeApplier({ ...deps, session, deviceId: settings.deviceId }),
  });
  connection.onTurn((answered) => {
    if (!answered) feed.doubt();
  });
  remind(await oldestUnsent(audit));
  const status = watchStatus({
    connection,
    clock,
    outbox,
    repairs,
    vault: vault.backend,
    version: options.version,
    shell: options.shell,
    onHeard: whenHeard({ ...deps, repairs, feed, witness, session }),
  });
  status.onChange((now) => emit.staff('status', now));
  status.start();

  return {
    audit,
    handlers: {
      staff: staffHandlers({ ...deps, session, auditor, status: () => status.current() }),
      customer: customerHandlers({ ...deps, session }),
    },
    refusals: {
      denied: (plane, command) => ipcDenied({ plane, command }),
      async refused(plane, command, refusal) {
        if (isNoted(refusal)) return;
        const { secrets, context } = session;
        await commandRefused(
          { plane, command, kind: toAppError(refusal).kind },
          {
            ...(secrets ? auditFields(deps, { context, secrets }) : {}),
            // At the staff window it is whoever is signed in, whose visit it may be.
            ...(plane === 'staff' && staff.current ? { staffId: staff.current.id } : {}),
          },
        );
      },
    },
    screen,
    sealedPages: async (request) => {
      try {
        return await sealedPages(connection, session.secrets, request);
      } catch (error) {
        // SECURITY: S10 central has refused nothing here: this refusal is ours to write down.
        if (toAppError(error).kind === 'forbidden')
          await pageDenied({
            plane: request.plane,
            command: request.runs.map(({ layer }) => layer).join('+'),
          });
        throw error;
      }
    },
    report: (reportId) => {
      const report = session.secrets?.report;
      return report?.reportId === reportId ? report.bytes : undefined;
    },
    async endLeftVisits() {
      // SECURITY: S11 not waited for: a folder that does not answer must not keep the counter from starting.
      void removeLeftovers(settings.handoverFolder);
      const now = () => clock.now();
      const isKept = (caseId: string) => held.current(caseId) !== undefined;
      const rowsSince = async (at: string) => {
        const days = new Set([dayOf(Date.parse(at)), dayOf(now())]);
        const rows = await Promise.all([...days].map((day) => dayList.read(day)));
        return rows.flat().filter(({ closedAt }) => closedAt >= at);
      };
      try {
        await endVisits(left, { audit, outbox, now, isKept, rowsSince });
        await sendOwed(owed, { outbox, device: settings.deviceId, now });
      } catch (error) {
        // Condemned meanwhile: it stands, says so to whoever wants to work, and is told apart from a full disk.
        if (audit.status().intact)
          throw leftRefusal(error, userData) ?? auditRefusal(error, join(userData, 'audit'));
      }
      // Only now: what a crash left open has its evidence before central asks for it.
      feed.start();
    },
    woke() {
      // Timers stood still and lines are dead: what central has to say is heard first.
      feed.doubt();
      feed.nudge();
      status.poll();
      session.refresh();
    },
    async stop() {
      status.stop();
      witness.stop();
      feed.stop();
      await session.endWithin(STOP_LIMIT_MS);
      await withdrawal.end(STOP_LIMIT_MS);
      session.stop();
      withdrawal.stop();
      await held.stop();
      // What is on its way has a moment to arrive; the rest waits on the disk.
      const limit = new Promise((resolve) => setTimeout(resolve, LAST_DELIVERY_MS));
      // SECURITY: S10 who is still signed in leaves with the counter, and the log says so; central's copy too.
      if (staff.current) {
        const signedOut = staff.signOut('stopped').then(() => outbox.deliver({ kind: 'audit', id: 'audit' }));
        await Promise.race([signedOut.catch(() => undefined), limit]);
      }
      const delivered = outbox.close();
      await Promise.race([delivered, limit]);
      connection.close();
      await delivered;
      // A change or a policy that was on its way is taken at the next start: nothing is written behind the end.
      await Promise.all([cursor.close(), policyState.close()]);
      await audit.close();
      await clock.close();
    },
  };
}
