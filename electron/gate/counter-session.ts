/**
 * Runs the visit machine: provides its effects, watches the customer's presence and the consent's expiry, and
 * tells both windows what they may know after every change.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Actor, createActor, fromPromise, waitFor } from 'xstate';
import type { CustomerView, StaffView } from '../../shared/contract/views.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { HeldEnding } from '../../shared/domain/held.ts';
import { dayOf } from '../../shared/domain/period.ts';
import { type Representation, self } from '../../shared/domain/representation.ts';
import type { GrantName, LookupRequest } from '../../shared/domain/scope.ts';
import {
  type EffectName,
  type EffectResults,
  phaseOf,
  type VisitContext,
  type VisitEvent,
  type VisitPhase,
  visitMachine,
} from '../../shared/session/machine.ts';
import { presenceMachine, waitsForCustomer } from '../../shared/session/presence.ts';
import { customerView, type PlaceFacts, staffView } from '../../shared/session/views.ts';
import { attest } from './effects/attest.ts';
import { challenge } from './effects/challenge.ts';
import { closeVisit } from './effects/close-visit.ts';
import { lookUp } from './effects/look-up.ts';
import { makeReport } from './effects/make-report.ts';
import { prepare } from './effects/prepare.ts';
import { prove } from './effects/prove.ts';
import { reopen } from './effects/reopen.ts';
import { saveReport } from './effects/save-report.ts';
import { submitConsent } from './effects/submit-consent.ts';
import { wipeContent } from './effects/wipe-content.ts';
import { watchExpiry } from './expiry.ts';
import type { ScreenHolder } from './screen.ts';
import type { StaffSession } from './staff-session.ts';
import { auditFields, type Visit, type VisitDeps } from './visit.ts';
import { VisitSecrets } from './visit-secrets.ts';
import type { WithdrawalSession } from './withdrawal/withdrawal-session.ts';

type Effect<N extends EffectName> = (deps: VisitDeps, visit: Visit) => Promise<EffectResults[N]>;
const effects: { [N in EffectName]: Effect<N> } = {
  prepare,
  challenge,
  prove,
  attest,
  submitConsent,
  lookUp,
  reopen,
  makeReport,
  saveReport,
  wipeContent,
  closeVisit,
};

/** The longest period asked for before a policy is known, months. */
const USUAL_MONTHS = 6;

export interface CounterSessionOptions extends VisitDeps {
  staff: StaffSession;
  screen: ScreenHolder;
  /** Never runs beside a visit. */
  withdrawal: WithdrawalSession;
  /** Tells a window its view. */
  tell: { staff: (view: StaffView) => void; customer: (view: CustomerView) => void };
}

export class CounterSession {
  readonly #options: CounterSessionOptions;
  readonly #visit: Actor<typeof visitMachine>;
  readonly #presence: Actor<typeof presenceMachine>;
  readonly #told: { staff?: StaffView; customer?: CustomerView } = {};
  #secrets: VisitSecrets | undefined;
  #stopExpiry: (() => void) | undefined;
  #starting = false;

  constructor(options: CounterSessionOptions) {
    this.#options = options;
    this.#visit = createActor(visitMachine.provide({ actors: this.#actors() }));
    const { idleSeconds, lastCallSeconds } = options.settings.presence;
    this.#presence = createActor(presenceMachine, {
      input: { idleMs: idleSeconds * 1000, lastCallMs: lastCallSeconds * 1000 },
    });
    this.#visit.subscribe(() => this.refresh());
    this.#presence.subscribe(({ value }) => {
      if (value === 'gone') this.send({ type: 'ABANDON' });
      this.refresh();
    });
    this.#visit.start();
    this.#presence.start();
    options.staff.onChange(() => this.refresh());
    options.screen.onChange(() => this.refresh());
    options.withdrawal.onChange(() => this.refresh());
    options.held.onChange(() => this.refresh());
    options.held.onEnding((caseId, ending) => this.#heldEnds(caseId, ending));
  }

  get phase(): VisitPhase {
    return phaseOf(this.#visit.getSnapshot().value);
  }

  get context(): VisitContext {
    return this.#visit.getSnapshot().context;
  }

  /** What the core holds of the visit; none when nobody is served. */
  get secrets(): VisitSecrets | undefined {
    return this.#secrets;
  }

  /** Whether a visit runs or is about to. */
  get active(): boolean {
    return this.#starting || this.phase !== 'idle';
  }

  /** Whether a visit under this consent is open, or being closed. */
  holds(consentId: string): boolean {
    const { phase } = this;
    if (phase === 'idle' || phase === 'ended') return false;
    return (this.#secrets?.consent?.record.header.recordId ?? this.context.consentId) === consentId;
  }

  /** Central says that the consent was taken back. SECURITY: S5 S11 keys at this very moment, then all the rest. */
  withdraw(consentId: string): void {
    if (!this.holds(consentId)) return;
    this.#secrets?.destroyKeys();
    this.send({ type: 'WITHDRAWN' });
  }

  /** Purposes were taken back, the rest of the consent stands. */
  withdrawPurposes(consentId: string, purposes: readonly GrantName[]): void {
    if (this.holds(consentId)) this.send({ type: 'PURPOSES_WITHDRAWN', purposes });
  }

  /**
   * Who serves may not work any more, or the core is about to go: the visit ends as it stands, the customer is told.
   * False when there is none to end. SECURITY: S11 S19
   */
  end(): boolean {
    return this.send({ type: 'CANCEL' }) || this.send({ type: 'CLOSE', followUp: '' });
  }

  can(event: VisitEvent): boolean {
    return this.#visit.getSnapshot().can(event);
  }

  /** Sends an event when the machine takes it now. */
  send(event: VisitEvent): boolean {
    if (!this.can(event)) return false;
    this.#visit.send(event);
    return true;
  }

  touch(): void {
    this.#presence.send({ type: 'TOUCH' });
  }

  /**
   * Begins a visit for a customer. False when somebody is being served.
   * @throws Failure 'not-signed-in' when the member of staff was signed out meanwhile; 'audit-failed'
   */
  start(staffId: string, request: LookupRequest, representation: Representation = self): Promise<boolean> {
    return this.#alone(() => this.#begin({ staffId, request, representation }));
  }

  /**
   * Begins one for a customer who comes back for what is kept. False when somebody is being served.
   * @throws Failure 'held-ended', 'held-damaged', 'storage-failed', and as {@link start}
   */
  startHeld(staffId: string, caseId: string): Promise<boolean> {
    const { held } = this.#options;
    return this.#alone(async () => {
      if (!held.lend(caseId)) throw new Failure('held-ended');
      let begun = false;
      try {
        const { scope, representation } = (await held.details(caseId)).consent.record;
        const { recipients: _, expiresAt: __, heldUntil: until = '', ...request } = scope;
        await this.#begin({ staffId, request, representation, kept: { caseId, until } });
        begun = true;
      } finally {
        if (!begun) await held.release(caseId);
      }
    });
  }

  /** One visit is about to begin, and nothing else beside it. False when something runs. SECURITY: S19 */
  async #alone(begin: () => Promise<void>): Promise<boolean> {
    if (this.active || this.#options.withdrawal.active) return false;
    this.#starting = true;
    try {
      await begin();
      return true;
    } finally {
      this.#starting = false;
    }
  }

  async #begin(asked: Omit<Extract<VisitEvent, { type: 'START' }>, 'type' | 'sessionId'>): Promise<void> {
    const sessionId = crypto.randomUUID();
    const { staffId, request, representation = self, kept } = asked;
    const secrets = await VisitSecrets.create(sessionId);
    const context = { ...this.context, sessionId, staffId, request };
    const { audit, settings, staff } = this.#options;
    const fields = auditFields(this.#options, { context, secrets });
    await audit.append('session-started', {
      ...fields,
      facts: {
        purpose: request.purpose,
        categories: request.categories.join(','),
        ...request.period,
        ...(kept ? { case: kept.caseId } : {}),
      },
    });
    try {
      if (representation.kind !== 'self' && !kept) {
        // SECURITY: S12 which papers, never their numbers, nor who showed them.
        const documents = representation.documents.map(({ kind }) => kind).join(',');
        await audit.append('representative-noted', {
          ...fields,
          facts: { representation: representation.kind, documents },
        });
      }
      // SECURITY: S1 S16 nobody is served by who was signed out while this was written.
      if (staff.current?.id !== staffId) throw new Failure('not-signed-in');
    } catch (error) {
      secrets.destroy();
      // Where the log does not take this either, the next start finds the visit open and ends it.
      await audit
        .append('session-ended', { ...fields, facts: { outcome: 'stopped', begun: false } })
        .catch(() => undefined);
      throw error;
    }
    this.#secrets = secrets;
    this.#visit.send({ type: 'START', sessionId, ...asked });
    this.send({ type: 'SET_DISPLAY', language: settings.language, largeType: false });
  }

  /** Looks at everything that follows from a state, then tells the windows. */
  refresh(): void {
    const { phase } = this;
    if (phase === 'idle') this.#forget();
    this.#watchPresence(phase);
    this.#watchConsent();
    this.#watchPolicy();
    this.#tell();
  }

  staffView(): StaffView {
    const { policies, clock, staff } = this.#options;
    const secrets = this.#secrets;
    const view = staffView(this.#snapshot(), {
      ...this.#place(),
      today: dayOf(clock.now()),
      maxPeriodMonths: policies.known?.maxPeriodMonths ?? USUAL_MONTHS,
      representatives: policies.known?.representatives ?? [],
      staff: staff.current,
      signedOut: staff.signedOut,
      identityPassed: secrets?.assertion !== undefined,
      metadataOpen: secrets?.hasLayer('metadata') === true && staff.current !== undefined,
      // SECURITY: S4 nobody signed in, nothing shown.
      released:
        staff.current && secrets ? [...secrets.released.values()].sort((a, b) => a.index - b.index) : [],
      heldCases: this.#options.held.list(),
    });
    return { ...view, ...this.#options.withdrawal.staffView() };
  }

  customerView(): CustomerView {
    const secrets = this.#secrets;
    const view = customerView(this.#snapshot(), {
      ...this.#place(),
      policy: secrets?.policy,
      expiresAt: this.#openUntil(),
      heldUntil: secrets?.consent?.record.scope.heldUntil,
      name: this.#showsName() ? secrets?.assertion?.name : undefined,
      contentOpen: secrets?.hasLayer('content') === true,
      releasedIndexes: secrets ? [...secrets.released.keys()].sort((a, b) => a - b) : [],
    });
    return { ...view, ...this.#options.withdrawal.customerView() };
  }

  /** Ends a visit that is open, and waits for its end for a bounded time. */
  async endWithin(limitMs: number): Promise<void> {
    if (this.phase === 'idle' || this.phase === 'ended') return;
    this.end();
    await this.until((phase) => phase === 'idle' || phase === 'ended' || phase === 'closeFailed', limitMs);
  }

  /** Resolves once the phase is one of those wanted, or after a time limit. */
  until(wanted: (phase: VisitPhase) => boolean, limitMs: number): Promise<void> {
    return waitFor(this.#visit, ({ value }) => wanted(phaseOf(value)), { timeout: limitMs }).then(
      () => undefined,
      // Out of time: the caller goes on and the next start ends the visit.
      () => undefined,
    );
  }

  /** Ends for good: the process is about to go. */
  stop(): void {
    this.#stopExpiry?.();
    this.#presence.stop();
    this.#visit.stop();
    this.#secrets?.destroy();
  }

  #snapshot() {
    return { phase: this.phase, context: this.context };
  }

  /** The name is gone from the screen once the customer is done. */
  #showsName(): boolean {
    return !['serving.finishing', 'serving.finishFailed', 'serving.followUp'].includes(this.phase);
  }

  #place(): PlaceFacts {
    const { settings, screen } = this.#options;
    return {
      hall: settings.hall,
      hallEn: settings.hallEn,
      counter: settings.counter,
      language: settings.language,
      screen: screen.current,
      presence: this.#presence.getSnapshot().value,
    };
  }

  #tell(): void {
    const { tell } = this.#options;
    const staff = this.staffView();
    if (!isDeepStrictEqual(this.#told.staff, staff)) {
      this.#told.staff = staff;
      tell.staff(staff);
    }
    const customer = this.customerView();
    if (!isDeepStrictEqual(this.#told.customer, customer)) {
      this.#told.customer = customer;
      tell.customer(customer);
    }
  }

  #forget(): void {
    this.#secrets?.destroy();
    this.#secrets = undefined;
  }

  /** Silence counts only where the customer is waited for and has the display. */
  #watchPresence(phase: VisitPhase): void {
    const { screen } = this.#options;
    const watch = waitsForCustomer(phase) && screen.current.holder !== 'staff';
    const off = this.#presence.getSnapshot().value === 'off';
    if (watch === off) this.#presence.send({ type: watch ? 'WATCH' : 'UNWATCH' });
  }

  /** A policy that came into force during the visit counts at once for whatever is not signed yet. */
  #watchPolicy(): void {
    const mine = this.#secrets?.policy?.version;
    const newest = this.#options.policies.known?.version;
    if (mine !== undefined && newest !== undefined && newest > mine) this.send({ type: 'POLICY_CHANGED' });
  }

  #watchConsent(): void {
    const expiresAt = this.#openUntil();
    if (expiresAt === undefined) {
      this.#stopExpiry?.();
      this.#stopExpiry = undefined;
    } else {
      this.#stopExpiry ??= watchExpiry(this.#options.clock, Date.parse(expiresAt), () => this.#expire());
    }
  }

  /** Until when the visit's records may be open: a consent's minutes, or the date of what was kept. */
  #openUntil(): string | undefined {
    const { consent, kept } = this.#secrets ?? {};
    const scope = consent?.record.scope;
    return kept ? scope?.heldUntil : scope?.expiresAt;
  }

  /** What is kept for a case goes, and this visit has it open: keys at this very moment. SECURITY: S11 */
  #heldEnds(caseId: string, ending: HeldEnding): void {
    const { kept } = this.context;
    const secrets = this.#secrets;
    if (!secrets || !kept?.again || kept.caseId !== caseId || !this.phase.startsWith('serving.')) return;
    secrets.destroyKeys();
    if (ending === 'expired') this.#expire();
    else if (ending === 'withdrawn') this.send({ type: 'WITHDRAWN' });
    else if (!this.send({ type: 'HELD_LOST' })) this.#clearStaff(secrets);
  }

  #expire(): void {
    const secrets = this.#secrets;
    if (!secrets || this.send({ type: 'EXPIRE' })) return;
    this.#clearStaff(secrets);
  }

  #clearStaff(secrets: VisitSecrets): void {
    // The customer has finished and the clerk still writes: what staff hold goes now. SECURITY: S11
    secrets.destroyKeys();
    void this.#options.wiper
      .wipe('staff', secrets.sessionId)
      .catch(() => {
        // SECURITY: S16 S19 not even force did it: the visit ends, and its end is not over before the window is clear.
        if (this.#secrets === secrets) this.end();
      })
      .finally(() => this.refresh());
  }

  #actors() {
    const run = <N extends EffectName>(name: N) =>
      fromPromise<EffectResults[N], VisitContext>(({ input }) => {
        const secrets = this.#secrets;
        if (!secrets) throw new TypeError(`effect ${name} without a visit`);
        const effect: Effect<N> = effects[name];
        return effect(this.#options, { context: input, secrets });
      });
    return {
      prepare: run('prepare'),
      challenge: run('challenge'),
      prove: run('prove'),
      attest: run('attest'),
      submitConsent: run('submitConsent'),
      lookUp: run('lookUp'),
      reopen: run('reopen'),
      makeReport: run('makeReport'),
      saveReport: run('saveReport'),
      wipeContent: run('wipeContent'),
      closeVisit: run('closeVisit'),
    };
  }
}
