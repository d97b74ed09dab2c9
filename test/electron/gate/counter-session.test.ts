/** What runs the visit: ends that come at moments in which the machine alone would let them pass. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CounterSession, type CounterSessionOptions } from '../../../electron/gate/counter-session.ts';
import { createScreenHolder } from '../../../electron/gate/screen.ts';
import type { AuditAction } from '../../../shared/domain/audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { HeldEnding } from '../../../shared/domain/held.ts';
import type { Representation } from '../../../shared/domain/representation.ts';
import type { Staff } from '../../../shared/domain/staff.ts';
import type { EffectName, EffectResults, VisitPhase } from '../../../shared/session/machine.ts';

// What effects do is tested with them; here they answer.
const { results } = vi.hoisted(() => {
  const pages = { normal: 1, large: 1 };
  const results: { [N in EffectName]?: EffectResults[N] } = {
    prepare: {
      policyVersion: 1,
      questionTries: 2,
      pageCounts: { 'zh-CN': pages, en: pages },
      offered: ['lookup'],
      witnessWanted: false,
      identityStands: false,
    },
    challenge: { proofs: ['service-password'], triesLeft: 3 },
    prove: { passed: true },
    wipeContent: { kept: undefined },
  };
  return { results };
});
vi.mock('../../../electron/gate/effects/prepare.ts', () => ({ prepare: async () => results.prepare }));
vi.mock('../../../electron/gate/effects/challenge.ts', () => ({ challenge: async () => results.challenge }));
vi.mock('../../../electron/gate/effects/prove.ts', () => ({ prove: async () => results.prove }));
vi.mock('../../../electron/gate/effects/reopen.ts', () => ({ reopen: async () => ({ consentId: 'c' }) }));
vi.mock('../../../electron/gate/effects/wipe-content.ts', () => ({
  wipeContent: async () => results.wipeContent,
}));
vi.mock('../../../electron/gate/effects/close-visit.ts', () => ({ closeVisit: async () => undefined }));

const CLERK: Staff = { id: '1024', name: '王芳', role: 'clerk', hall: '厅' };
const CASE = 'case';
const request = {
  subscriber: '13900010001',
  categories: ['sms' as const],
  period: { from: '2026-10-01', to: '2026-10-31' },
  purpose: 'own-copy' as const,
};

let member: Staff | undefined;
let entries: string[];
/** What happens while the log writes an entry, or a file is read. */
let meanwhile: (what: AuditAction | 'details') => Promise<void>;
let endHeld: (caseId: string, ending: HeldEnding) => void;
let wipe: () => Promise<'answered' | 'forced'>;
let session: CounterSession;

beforeEach(() => {
  member = CLERK;
  entries = [];
  meanwhile = async () => undefined;
  wipe = async () => 'answered';
  const silent = { active: false, onChange: () => undefined, list: () => [] };
  const options = {
    settings: { presence: { idleSeconds: 60, lastCallSeconds: 20 }, language: 'zh-CN' },
    staff: {
      ...silent,
      get current() {
        return member;
      },
    },
    screen: createScreenHolder('dual'),
    withdrawal: { ...silent, staffView: () => ({}), customerView: () => ({}) },
    held: {
      ...silent,
      onEnding: (listener: typeof endHeld) => {
        endHeld = listener;
      },
      lend: () => true,
      release: async () => void entries.push('released'),
      details: async () => {
        await meanwhile('details');
        const scope = { ...request, recipients: [], expiresAt: '', heldUntil: '2099-01-01T00:00:00.000Z' };
        return { consent: { record: { scope, representation: { kind: 'self' } } } };
      },
    },
    audit: {
      append: async (action: AuditAction) => {
        await meanwhile(action);
        entries.push(action);
      },
    },
    clock: { now: () => Date.parse('2026-11-22T02:00:00Z') },
    policies: { known: undefined },
    pseudonym: () => 'p',
    wiper: { wipe: () => wipe() },
    tell: { staff: () => undefined, customer: () => undefined },
  };
  // Parts of the core that a visit without its effects does not touch are left out.
  session = new CounterSession(options as unknown as CounterSessionOptions);
  return () => session.stop();
});

const reaches = (phase: VisitPhase) => vi.waitUntil(() => session.phase === phase);

/** A customer who came back for what is kept has read it and is done. */
async function toFollowUp(): Promise<void> {
  await session.startHeld(CLERK.id, CASE);
  await reaches('serving.request');
  session.send({ type: 'ACCEPT' });
  await reaches('serving.identity.entering');
  session.send({ type: 'PROVE' });
  await reaches('serving.reading');
  session.send({ type: 'FINISH' });
  await reaches('serving.followUp');
}

const signedOutDuring = (step: AuditAction | 'details') => {
  meanwhile = async (what) => {
    if (what === step) member = undefined;
  };
};
const agent: Representation = {
  kind: 'agent',
  name: '李四',
  documents: [{ kind: 'power-of-attorney', reference: '委托书 3' }],
};

describe('a visit', () => {
  it('begins with its entries', async () => {
    expect(await session.start(CLERK.id, request, agent)).toBe(true);
    expect(entries).toEqual(['session-started', 'representative-noted']);
    await reaches('serving.request');
  });
  it('does not begin for who was signed out meanwhile, and the log says that it ended', async () => {
    signedOutDuring('session-started');
    await expect(session.start(CLERK.id, request)).rejects.toThrow('not-signed-in');
    expect(entries).toEqual(['session-started', 'session-ended']);
    expect([session.phase, session.active, session.secrets]).toEqual(['idle', false, undefined]);
  });
  it('does not begin under another who signed in meanwhile', async () => {
    meanwhile = async () => {
      member = { ...CLERK, id: '9001', role: 'auditor' };
    };
    await expect(session.start(CLERK.id, request)).rejects.toThrow('not-signed-in');
    expect(session.phase).toBe('idle');
  });
  it('that began in the log ends there when it cannot go on', async () => {
    const full = new Failure('audit-failed', { detail: 'ENOSPC' });
    meanwhile = async (what) => {
      if (what === 'representative-noted') throw full;
    };
    await expect(session.start(CLERK.id, request, agent)).rejects.toBe(full);
    expect(entries).toEqual(['session-started', 'session-ended']);
    expect(session.active).toBe(false);
    // A log that does not take the end either: the next start finds it open and ends it.
    meanwhile = async (what) => {
      if (what !== 'session-started') throw full;
    };
    await expect(session.start(CLERK.id, request, agent)).rejects.toBe(full);
    expect(entries.slice(2)).toEqual(['session-started']);
    expect(session.active).toBe(false);
  });
});

describe('a visit for what is kept', () => {
  it('is about to begin from its first step on: nothing begins beside it', async () => {
    const begun = session.startHeld(CLERK.id, CASE);
    expect(session.active).toBe(true);
    expect(await session.start(CLERK.id, request)).toBe(false);
    expect(await session.startHeld(CLERK.id, CASE)).toBe(false);
    expect(await begun).toBe(true);
    expect(entries).toEqual(['session-started']);
  });
  it.each(['details', 'session-started'] as const)(
    'does not begin for who was signed out during %s, and the case is given back',
    async (step) => {
      signedOutDuring(step);
      await expect(session.startHeld(CLERK.id, CASE)).rejects.toThrow('not-signed-in');
      expect(entries.at(-1)).toBe('released');
      expect(entries.filter((one) => one === 'session-started').length).toBe(
        entries.filter((one) => one === 'session-ended').length,
      );
      expect([session.phase, session.active]).toEqual(['idle', false]);
    },
  );
});

describe('what ends while the clerk still writes', () => {
  it('is cleared from the staff window, and the clerk goes on', async () => {
    const wiped = vi.fn(async () => 'answered' as const);
    wipe = wiped;
    await toFollowUp();
    endHeld(CASE, 'expired');
    await wiped.mock.results[0]?.value;
    expect(wiped).toHaveBeenCalledTimes(1);
    expect(session.phase).toBe('serving.followUp');
  });
  it('ends the visit where not even force clears the window, and not the counter', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    wipe = async () => {
      throw new Failure('internal');
    };
    await toFollowUp();
    endHeld(CASE, 'expired');
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(session.phase).toBe('idle');
  });
});

describe('a visit whose customer is done', () => {
  it('is not stopped any more, but it is ended', async () => {
    await toFollowUp();
    expect(session.send({ type: 'STOP' })).toBe(false);
    expect(session.end()).toBe(true);
    await reaches('idle');
    expect(session.end()).toBe(false);
  });
});
