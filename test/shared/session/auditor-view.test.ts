import { describe, expect, it } from 'vitest';
import type { Staff } from '../../../shared/domain/staff.ts';
import { emptyContext } from '../../../shared/session/machine.ts';
import { type StaffFacts, staffView } from '../../../shared/session/views.ts';

const member = (role: Staff['role']): Staff => ({ id: '2001', name: '赵敏', role, hall: '厅' });
const facts = (role: Staff['role']): StaffFacts => ({
  hall: '厅',
  hallEn: 'Hall',
  counter: '3',
  language: 'zh-CN',
  screen: { mode: 'dual', holder: 'both' },
  presence: 'here',
  today: '2026-11-22',
  maxPeriodMonths: 6,
  representatives: [],
  staff: member(role),
  signedOut: undefined,
  identityPassed: true,
  metadataOpen: true,
  released: [
    {
      index: 1,
      at: 1,
      direction: 'in',
      category: 'sms',
      maskedPeer: '106****55',
      peer: '10690001',
      text: 'TEXT',
    },
  ],
  heldCases: [
    {
      caseId: '0192f3aa-0000-7000-8000-000000000003',
      maskedNumber: '139****0001',
      heldAt: '2026-11-20T02:00:00.000Z',
      until: '2026-12-20T02:00:00.000Z',
      state: 'held',
    },
  ],
});
const snapshot = {
  phase: 'serving.reading' as const,
  context: {
    ...emptyContext,
    sessionId: '0192f3aa-0000-7000-8000-000000000001',
    staffId: '1024',
    consentId: '0192f3aa-0000-7000-8000-000000000002',
    request: {
      subscriber: '13900000001',
      categories: ['sms' as const],
      period: { from: '2026-10-22', to: '2026-11-21' },
      purpose: 'own-copy' as const,
    },
    lookup: {
      lookupId: '0192f3aa-0000-7000-8000-000000000003',
      rows: 5,
      received: 3,
      sent: 2,
      byCategory: { sms: 5 },
    },
  },
};

describe('the view of an auditor', () => {
  it('says that a visit is open and nothing of it', () => {
    const view = staffView(snapshot, facts('auditor'));
    expect(view).toMatchObject({ phase: 'serving.reading', identity: 'none', released: [] });
    for (const name of ['request', 'consentId', 'counts', 'lookupId', 'grants'] as const)
      expect(view[name], name).toBeUndefined();
    expect(JSON.stringify(view)).not.toMatch(/139\*|TEXT|106\*|0192f3aa/);
  });
  it('a clerk is told all that clerks may know', () => {
    const view = staffView(snapshot, facts('clerk'));
    expect(view.released).toHaveLength(1);
    expect(view).toMatchObject({ counts: { rows: 5 }, lookupId: snapshot.context.lookup.lookupId });
  });
});
