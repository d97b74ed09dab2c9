/** A list of accesses as central would answer it. Synthetic; nobody's data. */
import type { CommandArgs } from '../../../shared/contract/contract.ts';
import type { Access, AccessPage } from '../../../shared/domain/accesses.ts';

const hall = '滨江路营业厅';
const consentId = '0192f3aa-1c2d-7000-8000-000000000003';
const scope: Access['scope'] = {
  categories: ['sms'],
  period: { from: '2026-10-22', to: '2026-11-21' },
  purpose: 'own-copy',
};
const base = { hall, counter: 'counter-0001', here: true, staffId: '1024', outcome: 'allowed' } as const;
const there = { ...base, hall: '人民路营业厅', counter: 'counter-0007', here: false, staffId: '1031' };

const first: Omit<Access, 'id'>[] = [
  { ...base, at: '2026-11-21T02:31:00.000Z', source: 'central', kind: 'identity-check', thisVisit: true },
  { ...base, at: '2026-11-21T02:30:00.000Z', source: 'central', kind: 'identity-challenge', thisVisit: true },
  {
    ...there,
    at: '2026-11-20T08:12:00.000Z',
    source: 'central',
    kind: 'lookup',
    outcome: 'refused',
    reason: 'consent-required',
    thisVisit: false,
  },
  {
    ...there,
    at: '2026-11-20T08:10:00.000Z',
    source: 'central',
    kind: 'identity-check',
    outcome: 'refused',
    reason: 'identity-failed',
    thisVisit: false,
  },
  { ...base, at: '2026-11-14T03:50:00.000Z', source: 'counter', kind: 'erased', consentId, thisVisit: false },
  {
    ...base,
    at: '2026-11-14T03:44:00.000Z',
    source: 'counter',
    kind: 'report-saved',
    consentId,
    thisVisit: false,
  },
  {
    ...base,
    at: '2026-11-14T03:40:00.000Z',
    source: 'counter',
    kind: 'rows-released',
    rows: 3,
    consentId,
    thisVisit: false,
  },
  {
    ...base,
    at: '2026-11-14T03:36:00.000Z',
    source: 'counter',
    kind: 'layer-opened',
    plane: 'staff',
    consentId,
    thisVisit: false,
  },
  {
    ...base,
    at: '2026-11-14T03:36:00.000Z',
    source: 'counter',
    kind: 'layer-opened',
    plane: 'customer',
    consentId,
    thisVisit: false,
  },
  {
    ...base,
    at: '2026-11-14T03:35:00.000Z',
    source: 'central',
    kind: 'lookup',
    rows: 1286,
    consentId,
    scope,
    thisVisit: false,
  },
  {
    ...base,
    at: '2026-11-14T03:34:00.000Z',
    source: 'central',
    kind: 'consent',
    consentId,
    scope,
    thisVisit: false,
  },
];
const older: Omit<Access, 'id'>[] = Array.from({ length: 50 }, (_, i) => ({
  ...base,
  at: new Date(Date.parse('2026-10-30T03:00:00.000Z') - i * 5 * 3_600_000).toISOString(),
  source: 'central',
  kind: i % 7 === 3 ? 'lookup' : 'accesses-viewed',
  outcome: i % 7 === 3 ? 'refused' : 'allowed',
  thisVisit: false,
  ...(i % 7 === 3 ? { reason: 'scope-exceeded' as const } : {}),
}));
const all: Access[] = [...first, ...older].map((entry, i) => ({ ...entry, id: `c${i}` }));

export const noAccesses: AccessPage = { entries: [], total: 0, refused: 0, unreported: [] };

/** As the core would answer, a dozen at a time. */
export function accessPage({ cursor, refusedOnly }: CommandArgs<'customer', 'accesses'>): AccessPage {
  const list = all.filter(({ outcome }) => !refusedOnly || outcome === 'refused');
  const from = cursor === undefined ? 0 : Number(cursor);
  const until = from + (from === 0 ? first.length : 25);
  return {
    entries: list.slice(from, until),
    total: all.length,
    refused: all.filter(({ outcome }) => outcome === 'refused').length,
    unreported: [
      { hall: '人民路营业厅', counter: 'counter-0007', visits: 1, since: '2026-11-20T08:09:00.000Z' },
    ],
    ...(until < list.length ? { next: String(until) } : {}),
  };
}
