/**
 * The real core on a real profile with a real line: everything but the windows, which are played by the program. What
 * the core has acknowledged is told to whoever keeps the ledger.
 */

import { type Core, startCore } from '../../../electron/core.ts';
import { readSettings } from '../../../electron/settings.ts';
import { openVault } from '../../../electron/vault/vault.ts';
import type { CustomerView, StaffView, Status } from '../../../shared/contract/views.ts';
import { toAppError } from '../../../shared/domain/errors.ts';
import type { VisitPhase } from '../../../shared/session/machine.ts';
import { fileKeyStore } from './key-store.ts';
import type { Place } from './profile.ts';

/** The smallest PNG and a PDF of one page: what the customer's window would print. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const PDF = Buffer.from('%PDF-1.4\n1 0 obj << /Type /Page >> endobj\n%%EOF');

type Plane = 'staff' | 'customer';
export type Answer = { ok: true; value: unknown } | { ok: false; kind: string; detail: string };

/** Phases that wait for nobody: an effect is under way. */
const BUSY =
  /preparing|challenging|checking|submitting|lookingUp|reopening|making|saving|takingReceipt|finishing|closing/;

export class BareCounter {
  readonly core: Core;
  readonly place: Place;
  readonly #changed: Set<() => void>;
  /** Kinds of the refusals that windows were given. */
  readonly refusals = new Map<string, number>();

  private constructor(core: Core, place: Place, changed: Set<() => void>) {
    this.core = core;
    this.place = place;
    this.#changed = changed;
  }

  /**
   * Starts on a profile as main.ts does.
   * @throws StartRefusal and whatever else a start can come to
   */
  static async open(place: Place): Promise<BareCounter> {
    const { userData, keyring } = place;
    const changed = new Set<() => void>();
    const told = (): true => {
      for (const wake of [...changed]) wake();
      return true;
    };
    const settings = readSettings(userData);
    const vault = await openVault(userData, fileKeyStore(keyring));
    const holder: { core?: Core } = {};
    /** A window that forgets at once. */
    const wipe = (plane: Plane, sessionId: string): boolean => {
      setImmediate(() => holder.core?.handlers[plane].wiped({ sessionId }));
      return holder.core !== undefined;
    };
    const core = await startCore({
      userData,
      settings,
      vault,
      version: '0',
      shell: 'fault',
      mode: 'dual',
      customerWindow: { capture: async () => new Uint8Array(PNG), print: async () => new Uint8Array(PDF) },
      force: async () => undefined,
      emit: {
        staff: (name, payload) =>
          name === 'wipe' ? wipe('staff', (payload as { sessionId: string }).sessionId) : told(),
        customer: (name, payload) =>
          name === 'wipe' ? wipe('customer', (payload as { sessionId: string }).sessionId) : told(),
      },
    });
    holder.core = core;
    const counter = new BareCounter(core, place, changed);
    await core.endLeftVisits();
    return counter;
  }

  /** A command of a window; the handlers are the real ones. */
  async ask(plane: Plane, name: string, args: unknown = {}): Promise<Answer> {
    const handlers = this.core.handlers[plane] as Record<string, (args: unknown) => unknown>;
    try {
      return { ok: true, value: await handlers[name]?.(args) };
    } catch (error) {
      const { kind, detail = '' } = toAppError(error);
      this.refusals.set(kind, (this.refusals.get(kind) ?? 0) + 1);
      return { ok: false, kind, detail };
    }
  }

  /** @throws Error when the command is refused */
  async must(plane: Plane, name: string, args: unknown = {}): Promise<unknown> {
    const answer = await this.ask(plane, name, args);
    if (!answer.ok) throw new Error(`${name}: ${answer.kind} ${answer.detail} in ${this.phase}`);
    return answer.value;
  }

  get phase(): VisitPhase {
    return this.customer().phase;
  }
  customer(): CustomerView {
    return this.core.handlers.customer.getView({}) as CustomerView;
  }
  staff(): StaffView {
    return this.core.handlers.staff.getView({}) as StaffView;
  }
  status(): Status {
    return this.core.handlers.staff.getStatus({}) as Status;
  }

  /** Resolves once something is so. @throws Error when it is not in time: a hang is a fault of ours */
  async until(what: string, holds: () => boolean, limitMs = 60_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`${what}: not within ${limitMs} ms, in ${this.phase}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#changed.delete(wake);
          resolve();
        };
        // Not everything that is waited for is told to a window.
        const timer = setTimeout(wake, 50);
        this.#changed.add(wake);
      });
    }
  }

  /** What is under way has come to an end. */
  settle(): Promise<void> {
    return this.until('an effect', () => !BUSY.test(this.phase));
  }

  /** Signs in as soon as central can be asked. @throws Error when it refuses for another reason */
  async signIn(staffId = '1024', pin = '246810'): Promise<void> {
    let refusal = '';
    await this.until('a certificate', () => this.status().central.state === 'connected');
    for (let tries = 0; tries < 100; tries++) {
      if (this.staff().staff) return;
      const answer = await this.ask('staff', 'signIn', { staffId, pin });
      if (answer.ok) return;
      refusal = `${answer.kind} ${answer.detail}`;
      if (!answer.kind.startsWith('central-')) break;
    }
    throw new Error(`sign-in: ${refusal}`);
  }

  close(): Promise<void> {
    return this.core.stop();
  }
}
