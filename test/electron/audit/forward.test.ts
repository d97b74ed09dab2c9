import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forwardAudit } from '../../../electron/audit/forward.ts';
import type { AuditLog } from '../../../electron/audit/log.ts';
import type { Connection } from '../../../electron/central/connection.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { openLog } from './support.ts';

let folder: string;
let log: AuditLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-forward-'));
  ({ log } = await openLog(folder));
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

/** Central's side, as far as the chain goes. */
function central(held: AuditEntry[] = []) {
  const head = async () => ({
    size: held.length,
    head: held.length === 0 ? '0'.repeat(64) : await hashOf(held.at(-1)),
  });
  const call = async (name: string, options?: { body?: { entries: AuditEntry[] } }) => {
    if (name === 'audit') held.push(...(options?.body?.entries ?? []));
    return head();
  };
  return { held, connection: { call } as unknown as Pick<Connection, 'call'> };
}

describe('forwarding the audit log', () => {
  it('sends what central does not hold, in order and in batches', async () => {
    for (let i = 0; i < 7; i++) await log.append('session-started', { facts: { i } });
    const { held, connection } = central();
    await forwardAudit(log, connection);
    await log.append('session-ended');
    await forwardAudit(log, connection);
    expect(held.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
  it('serves nobody any more when central holds another chain', async () => {
    const { held, connection } = central();
    await log.append('session-started', { facts: { i: 1 } });
    await forwardAudit(log, connection);
    held[0] = { ...(held[0] as AuditEntry), facts: { i: 2 } };
    await expect(forwardAudit(log, connection)).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
    await expect(log.append('session-started')).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
  });
  it('gives up, and can go on later, when central takes entries and says that it has not', async () => {
    await log.append('session-started');
    const old = { size: 0, head: '0'.repeat(64) };
    const replays = { call: async () => old } as unknown as Pick<Connection, 'call'>;
    await expect(forwardAudit(log, replays)).rejects.toMatchObject({ error: { kind: 'central-untrusted' } });
    const { held, connection } = central();
    await forwardAudit(log, connection);
    expect(held).toHaveLength(1);
  });
  it('asks nothing when central is known to hold all, and sends at once when it is known what it holds', async () => {
    const asked: string[] = [];
    const { held, connection } = central();
    const counting = {
      call: (name: string, options?: never) => {
        asked.push(name);
        return connection.call(name as 'auditHead', options);
      },
    } as unknown as Pick<Connection, 'call'>;
    await log.append('session-started');
    const first = await forwardAudit(log, counting);
    expect(await forwardAudit(log, counting, first)).toEqual(first);
    await log.append('session-ended');
    const second = await forwardAudit(log, counting, first);
    expect(asked).toEqual(['auditHead', 'audit', 'audit']);
    expect(second.size).toBe(2);
    expect(held).toHaveLength(2);
  });
  it('sends again what central has no more: an older copy of it was put back', async () => {
    const held: AuditEntry[] = [];
    const strict = {
      call: async (name: string, options?: { body?: { entries: AuditEntry[] } }) => {
        if (name === 'audit') {
          for (const entry of options?.body?.entries ?? []) {
            if (entry.seq > held.length)
              throw new Failure('bad-input', { detail: `gap before seq ${entry.seq}` });
            held[entry.seq] = entry;
          }
        }
        return { size: held.length, head: held.length === 0 ? '0'.repeat(64) : await hashOf(held.at(-1)) };
      },
    } as unknown as Pick<Connection, 'call'>;
    for (let i = 0; i < 3; i++) await log.append('session-started', { facts: { i } });
    const known = await forwardAudit(log, strict);
    held.length = 1;
    await log.append('session-ended');
    expect((await forwardAudit(log, strict, known)).size).toBe(4);
    expect(held.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
  });
  it('finds another chain also where it knew what central held', async () => {
    const { held, connection } = central();
    await log.append('session-started', { facts: { i: 1 } });
    const known = await forwardAudit(log, connection);
    const other = {
      call: async (name: string) => {
        if (name === 'audit') throw new Failure('bad-input', { detail: 'previous of seq 1' });
        return { size: 1, head: 'a'.repeat(64) };
      },
    } as unknown as Pick<Connection, 'call'>;
    await log.append('session-ended');
    await expect(forwardAudit(log, other, known)).rejects.toMatchObject({ damage: 'central-chain' });
    expect(held).toHaveLength(1);
  });
  it('serves nobody any more when central refuses a fork', async () => {
    await log.append('session-started');
    const refuses = {
      call: async (name: string) => {
        if (name === 'audit') throw new Failure('audit-failed', { detail: 'fork at seq 0' });
        return { size: 0, head: '0'.repeat(64) };
      },
    } as unknown as Pick<Connection, 'call'>;
    await expect(forwardAudit(log, refuses)).rejects.toMatchObject({ damage: 'central-chain' });
    expect(log.status().intact).toBe(false);
  });
  it('sees that entries are missing here', async () => {
    await log.append('session-started');
    const ahead = { call: async () => ({ size: 5, head: 'a'.repeat(64) }) } as unknown as Pick<
      Connection,
      'call'
    >;
    await expect(forwardAudit(log, ahead)).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
  });
});
