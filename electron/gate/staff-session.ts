/** Who is signed in at this counter. The token is in memory only and goes with the core. */
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import type { Credentials, Staff } from '../../shared/domain/staff.ts';
import type { ApiResponse } from '../../shared/protocol/api.ts';
import type { AuditLog } from '../audit/log.ts';
import type { TrustedClock } from '../central/clock.ts';
import type { Connection } from '../central/connection.ts';
import { noted } from './noted.ts';
import { type PinVerifier, pinVerifier } from './pin-verifier.ts';

/** SECURITY: S17 wrong PINs on the customer's side before staff are signed out. */
export const PIN_TRIES = 5;
/** setTimeout counts in 32 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export type PinOutcome = { ok: true } | { ok: false; triesLeft: number };

/** Why somebody was signed out who did not ask for it. */
export type SignedOut = 'expired' | 'pin-tries' | 'revoked';

export interface StaffSession {
  /** Who is signed in, or nobody. */
  readonly current: Staff | undefined;
  /** Why nobody is, where they did not ask for it. */
  readonly signedOut: SignedOut | undefined;
  /** @throws Failure 'sign-in-refused', 'too-many-tries', 'central-*' */
  signIn(credentials: Credentials): Promise<void>;
  /** Resolves once the log has it and central knows, or could not be told. `stopped`: the counter ends. */
  signOut(reason: 'asked' | 'stopped' | SignedOut): Promise<void>;
  /** @throws Failure 'not-signed-in' */
  require(): Staff;
  /** Whether this is the PIN of who is signed in; tries are counted. */
  checkPin(pin: string): Promise<PinOutcome>;
  onChange(listener: () => void): void;
}

interface Signed {
  staff: Staff;
  verify: PinVerifier;
  triesLeft: number;
  timer: NodeJS.Timeout;
}

export function createStaffSession(options: {
  connection: Pick<Connection, 'call' | 'setToken' | 'onTokenRefused'>;
  audit: Pick<AuditLog, 'append'>;
  clock: TrustedClock;
  /** Role that somebody had when they last signed in here. */
  lastRole?: (staffId: string) => Staff['role'] | undefined;
  /** Resolves once this profile is known to be the newest that there is of this counter. @throws Failure */
  confirmed?: () => Promise<void>;
}): StaffSession {
  const { connection, audit, clock, lastRole, confirmed } = options;
  const listeners: (() => void)[] = [];
  let signed: Signed | undefined;
  /** Somebody is about to be. */
  let signing = false;
  let signedOut: SignedOut | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };

  /** The token is over, and with it, at this moment, the sign-in. */
  const expire = () =>
    // SECURITY: S16 a log that takes no entry must not keep anybody signed in, nor is it reason enough to end the
    // counter in the middle of a visit: what is asked for next it refuses, signing in among it.
    void session.signOut('expired').catch(() => undefined);
  connection.onTokenRefused(expire);

  const admit = async (credentials: Credentials) => {
    const { staffId } = credentials;
    const ask = async () => {
      // SECURITY: S10 S16 nobody works on a profile that was put back to an older state.
      await confirmed?.();
      return connection.call('signIn', { body: credentials });
    };
    const answer = await ask().catch(async (error: unknown) => {
      await audit.append('staff-sign-in-refused', { staffId, facts: { kind: toAppError(error).kind } });
      throw noted(error);
    });
    try {
      await begin(answer, credentials);
    } catch (error) {
      // SECURITY: S17 a token that nobody holds does not stay good until its time is over. The line may be slow.
      void connection.call('signOut', { body: {}, token: answer.token }).catch(() => undefined);
      throw error;
    }
  };

  /** The entries first, then what they say. */
  const begin = async (answer: ApiResponse<'signIn'>, { staffId, pin }: Credentials) => {
    if (answer.staff.id !== staffId) throw new Failure('central-garbage', { detail: 'staff' });
    const verify = await pinVerifier(pin);
    const { role } = answer.staff;
    const before = lastRole?.(staffId);
    if (before !== undefined && before !== role) {
      await audit.append('role-changed', { staffId, facts: { from: before, to: role } });
    }
    await audit.append('staff-signed-in', { staffId, facts: { role: answer.staff.role } });
    const left = Math.max(0, Date.parse(answer.expiresAt) - clock.now());
    const timer = setTimeout(
      () => {
        if (signed?.timer === timer) expire();
      },
      Math.min(left, LONGEST_TIMER_MS),
    );
    connection.setToken(answer.token);
    signedOut = undefined;
    signed = { staff: answer.staff, verify, triesLeft: PIN_TRIES, timer };
    tell();
  };

  const session: StaffSession = {
    get current() {
      return signed?.staff;
    },
    get signedOut() {
      return signedOut;
    },
    async signIn(credentials) {
      if (signed || signing) throw new Failure('wrong-state', { detail: 'somebody is signed in' });
      signing = true;
      try {
        await admit(credentials);
      } finally {
        signing = false;
      }
    },
    async signOut(reason) {
      if (!signed) return;
      const { staff, timer } = signed;
      clearTimeout(timer);
      signed = undefined;
      signedOut = reason === 'asked' || reason === 'stopped' ? undefined : reason;
      // Central forgets the token by itself when this does not arrive; here it is gone either way.
      const forgotten = reason === 'expired' || reason === 'revoked';
      const told = forgotten
        ? Promise.resolve()
        : connection.call('signOut', { body: {} }).catch(() => undefined);
      connection.setToken(undefined);
      tell();
      // The log waits for nobody: a counter that ends may not hear central's answer.
      await audit.append('staff-signed-out', { staffId: staff.id, facts: { reason } });
      await told;
    },
    require() {
      if (!signed) throw new Failure('not-signed-in');
      return signed.staff;
    },
    async checkPin(pin) {
      const holder = signed;
      if (!holder) throw new Failure('not-signed-in');
      if (holder.triesLeft === 0) return { ok: false, triesLeft: 0 };
      // Counted before the answer is known: parallel tries do not slip by.
      holder.triesLeft -= 1;
      const { triesLeft } = holder;
      if (!(await holder.verify(pin))) return { ok: false, triesLeft };
      holder.triesLeft = PIN_TRIES;
      return { ok: true };
    },
    onChange: (listener) => void listeners.push(listener),
  };
  return session;
}
