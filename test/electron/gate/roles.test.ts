import { describe, expect, it } from 'vitest';
import { type StaffHandlerOptions, staffHandlers } from '../../../electron/gate/handlers-staff.ts';
import { mayServe } from '../../../electron/gate/roles.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { Staff } from '../../../shared/domain/staff.ts';

const member = (role: Staff['role']): Staff => ({ id: '2001', name: '赵敏', role, hall: '厅' });

function setUp(role: Staff['role'], options: { active?: boolean } = {}) {
  const { active = false } = options;
  const entries: [string, unknown][] = [];
  const done: string[] = [];
  let current: Staff | undefined = member(role);
  const given = {
    session: {
      active,
      phase: active ? 'serving.reading' : 'idle',
      context: { staffId: '2001' },
      start: async () => done.push('start') > 0,
      send: ({ type }: { type: string }) => done.push(type) > 0,
    },
    withdrawal: { active: false, start: async () => done.push('withdrawal') > 0, send: () => true },
    staff: {
      get current() {
        return current;
      },
      require: () => {
        if (!current) throw new Failure('not-signed-in');
        return current;
      },
      signIn: async () => void done.push('sign in'),
      signOut: async () => {
        done.push('sign out');
        current = undefined;
      },
    },
    screen: { current: { mode: 'handover', holder: 'staff' }, give: () => done.push('give') > 0 },
    audit: {
      append: async (action: string, { facts }: { facts?: unknown }) => void entries.push([action, facts]),
    },
    dayList: { read: () => done.push('day list') && [] },
    settings: { language: 'zh-CN' },
    auditor: {},
  } as unknown as StaffHandlerOptions;
  return { handlers: staffHandlers(given), entries, done };
}

const kindOf = async (work: () => unknown) => {
  try {
    await work();
    return 'answered';
  } catch (error) {
    return toAppError(error).kind;
  }
};

const request = {
  subscriber: '13900000001',
  categories: ['sms' as const],
  period: { from: '2026-10-22', to: '2026-11-21' },
  purpose: 'own-copy' as const,
  representation: { kind: 'self' as const },
};

describe('roles, decided by the core', () => {
  it('clerks and managers serve, auditors do not', () => {
    expect(['clerk', 'manager', 'auditor'].map((role) => mayServe(member(role as Staff['role'])))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('an auditor cannot start a visit, and that they tried is in the log', async () => {
    const { handlers, entries, done } = setUp('auditor');
    expect(await kindOf(() => handlers.startSession(request))).toBe('forbidden');
    expect(entries).toEqual([['session-refused', { kind: 'forbidden' }]]);
    expect(done).toEqual([]);
  });

  it('nor see the day list, open metadata, retry, withdraw or hand the screen over', async () => {
    const { handlers, done } = setUp('auditor', { active: true });
    for (const work of [
      () => handlers.dayList({ day: '2026-11-21' }),
      () => handlers.openMetadata({}),
      () => handlers.retry({}),
      () => handlers.startWithdrawal({}),
      () => handlers.handOver({}),
    ])
      expect(await kindOf(work)).toBe('forbidden');
    expect(done).toEqual([]);
  });

  it('does not come in on top of a visit that somebody else has left open', async () => {
    const { handlers, done } = setUp('auditor', { active: true });
    expect(await kindOf(() => handlers.signIn({ staffId: '2001', pin: '864209' }))).toBe('forbidden');
    expect(done).toEqual(['sign in', 'sign out']);
    const clerk = setUp('clerk', { active: true });
    expect(await kindOf(() => clerk.handlers.signIn({ staffId: '2001', pin: '864209' }))).toBe('answered');
  });

  it('clerks and managers do all of it', async () => {
    for (const role of ['clerk', 'manager'] as const) {
      const { handlers, done } = setUp(role);
      await handlers.startSession(request);
      await handlers.dayList({ day: '2026-11-21' });
      expect(done).toEqual(['start', 'day list']);
    }
  });
});
