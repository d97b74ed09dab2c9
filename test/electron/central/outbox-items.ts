/** Items for tests of the outbox. */
import type { NewOutboxItem, OutboxItem } from '../../../electron/central/outbox-item.ts';

export const CASE = '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d01';
export const CONSENT = '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d';

/** Ends of one consent: all of one lane. */
export const end = (id: string, consentId = CONSENT) =>
  ({
    kind: 'consent-end',
    id,
    consentId,
    end: { reason: 'visit-ended', at: '2026-11-22T02:00:00.000Z' },
  }) as const satisfies NewOutboxItem;

export const audit = { kind: 'audit', id: 'audit' } as const satisfies NewOutboxItem;

export const row = {
  kind: 'case',
  id: `case ${CASE}`,
  row: {
    caseId: CASE,
    serial: 1,
    customerName: '张*',
    maskedNumber: '139****0001',
    date: '2026-11-22',
    closedAt: '2026-11-22T02:00:00.000Z',
    staffId: '1024',
    summary: {
      categories: ['sms'],
      from: '2026-10-23',
      to: '2026-11-22',
      purpose: 'own-copy',
      outcome: 'completed',
    },
    analysis: { rows: 1, received: 1, sent: 0, released: 0 },
    followUp: '标记内容',
  },
} as const satisfies NewOutboxItem;

export const added = (item: NewOutboxItem, addedAt = 1): OutboxItem => ({ ...item, addedAt }) as OutboxItem;
