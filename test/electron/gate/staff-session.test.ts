import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditLog } from '../../../electron/audit/log.ts';
import type { CounterSession } from '../../../electron/gate/counter-session.ts';
import { returnScreen } from '../../../electron/gate/return-screen.ts';
import { createScreenHolder } from '../../../electron/gate/screen.ts';
import { createStaffSession, PIN_TRIES } from '../../../electron/gate/staff-session.ts';
import type { WithdrawalSession } from '../../../electron/gate/withdrawal/withdrawal-session.ts';
import { Failure } from '../../../shared/domain/errors.ts';

const staff = { id: '1024', name: '王芳', role: 'clerk', hall: '厅' } as const;
const NOW = 1_000_000;

/** @param silent calls that central never answers. */
function setUp(fails?: Failure, silent: readonly string[] = []) {
  const entries: string[] = [];
  const tokens: (string | undefined)[] = [];
  const called: string[] = [];
  const log = { full: false };
  const audit = {
    append: async (action: string) => {
      if (log.full) throw new Failure('audit-failed', { detail: 'ENOSPC' });
      entries.push(action);
    },
  } as unknown as Pick<AuditLog, 'append'>;
  let tokenRefused = (): void => undefined;
  const connection = {
    call: async (name: string, { token }: { token?: string } = {}) => {
      called.push(token === undefined ? name : `${name} of ${token}`);
      if (fails && name === 'signIn') throw fails;
      if (silent.includes(name)) return new Promise(() => undefined);
      return { token: 't', staff, expiresAt: new Date(NOW + 60_000).toISOString() };
    },
    setToken: (token: string | undefined) => void tokens.push(token),
    onTokenRefused: (listener: () => void) => {
      tokenRefused = listener;
    },
  };
  const session = createStaffSession({
    connection: connection as unknown as Parameters<typeof createStaffSession>[0]['connection'],
    audit,
    clock: { now: () => NOW, hasPassed: (at) => at <= NOW, observe: () => undefined, skewSeconds: () => 0 },
  });
  return { session, entries, tokens, called, audit, log, refuseToken: () => tokenRefused() };
}

describe('staff session', () => {
  it('knows who is signed in until they sign out', async () => {
    const { session, entries, tokens, called } = setUp();
    expect(() => session.require()).toThrow('not-signed-in');
    await session.signIn({ staffId: '1024', pin: '246810' });
    expect(session.require()).toEqual(staff);
    await expect(session.signIn({ staffId: '1025', pin: '135791' })).rejects.toThrow('wrong-state');
    await session.signOut('asked');
    expect(session.current).toBeUndefined();
    expect(tokens).toEqual(['t', undefined]);
    expect(called).toEqual(['signIn', 'signOut']);
    expect(entries).toEqual(['staff-signed-in', 'staff-signed-out']);
  });
  it('is over in the log when the counter ends, whether or not central answers', async () => {
    const { session, entries } = setUp(undefined, ['signOut']);
    await session.signIn({ staffId: '1024', pin: '246810' });
    let isTold = false;
    void session.signOut('stopped').then(() => {
      isTold = true;
    });
    expect(session.current).toBeUndefined();
    expect(session.signedOut).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    expect(entries).toEqual(['staff-signed-in', 'staff-signed-out']);
    expect(isTold).toBe(false);
    await session.signOut('stopped');
    expect(entries).toHaveLength(2);
  });
  it('is one person’s: of two who sign in at once the second is refused, and no time of the first ends a later one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { session, entries, tokens, called } = setUp();
    const both = await Promise.allSettled([
      session.signIn({ staffId: '1024', pin: '246810' }),
      session.signIn({ staffId: '1024', pin: '246810' }),
    ]);
    expect(both.map((one) => (one.status === 'rejected' ? one.reason.error.kind : 'signed in'))).toEqual([
      'signed in',
      'wrong-state',
    ]);
    await session.signOut('asked');
    vi.advanceTimersByTime(30_000);
    await session.signIn({ staffId: '1024', pin: '246810' });
    vi.advanceTimersByTime(59_999);
    expect(session.current).toEqual(staff);
    vi.advanceTimersByTime(1);
    expect(session.current).toBeUndefined();
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    const once = ['staff-signed-in', 'staff-signed-out'];
    expect(entries).toEqual([...once, ...once]);
    expect(tokens).toEqual(['t', undefined, 't', undefined]);
    expect(called).toEqual(['signIn', 'signOut', 'signIn']);
  });
  it('can be begun again after one that was refused', async () => {
    const { session, log, called, tokens } = setUp();
    log.full = true;
    await expect(session.signIn({ staffId: '1024', pin: '246810' })).rejects.toThrow('audit-failed');
    // What central gave meanwhile is given back, and nobody else's calls went with it.
    expect(called).toEqual(['signIn', 'signOut of t']);
    expect(tokens).toEqual([]);
    log.full = false;
    await session.signIn({ staffId: '1024', pin: '246810' });
    expect(session.current).toEqual(staff);
    await session.signOut('asked');
  });
  it('logs a refusal and stays signed out', async () => {
    const { session, entries } = setUp(new Failure('sign-in-refused', { triesLeft: 2 }));
    await expect(session.signIn({ staffId: '1024', pin: '000000' })).rejects.toMatchObject({
      error: { kind: 'sign-in-refused', triesLeft: 2 },
    });
    expect(session.current).toBeUndefined();
    expect(entries).toEqual(['staff-sign-in-refused']);
  });
});

describe('a token that is over', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());
  const ways = [
    ['by its time', () => vi.advanceTimersByTime(60_000)],
    ['by central’s word', (parts: ReturnType<typeof setUp>) => parts.refuseToken()],
  ] as const;

  it.each(ways)('%s ends the sign-in', async (_, ends) => {
    const parts = setUp();
    await parts.session.signIn({ staffId: '1024', pin: '246810' });
    ends(parts);
    expect([parts.session.current, parts.session.signedOut]).toEqual([undefined, 'expired']);
    expect(parts.tokens).toEqual(['t', undefined]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(parts.entries).toEqual(['staff-signed-in', 'staff-signed-out']);
    // Central has forgotten it already.
    expect(parts.called).toEqual(['signIn']);
  });
  it.each(ways)('%s ends it also when the log takes no entry, and not the counter', async (_, ends) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const parts = setUp();
    await parts.session.signIn({ staffId: '1024', pin: '246810' });
    parts.log.full = true;
    ends(parts);
    expect(parts.session.current).toBeUndefined();
    expect(parts.tokens).toEqual(['t', undefined]);
    // A rejection that nobody handles is told behind the turn in which it came.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    // Nobody has a place at the counter that the log does not know of.
    await expect(parts.session.signIn({ staffId: '1024', pin: '246810' })).rejects.toThrow('audit-failed');
    expect([parts.session.current, parts.tokens.at(-1)]).toEqual([undefined, undefined]);
  });
});

describe('the way back of the screen', () => {
  /** @param finished the customer is done: what stops a visit is not taken any more. */
  async function handed(finished = false) {
    const parts = setUp();
    await parts.session.signIn({ staffId: '1024', pin: '246810' });
    const screen = createScreenHolder('handover');
    screen.give('customer');
    const sent: string[] = [];
    const visit = {
      context: { sessionId: '' },
      send: ({ type }: { type: string }) => !finished && sent.push(type) > 0,
      end: () => sent.push('end') > 0,
    } as unknown as CounterSession;
    const withdrawal = {
      send: ({ type }: { type: string }) => void sent.push(`withdrawal ${type}`),
    } as unknown as WithdrawalSession;
    const give = (pin: string) =>
      returnScreen({ session: visit, withdrawal, screen, staff: parts.session, audit: parts.audit }, pin);
    return { ...parts, screen, sent, give };
  }
  it('is open to the PIN of who is signed in', async () => {
    const { give, screen, entries, session } = await handed();
    await give('246810');
    expect(screen.current.holder).toBe('staff');
    expect(entries.at(-1)).toBe('screen-returned');
    await expect(give('246810')).rejects.toThrow('wrong-state');
    await session.signOut('asked');
  });
  it('counts wrong PINs, also those typed at once, and then ends visit and sign-in', async () => {
    const { give, screen, sent, session, entries } = await handed();
    const first = await Promise.allSettled(Array.from({ length: PIN_TRIES - 1 }, () => give('000000')));
    expect(first.map((one) => one.status === 'rejected' && one.reason.error.triesLeft)).toEqual([4, 3, 2, 1]);
    expect(screen.current.holder).toBe('customer');
    await expect(give('000000')).rejects.toMatchObject({ error: { kind: 'too-many-tries', triesLeft: 0 } });
    expect(sent).toEqual(['STOP', 'withdrawal STOP']);
    expect(session.current).toBeUndefined();
    expect(screen.current.holder).toBe('staff');
    expect(entries.filter((action) => action === 'screen-return-refused')).toHaveLength(PIN_TRIES);
  });
  it('ends a visit too whose customer is done and whose clerk still writes', async () => {
    const { give, sent } = await handed(true);
    await Promise.allSettled(Array.from({ length: PIN_TRIES }, () => give('000000')));
    expect(sent).toEqual(['end', 'withdrawal STOP']);
  });
  it('begins to count anew after a right one', async () => {
    const { give, screen, session } = await handed();
    await expect(give('000000')).rejects.toThrow('pin-refused');
    await give('246810');
    screen.give('customer');
    await expect(give('000000')).rejects.toMatchObject({ error: { triesLeft: PIN_TRIES - 1 } });
    await session.signOut('asked');
  });
});
