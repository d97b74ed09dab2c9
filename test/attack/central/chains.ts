/** Audit chains and day lists as somebody would rewrite them at central. SECURITY: S10 */
import { randomUUID } from 'node:crypto';
import { randomBytes, toBase64url } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import type { AuditAction, AuditEntry } from '../../../shared/domain/audit.ts';
import type { TestCounter } from '../../central/tests/client.ts';
import type { Attack, Family, Foothold, Step } from '../attack.ts';
import { call, centralFamily, type Service } from './scene.ts';

const GENESIS = '0'.repeat(64);

const entry = (seq: number, previous: string, action: AuditAction, device = 'counter-0001'): AuditEntry => ({
  schema: 'zhiqing-audit/1',
  seq,
  at: '2026-01-01T00:00:00.000Z',
  device,
  action,
  facts: {},
  salt: toBase64url(randomBytes(16)),
  previous,
});

async function chainOf(actions: readonly AuditAction[]): Promise<AuditEntry[]> {
  const chain: AuditEntry[] = [];
  let previous = GENESIS;
  for (const [seq, action] of actions.entries()) {
    const one = entry(seq, previous, action);
    chain.push(one);
    previous = await hashOf(one);
  }
  return chain;
}

async function rewrites(service: Service): Promise<Step[]> {
  const { counter, other } = service;
  const chain = await chainOf(['core-started', 'session-started', 'lookup-answered', 'session-ended']);
  const [first, second, third, fourth] = chain;
  if (!first || !second || !third || !fourth) throw new Error('no chain');
  const head = await hashOf(fourth);
  const send = (
    foothold: Foothold,
    id: string,
    entries: readonly unknown[],
    by: TestCounter = counter,
  ): Attack =>
    call(service, {
      foothold,
      id: `audit/${id}`,
      rule: 'S10',
      kinds: ['bad-input', 'audit-failed'],
      by,
      name: 'audit',
      input: () => ({ body: { entries } }),
    });
  const kept = await counter.call('auditHead');
  if (kept.size !== 0) throw new Error('the chain is not empty');
  return [
    {
      control: 'cloned-profile/the-chain-in-order-is-kept',
      try: async () => {
        const answer = await counter.call('audit', { body: { entries: chain } });
        const again = await counter.call('audit', { body: { entries: chain } });
        if (again.size !== chain.length || again.head !== head) throw new Error('another head');
        return `${answer.size} entries; the same again are the same`;
      },
    },
    send('cloned-profile', 'an-entry-altered', [first, { ...second, action: 'core-crashed' }]),
    send('cloned-profile', 'a-fork-from-the-beginning', [entry(0, GENESIS, 'core-crashed')]),
    send('cloned-profile', 'a-gap', [entry(5, head, 'session-started')]),
    send('cloned-profile', 'an-entry-that-follows-nothing', [entry(4, GENESIS, 'session-started')]),
    send('cloned-profile', 'the-denied-lookup-left-out', [
      first,
      { ...third, seq: 1, previous: await hashOf(first) },
    ]),
    send('cloned-profile', 'two-entries-exchanged', [first, { ...third, seq: 1 }, { ...second, seq: 2 }]),
    send('cloned-profile', 'another-salt-in-an-old-entry', [first, { ...second, salt: first.salt }]),
    send('cloned-profile', 'a-number-below-zero', [entry(-1, GENESIS, 'session-started')]),
    send('cloned-profile', 'an-action-nobody-knows', [
      { ...entry(4, head, 'core-started'), action: 'nothing-happened' },
    ]),
    send('cloned-profile', 'a-text-in-the-facts', [
      { ...entry(4, head, 'core-started'), facts: { text: 'x'.repeat(500) } },
    ]),
    send('other-counter', 'the-chain-of-another-counter', [entry(4, head, 'session-ended')], other),
    send(
      'other-counter',
      'its-own-chain-in-my-name',
      [entry(0, GENESIS, 'core-started', 'counter-0001')],
      other,
    ),
    call(service, {
      foothold: 'cloned-profile',
      id: 'audit/no-entries-at-all',
      rule: 'S10',
      kinds: ['bad-input'],
      by: counter,
      name: 'audit',
      input: () => ({ body: { entries: [] } }),
    }),
  ];
}

function dayLists(service: Service): Step[] {
  const { counter, other } = service;
  const caseId = randomUUID();
  const row = {
    caseId,
    serial: 1,
    customerName: '张*',
    maskedNumber: '139****0001',
    date: '2026-01-01',
    closedAt: '2026-01-01T08:00:00.000Z',
    staffId: '1024',
    summary: {
      categories: ['sms'],
      from: '2025-12-01',
      to: '2025-12-31',
      purpose: 'own-copy',
      outcome: 'completed',
    },
    analysis: { rows: 1, received: 1, sent: 0, released: 0 },
    followUp: '无需后续',
  };
  const send = (
    foothold: Foothold,
    id: string,
    kind: 'bad-input' | 'forbidden',
    body: unknown,
    by: TestCounter,
  ) =>
    call(service, {
      foothold,
      id: `day-list/${id}`,
      rule: 'S6',
      kinds: [kind],
      by,
      name: 'recordCase',
      input: () => ({ params: { caseId }, body }),
    });
  return [
    {
      control: 'other-counter/a-row-of-ones-own-is-kept',
      try: async () => {
        await counter.call('recordCase', { params: { caseId }, body: row });
        return 'kept';
      },
    },
    send('other-counter', 'a-row-of-another-counter', 'forbidden', row, other),
    send(
      'dishonest-clerk',
      'a-row-at-another-address',
      'bad-input',
      { ...row, caseId: randomUUID() },
      counter,
    ),
    send(
      'dishonest-clerk',
      'a-full-number-in-the-list',
      'bad-input',
      { ...row, maskedNumber: '13900010001' },
      counter,
    ),
    send(
      'dishonest-clerk',
      'a-full-name-in-the-list',
      'bad-input',
      { ...row, customerName: '张三' },
      counter,
    ),
    send(
      'dishonest-clerk',
      'a-number-in-the-note',
      'bad-input',
      { ...row, followUp: '139 0001 0001' },
      counter,
    ),
    send(
      'dishonest-clerk',
      'an-outcome-nobody-knows',
      'bad-input',
      { ...row, summary: { ...row.summary, outcome: '.' } },
      counter,
    ),
  ];
}

export const chains: Family = centralFamily('central: what was logged', async (service) => [
  ...(await rewrites(service)),
  ...dayLists(service),
]);
