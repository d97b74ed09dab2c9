/** What runs the visit: ends that come at moments in which the machine alone would let them pass. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CounterSession, type CounterSessionOptions } from '../../../electron/gate/counter-session.ts';
import { createScreenHolder } from '../../../electron/gate/screen.ts';
import type { AuditAction } from '../../../shared/domain/audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { HeldEnding } from '../../../shared/domain/held.ts';
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
let endHeld: (caseId: string, ending: HeldEnding) => void;
let wipe: () => Promise<'answered' | 'forced'>;
let session: CounterSession;

beforeEach(() => {
  member = CLERK;
  entries = [];
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
      details: async () => ({
        consent: {
          record: {
            scope: { ...request, recipients: [], expiresAt: '', heldUntil: '2099-01-01T00:00:00.000Z' },
            representation: { kind: 'self' },
          },
        },
      }),
    },
    audit: { append: async (action: AuditAction) => void entries.push(action) },
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
