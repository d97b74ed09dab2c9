import { describe, expect, it } from 'vitest';
import { type AuditorOptions, auditorHandlers } from '../../../../electron/gate/auditor/handlers.ts';
import { toHex } from '../../../../shared/canonical/bytes.ts';
import { deviceNoteKey } from '../../../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../../shared/canonical/json.ts';
import { verifyAuditProof } from '../../../../shared/canonical/verify-audit.ts';
import {
  auditDetailSchema,
  auditPageSchema,
  auditStateSchema,
  auditVerifiedSchema,
} from '../../../../shared/contract/audit.ts';
import { Failure, toAppError } from '../../../../shared/domain/errors.ts';
import type { Staff } from '../../../../shared/domain/staff.ts';
import { MemoryDisk } from '../../audit/memory-disk.ts';
import { DEVICE, key, NOW, openLog } from '../../audit/support.ts';

const member = (role: Staff['role'], id = '2001'): Staff => ({ id, name: '赵敏', role, hall: '厅' });

async function setUp(options: Partial<AuditorOptions> & { who?: Staff | undefined } = {}) {
  const disk = new MemoryDisk();
  const { log } = await openLog(disk);
  for (let i = 0; i < 40; i++) await log.append('session-started', { staffId: '1024', facts: { i } });
  const signedIn = { who: 'who' in options ? options.who : member('auditor') };
  const progress: { done: number; total: number }[] = [];
  const handlers = auditorHandlers({
    log,
    device: DEVICE,
    staff: {
      require: () => {
        if (!signedIn.who) throw new Failure('not-signed-in');
        return signedIn.who;
      },
    },
    now: () => NOW,
    exportLog: async () => ({ folder: 'audit-x', entries: 40, files: 9 }),
    progress: (now) => void progress.push(now),
    ...options,
  });
  const last = async () => (await log.from(log.size - 1, 1))[0];
  return { log, disk, handlers, signedIn, progress, last };
}

type Handlers = Awaited<ReturnType<typeof setUp>>['handlers'];
const everything: Record<string, (handlers: Handlers) => unknown> = {
  state: (handlers) => handlers.auditState({}),
  entries: (handlers) => handlers.auditPage({ filter: {}, limit: 10 }),
  proof: (handlers) => handlers.auditDetail({ seq: 3 }),
  verification: (handlers) => handlers.auditVerify({}),
  log: (handlers) => handlers.auditExport({}),
};
const kindOf = async (work: () => unknown) => {
  try {
    await work();
    return 'answered';
  } catch (error) {
    return toAppError(error).kind;
  }
};

describe('who may see the log', () => {
  for (const [what, ask] of Object.entries(everything))
    it(`${what}: clerks and managers are refused, with one entry each; nobody signed in is refused`, async () => {
      for (const role of ['clerk', 'manager'] as const) {
        const { handlers, log, last } = await setUp({ who: member(role, '1025') });
        const before = log.size;
        expect(await kindOf(() => ask(handlers))).toBe('forbidden');
        expect(log.size).toBe(before + 1);
        expect(await last()).toMatchObject({
          action: 'log-denied',
          staffId: '1025',
          facts: { what, kind: 'forbidden' },
        });
      }
      const { handlers } = await setUp({ who: undefined });
      expect(await kindOf(() => ask(handlers))).toBe('not-signed-in');
    });

  it('an auditor may, and each look has its entry before the answer', async () => {
    const { handlers, log, last } = await setUp();
    const before = log.size;
    auditStateSchema.parse(await handlers.auditState({}));
    expect(log.size).toBe(before);
    const page = auditPageSchema.parse(
      await handlers.auditPage({ filter: { staffId: '1024' }, before: 30, limit: 10 }),
    );
    expect(page.entries.map(({ seq }) => seq)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
    expect(await last()).toMatchObject({
      action: 'log-viewed',
      staffId: '2001',
      facts: { what: 'entries', entries: 10, before: 30, by: 'staffId' },
    });
    await handlers.auditExport({});
    expect(await last()).toMatchObject({
      action: 'log-exported',
      staffId: '2001',
      facts: { entries: 40, files: 9 },
    });
    expect(log.size).toBe(before + 2);
  });

  it('who is no longer there when the answer is ready does not get it', async () => {
    const { handlers, signedIn, last } = await setUp({
      exportLog: async () => {
        signedIn.who = member('auditor', '2002');
        return { folder: 'x', entries: 1, files: 1 };
      },
    });
    expect(await kindOf(() => handlers.auditExport({}))).toBe('forbidden');
    expect(await last()).toMatchObject({ action: 'log-denied', staffId: '2001' });
  });

  it('an entry that cannot be written: no answer', async () => {
    const { handlers, disk } = await setUp();
    disk.free = 0;
    expect(await kindOf(() => handlers.auditPage({ filter: {}, limit: 10 }))).toBe('audit-failed');
  });
});

describe('an entry with its proof', () => {
  it('verifies against the device key, and names its bytes and hash', async () => {
    const { handlers } = await setUp();
    const { proof, canonical, hash } = auditDetailSchema.parse(await handlers.auditDetail({ seq: 7 }));
    expect(canonical).toBe(canonicalJson(proof.entry));
    expect(hash).toBe(await hashOf(proof.entry));
    const { publicKey } = await deviceNoteKey(DEVICE, key.publicKey);
    expect(await verifyAuditProof(proof, { devicePublicKey: publicKey })).toMatchObject({ ok: true });
  });
  it('of a number that is not there is refused', async () => {
    const { handlers } = await setUp();
    expect(await kindOf(() => handlers.auditDetail({ seq: 4_000 }))).toBe('bad-input');
  });
});

describe('verification', () => {
  it('reads all of it, tells how far it is, and is what the state says from then on', async () => {
    const { handlers, progress, log } = await setUp();
    expect((await handlers.auditState({})).verified.when).toBe('start');
    const size = log.size;
    const verified = auditVerifiedSchema.parse(await handlers.auditVerify({}));
    expect(verified).toMatchObject({
      entries: size,
      when: 'asked',
      root: toHex(log.rootAt(size) ?? new Uint8Array()),
    });
    expect(progress.at(-1)).toEqual({ done: size, total: size });
    expect((await handlers.auditState({})).verified).toEqual(verified);
  });

  it('an entry changed on the disk is found, said, and nobody is served any more', async () => {
    const { handlers, disk, log } = await setUp();
    const [name] = disk.names().filter((one) => one.endsWith('.jsonl') && disk.bytes(one)?.length);
    if (!name) throw new Error('no log file');
    disk.tamper(name, (bytes) => {
      const text = new TextDecoder().decode(bytes);
      return new TextEncoder().encode(text.replace('"i":12', '"i":13'));
    });
    expect(await kindOf(() => handlers.auditVerify({}))).toBe('audit-failed');
    expect(log.status().intact).toBe(false);
    expect((await handlers.auditState({})).intact).toBe(false);
    await expect(log.append('session-started')).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
  });
});
