/** What a counter does about each change; a consent's end answers with evidence, held or not. */
import { describe, expect, it } from 'vitest';
import type { AuditFields } from '../../../electron/audit/writer.ts';
import type { NewOutboxItem } from '../../../electron/central/outbox-item.ts';
import { changeApplier } from '../../../electron/gate/apply-change.ts';
import { erasureItem, erasureReason } from '../../../electron/gate/erasure.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import type { AuditAction, AuditEntry } from '../../../shared/domain/audit.ts';
import { outcomes } from '../../../shared/domain/case.ts';
import { erasureEvidenceSchema } from '../../../shared/domain/erasure.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { Change } from '../../../shared/protocol/changes.ts';
import { emptyContext } from '../../../shared/session/machine.ts';
import type { VisitPhase } from '../../../shared/session/types.ts';

const CONSENT = '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d';
const at = '2026-11-22T02:00:00.000Z';
const ended: Change = {
  seq: 4,
  at,
  kind: 'consent-ended',
  consentId: CONSENT,
  consentHash: 'c'.repeat(64),
  reason: 'withdrawn',
};

function setUp({
  holds = false,
  known = 3,
  audits = true,
  kept = false,
  serving = '',
  phase = 'serving.notice' as VisitPhase,
} = {}) {
  const done: string[] = [];
  const items: NewOutboxItem[] = [];
  const heard: number[] = [];
  const apply = changeApplier({
    session: {
      holds: () => holds,
      withdraw: (id) => void done.push(`withdraw ${id === CONSENT}`),
      withdrawPurposes: (_, purposes) => void done.push(`purposes ${purposes.join()}`),
      refresh: () => void done.push('refresh'),
      phase,
      context: { ...emptyContext, staffId: serving },
      end: () => done.push('end') > 0,
    },
    staff: {
      current: { id: '1024', name: '王芳', role: 'clerk', hall: 'h' },
      signOut: async (reason: string) => void done.push(`sign-out ${reason}`),
    } as never,
    policies: {
      known: { version: known },
      heard: (version: number) => void heard.push(version),
      fetch: async () => void done.push('fetch'),
    } as never,
    audit: {
      append: async (action: AuditAction, { facts = {} }: AuditFields = {}) => {
        if (!audits) throw new Failure('audit-failed');
        done.push(`${action} ${JSON.stringify(facts)}`);
        return { seq: 9, action, facts } as AuditEntry;
      },
    },
    outbox: { add: async (item) => void items.push(item) },
    clock: { now: () => Date.parse(at) },
    deviceId: 'counter-0001',
    held: {
      holdsConsent: () => kept,
      destroyConsent: async (id, reason) => void done.push(`destroy ${id === CONSENT} ${reason}`),
    },
  });
  return { apply, done, items, heard };
}

describe('a change', () => {
  it('of policy is fetched at once, unless it is known', async () => {
    const change: Change = { seq: 1, at, kind: 'policy', policyVersion: 4 };
    const fresh = setUp();
    await fresh.apply(change);
    expect(fresh.done).toEqual(['fetch', 'refresh']);
    const held = setUp({ known: 4 });
    await held.apply(change);
    expect(held.done).toEqual(['refresh']);
  });

  it('of policy does not have every idle counter ask in the same moment', async () => {
    const { apply, done, heard } = setUp({ phase: 'idle' });
    await apply({ seq: 1, at, kind: 'policy', policyVersion: 4 });
    expect(done).toEqual([]);
    expect(heard).toEqual([4]);
  });

  it('that ends a consent under way destroys its keys before anything is written', async () => {
    const { apply, done, items } = setUp({ holds: true });
    await apply(ended);
    expect(done).toEqual([
      'withdraw true',
      'destroy true withdrawn',
      'change-received {"kind":"consent-ended","seq":4,"held":true}',
    ]);
    // The visit's own end brings the evidence.
    expect(items).toEqual([]);
  });

  it('destroys them also when the log can not be written, and is not counted as applied', async () => {
    const { apply, done } = setUp({ holds: true, audits: false });
    await expect(apply(ended)).rejects.toThrow('audit-failed');
    expect(done).toEqual(['withdraw true', 'destroy true withdrawn']);
  });

  it('that ends a consent that is not held is answered with evidence all the same', async () => {
    const { apply, items } = setUp();
    await apply(ended);
    const [item] = items;
    if (item?.kind !== 'erasure') throw new Error('no evidence');
    expect(item.evidence).toMatchObject({
      consentId: CONSENT,
      consentHash: 'c'.repeat(64),
      reason: 'withdrawn',
      device: 'counter-0001',
      at,
      auditEntry: { seq: 9 },
    });
  });

  it('of purposes goes to the visit and the log', async () => {
    const { apply, done } = setUp();
    await apply({ seq: 2, at, kind: 'purposes-withdrawn', consentId: CONSENT, purposes: ['release'] });
    expect(done).toEqual(['purposes release', 'change-received {"kind":"purposes-withdrawn","seq":2}']);
  });

  it('of keeping destroys what is kept before anything is written', async () => {
    const { apply, done } = setUp({ kept: true });
    await apply({ seq: 2, at, kind: 'purposes-withdrawn', consentId: CONSENT, purposes: ['keep'] });
    expect(done).toEqual([
      'destroy true withdrawn',
      'purposes keep',
      'change-received {"kind":"purposes-withdrawn","seq":2}',
    ]);
  });

  it('that ends a consent under which something is kept leaves the evidence to the end of that', async () => {
    const { apply, done, items } = setUp({ kept: true });
    await apply(ended);
    expect(done).toEqual([
      'destroy true withdrawn',
      'change-received {"kind":"consent-ended","seq":4,"held":true}',
    ]);
    expect(items).toEqual([]);
  });

  it('of staff signs out who it names, and nobody else', async () => {
    const mine = setUp();
    await mine.apply({ seq: 3, at, kind: 'staff-revoked', staffId: '1024' });
    expect(mine.done).toEqual([
      'sign-out revoked',
      'change-received {"kind":"staff-revoked","seq":3,"signedIn":true,"served":false}',
    ]);
    const theirs = setUp();
    await theirs.apply({ seq: 3, at, kind: 'staff-revoked', staffId: '1025' });
    expect(theirs.done.some((one) => one.startsWith('sign-out'))).toBe(false);
  });

  it('of staff who serve somebody ends the visit, whoever is signed in by now, and before the log is asked', async () => {
    const mine = setUp({ serving: '1024', audits: false });
    await expect(mine.apply({ seq: 3, at, kind: 'staff-revoked', staffId: '1024' })).rejects.toThrow(
      'audit-failed',
    );
    expect(mine.done).toEqual(['sign-out revoked', 'end']);
    const colleague = setUp({ serving: '1025' });
    await colleague.apply({ seq: 3, at, kind: 'staff-revoked', staffId: '1025' });
    expect(colleague.done[0]).toBe('end');
    expect(colleague.done.some((one) => one.startsWith('sign-out'))).toBe(false);
  });
});

describe('erasure evidence', () => {
  it('names the audit entry by its hash, and says why', async () => {
    const entry = { seq: 12, action: 'keys-destroyed', facts: {} } as AuditEntry;
    const item = await erasureItem({
      consentId: CONSENT,
      consentHash: 'd'.repeat(64),
      reason: 'expired',
      device: 'counter-0001',
      at: Date.parse(at),
      entry,
    });
    if (item.kind !== 'erasure') throw new Error('no evidence');
    const evidence = erasureEvidenceSchema.parse(item.evidence);
    expect(evidence.auditEntry).toEqual({ seq: 12, sha256: await hashOf(entry) });
    // Keys before pages.
    expect(evidence.destroyed.map((part) => part.split('-')[1])).toEqual([
      'keys',
      'keys',
      'keys',
      'pages',
      'pages',
    ]);
    // One a consent: made again it is the same item.
    expect(item.id).toBe(`erasure ${CONSENT}`);
  });

  it('a visit that ends in any way but two has simply ended', () => {
    for (const outcome of outcomes) {
      const reason = erasureReason(outcome);
      expect(reason).toBe(outcome === 'withdrawn' || outcome === 'expired' ? outcome : 'visit-ended');
    }
    expect(erasureReason(undefined)).toBe('visit-ended');
  });
});
