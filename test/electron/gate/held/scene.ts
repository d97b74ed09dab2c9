/** Cases on a disk in memory, with a log and an outbox that are as durable as it is, and a clock to be set. */
import { randomUUID } from 'node:crypto';
import type { AuditFields } from '../../../../electron/audit/writer.ts';
import type { NewOutboxItem } from '../../../../electron/central/outbox-item.ts';
import { consentRecord } from '../../../../electron/evidence/consent-record.ts';
import type { HeldDeps } from '../../../../electron/gate/held/ending.ts';
import { heldFollower } from '../../../../electron/gate/held/follower.ts';
import { HeldCases, type HoldInput } from '../../../../electron/gate/held/held-cases.ts';
import type { HeldDetails } from '../../../../electron/vault/held/case-file.ts';
import { HeldStore } from '../../../../electron/vault/held/store.ts';
import type { Bytes } from '../../../../shared/canonical/bytes.ts';
import { type AuditAction, type AuditEntry, auditEntrySchema } from '../../../../shared/domain/audit.ts';
import { Failure } from '../../../../shared/domain/errors.ts';
import { self } from '../../../../shared/domain/representation.ts';
import { noGrants } from '../../../../shared/domain/scope.ts';
import { demoPolicy } from '../../../central/policy/demo-policy.ts';
import { MemoryDisk } from '../../audit/memory-disk.ts';

export const NOW = Date.parse('2026-11-22T02:00:00.000Z');
export const UNTIL = '2026-12-22T02:00:00.000Z';
export const SUBSCRIBER = '13987654321';
export const SESSION = '0192f3aa-0000-7000-8000-00000000000a';
export const CONSENT = '0192f3aa-0000-7000-8000-00000000000b';
export const HASH = 'c'.repeat(64);

/** A key store that seals to this machine. */
export const keyStore = {
  seal: async (text: string) => Buffer.from(`sealed:${Buffer.from(text).toString('base64')}`),
  unseal: async (sealed: Buffer) => ({
    text: Buffer.from(sealed.toString().slice('sealed:'.length), 'base64').toString(),
    reseal: false,
  }),
};

const policy = demoPolicy(NOW);
const { record } = await consentRecord({
  recordId: CONSENT,
  sessionId: SESSION,
  nonce: 'ab'.repeat(16),
  request: {
    subscriber: SUBSCRIBER,
    categories: ['sms'],
    period: { from: '2026-10-23', to: '2026-11-22' },
    purpose: 'nuisance',
  },
  representation: self,
  method: 'signature',
  witnesses: undefined,
  policy,
  display: { language: 'zh-CN', largeType: false },
  grants: { ...noGrants, lookup: true, keep: true },
  answerId: policy.questions['zh-CN'].correct,
  picture: new Uint8Array([1]),
  ink: { width: 10, height: 10, device: 'pen', strokes: [[{ x: 1, y: 1, p: 1, t: 0 }]] },
  identityAssertion: '0192f3aa-0000-7000-8000-00000000000c',
  withdrawalCodeSha256: 'cd'.repeat(32),
  recipientKey: 'A'.repeat(87),
  deviceId: 'counter-0001',
  staffId: '1024',
  at: NOW,
});

/** Not judged here: it is where it is opened again. */
export const details: HeldDetails = {
  schema: 'zhiqing-held/1',
  consent: { record, hash: HASH, cms: 'AAAA' },
  manifest: {
    cms: 'AAAA',
    document: {
      schema: 'zhiqing-manifest/1',
      lookupId: '0192f3aa-0000-7000-8000-00000000000e',
      consentId: CONSENT,
      consentHash: HASH,
      scopeHash: HASH,
      scope: record.scope,
      answeredAt: new Date(NOW).toISOString(),
      device: HASH,
      policyVersion: 1,
      rows: 3,
      counts: { received: 3, sent: 0, byCategory: { sms: 3 } },
      merkleRoot: HASH,
      pageRoots: [],
      pages: { metadata: [], content: [] },
    },
  },
};

export const secrets = () => ({ metadata: new Uint8Array(32).fill(1), content: new Uint8Array(32).fill(2) });
const PAGES = {
  metadata: [new Uint8Array(40).fill(3)],
  content: [new Uint8Array(90).fill(4), new Uint8Array(7).fill(5)],
};

async function* from(pages: readonly Bytes[]): AsyncGenerator<Bytes> {
  yield* pages;
}

export function holdInput(change: Partial<HoldInput> = {}): HoldInput {
  return {
    caseId: randomUUID(),
    sessionId: SESSION,
    consentId: CONSENT,
    consentHash: HASH,
    until: UNTIL,
    maskedNumber: '139****4321',
    rows: 3,
    fields: { sessionId: SESSION, staffId: '1024' },
    details,
    secrets: secrets(),
    pages: (layer) => from(PAGES[layer]),
    requireWanted: () => undefined,
    ...change,
  };
}

/** What outlives a start: disk, log, outbox, and the time. */
export class Machine {
  disk: MemoryDisk;
  readonly log: AuditEntry[];
  readonly outbox: Map<string, NewOutboxItem>;
  time = NOW;
  clock: HeldDeps['clock'] = { now: () => this.time, hasPassed: (at) => this.time >= at };
  logFails = false;

  constructor(disk = new MemoryDisk(), log: AuditEntry[] = [], outbox = new Map<string, NewOutboxItem>()) {
    this.disk = disk;
    this.log = log;
    this.outbox = outbox;
  }

  /** The machine as the next start finds it. */
  afterCut(): Machine {
    const next = new Machine(this.disk.afterCut(), [...this.log], new Map(this.outbox));
    next.time = this.time;
    return next;
  }

  start(): Promise<HeldCases> {
    const follower = heldFollower();
    for (const entry of this.log) follower.see(entry);
    return HeldCases.open(
      {
        store: new HeldStore(this.disk, keyStore),
        audit: { append: (action, fields) => this.note(action, fields) },
        outbox: {
          add: async (item) => {
            this.disk.tick('outbox');
            if (!this.outbox.has(item.id)) this.outbox.set(item.id, item);
          },
        },
        clock: this.clock,
        deviceId: 'counter-0001',
      },
      { held: follower.held(), ended: follower.ended() },
    );
  }

  actions(): string[] {
    return this.log.map(({ action, facts }) => {
      const more = facts.reason ?? facts.what;
      return more === undefined ? action : `${action} ${more}`;
    });
  }

  /** An entry of the log. */
  async note(action: AuditAction, { facts = {}, ...fields }: AuditFields = {}): Promise<AuditEntry> {
    if (this.logFails) throw new Failure('audit-failed');
    this.disk.tick('log');
    const entry = auditEntrySchema.parse({
      schema: 'zhiqing-audit/1',
      seq: this.log.length,
      at: new Date(this.time).toISOString(),
      device: 'counter-0001',
      action,
      facts,
      salt: 'A'.repeat(22),
      previous: '0'.repeat(64),
      ...fields,
    });
    this.log.push(entry);
    return entry;
  }
}
