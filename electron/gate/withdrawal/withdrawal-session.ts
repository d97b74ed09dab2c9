/**
 * Runs the withdrawal machine beside the visit's, never both at once: provides its effects, watches the
 * customer's presence, and looks whether counters have erased what was taken back.
 */
import { type Actor, createActor, fromPromise, waitFor } from 'xstate';
import type { CustomerView, StaffView } from '../../../shared/contract/views.ts';
import type { WithdrawalAction } from '../../../shared/contract/withdrawal.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import { maskNumber } from '../../../shared/domain/mask.ts';
import type { Language } from '../../../shared/domain/policy.ts';
import { phaseOf } from '../../../shared/session/machine.ts';
import { presenceMachine } from '../../../shared/session/presence.ts';
import {
  type WithdrawalContext,
  type WithdrawalEffect,
  type WithdrawalEvent,
  type WithdrawalPhase,
  type WithdrawalResults,
  withdrawalMachine,
  withdrawalPhases,
  withdrawalWaits,
} from '../../../shared/session/withdrawal.ts';
import { customerWithdrawal, staffWithdrawal } from '../../../shared/session/withdrawal-views.ts';
import type { ScreenHolder } from '../screen.ts';
import { type WithdrawalDeps, withdrawalEffects } from './effects.ts';
import { WithdrawalSecrets } from './secrets.ts';

export interface WithdrawalSessionOptions extends WithdrawalDeps {
  screen: ScreenHolder;
  presence: { idleSeconds: number; lastCallSeconds: number };
}

/** How often central is asked whether a counter has reported, while somebody waits to see it. */
const LOOK_MS = 1_500;

export class WithdrawalSession {
  readonly #options: WithdrawalSessionOptions;
  readonly #machine: Actor<typeof withdrawalMachine>;
  readonly #presence: Actor<typeof presenceMachine>;
  readonly #listeners: (() => void)[] = [];
  #secrets: WithdrawalSecrets | undefined;
  #looking: NodeJS.Timeout | undefined;
  #starting = false;

  constructor(options: WithdrawalSessionOptions) {
    this.#options = options;
    this.#machine = createActor(withdrawalMachine.provide({ actors: this.#actors() }));
    const { idleSeconds, lastCallSeconds } = options.presence;
    this.#presence = createActor(presenceMachine, {
      input: { idleMs: idleSeconds * 1000, lastCallMs: lastCallSeconds * 1000 },
    });
    this.#machine.subscribe(() => this.#refresh());
    this.#presence.subscribe(({ value }) => {
      if (value === 'gone') this.send({ type: 'ABANDON' });
      this.#tell();
    });
    this.#machine.start();
    this.#presence.start();
    options.screen.onChange(() => this.#refresh());
  }

  get phase(): WithdrawalPhase {
    const phase: string = phaseOf(this.#machine.getSnapshot().value);
    return withdrawalPhases.find((one) => one === phase) ?? 'idle';
  }

  get context(): WithdrawalContext {
    return this.#machine.getSnapshot().context;
  }

  /** Whether one runs, or is about to: no visit begins beside it. */
  get active(): boolean {
    return this.#starting || this.phase !== 'idle';
  }

  send(event: WithdrawalEvent): boolean {
    if (!this.#machine.getSnapshot().can(event)) return false;
    this.#machine.send(event);
    return true;
  }

  /** Begins one. False when one runs already. */
  async start(staffId: string, language: Language): Promise<boolean> {
    if (this.active) return false;
    this.#starting = true;
    try {
      const sessionId = crypto.randomUUID();
      await this.#options.audit.append('withdrawal-started', { sessionId, staffId });
      this.#secrets = new WithdrawalSecrets(sessionId);
      return this.send({ type: 'START', sessionId, staffId, language });
    } finally {
      this.#starting = false;
    }
  }

  /** A step of the customer's. @throws Failure 'wrong-state' when it is not one of this moment */
  act(action: WithdrawalAction): void {
    const event = eventOf(action);
    const secrets = this.#secrets;
    if (!secrets || !this.#machine.getSnapshot().can(event)) {
      throw new Failure('wrong-state', { detail: event.type });
    }
    if (action.type === 'code') secrets.code = action.code;
    if (action.type === 'number') secrets.subscriber = action.subscriber;
    if (action.type === 'prove') secrets.putProofs(action.proofs);
    this.#machine.send(event);
    this.touch();
  }

  touch(): void {
    this.#presence.send({ type: 'TOUCH' });
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** What it adds to the staff window's view; nothing when none runs. */
  staffView(): Pick<StaffView, 'withdrawal' | 'presence'> | undefined {
    if (this.phase === 'idle') return undefined;
    return { withdrawal: staffWithdrawal(this.phase, this.context), presence: this.#here() };
  }

  customerView(): Pick<CustomerView, 'withdrawal' | 'presence' | 'display'> | undefined {
    if (this.phase === 'idle') return undefined;
    const { context } = this;
    return {
      withdrawal: customerWithdrawal(this.phase, context),
      presence: this.#here(),
      display: context.display,
    };
  }

  /** Ends one that is open, and waits for its entry for a bounded time. */
  async end(limitMs: number): Promise<void> {
    if (!this.send({ type: 'CANCEL' })) return;
    // Out of time: its secrets go with the process either way.
    await waitFor(this.#machine, ({ value }) => value === 'ended', { timeout: limitMs }).catch(
      () => undefined,
    );
  }

  /** Ends for good: the process is about to go. */
  stop(): void {
    clearTimeout(this.#looking);
    this.#presence.stop();
    this.#machine.stop();
    this.#secrets?.destroy();
  }

  #here(): StaffView['presence'] {
    return this.#presence.getSnapshot().value;
  }

  #refresh(): void {
    const { phase } = this;
    if (phase === 'idle') {
      this.#secrets?.destroy();
      this.#secrets = undefined;
    }
    const watch = withdrawalWaits(phase) && this.#options.screen.current.holder !== 'staff';
    if (watch === (this.#here() === 'off')) this.#presence.send({ type: watch ? 'WATCH' : 'UNWATCH' });
    this.#look();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** While the result is on the screen and a counter has not reported, central is asked again. */
  #look(): void {
    const pending = this.context.result?.counters.some(({ state }) => state === 'pending') === true;
    if (this.phase !== 'active.done' || !pending) {
      clearTimeout(this.#looking);
      this.#looking = undefined;
      return;
    }
    this.#looking ??= setTimeout(() => void this.#ask(), LOOK_MS);
  }

  async #ask(): Promise<void> {
    const { result } = this.context;
    try {
      if (result) {
        const params = { withdrawalId: result.withdrawalId };
        const { counters } = await this.#options.connection.call('withdrawalState', { params });
        this.send({ type: 'ERASED', counters });
      }
    } catch (error) {
      // The line is away for a moment: what is on the screen stays true, 'pending' until something else is known.
      void toAppError(error);
    } finally {
      this.#looking = undefined;
      this.#look();
    }
  }

  #actors() {
    const run = <N extends WithdrawalEffect>(name: N) =>
      fromPromise<WithdrawalResults[N], WithdrawalContext>(({ input }) => {
        const secrets = this.#secrets;
        if (!secrets) throw new TypeError(`effect ${name} without a withdrawal`);
        const effect = withdrawalEffects[name];
        return effect(this.#options, input, secrets);
      });
    return {
      find: run('find'),
      challenge: run('challenge'),
      prove: run('prove'),
      withdraw: run('withdraw'),
      close: run('close'),
    };
  }
}

function eventOf(action: WithdrawalAction): WithdrawalEvent {
  switch (action.type) {
    case 'by-code':
      return { type: 'BY_CODE' };
    case 'by-identity':
      return { type: 'BY_IDENTITY' };
    case 'code':
      return { type: 'CODE' };
    case 'number':
      return { type: 'NUMBER', maskedNumber: maskNumber(action.subscriber) };
    case 'resend-code':
      return { type: 'RESEND_CODE' };
    case 'prove':
      return { type: 'PROVE' };
    case 'choose':
      return { type: 'CHOOSE', consentId: action.consentId, part: action.part };
    case 'confirm':
      return { type: 'CONFIRM' };
    case 'back':
      return { type: 'BACK' };
    case 'finish':
      return { type: 'FINISH' };
    case 'stop':
      return { type: 'STOP' };
    case 'retry':
      return { type: 'RETRY' };
    case 'display':
      return { type: 'SET_DISPLAY', language: action.language, largeType: action.largeType };
  }
}
