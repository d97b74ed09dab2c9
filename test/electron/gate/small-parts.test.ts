import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRequest } from '../../../electron/gate/effects/prepare.ts';
import { createScreenHolder } from '../../../electron/gate/screen.ts';
import { sealedPages } from '../../../electron/gate/sealed-pages.ts';
import { VisitSecrets } from '../../../electron/gate/visit-secrets.ts';
import { createWiper } from '../../../electron/gate/wiper.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-gate-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

describe('wiper', () => {
  const set = (ask: boolean) => {
    const forced: string[] = [];
    const wiper = createWiper({
      ask: () => ask,
      force: async (plane) => void forced.push(plane),
      limitMs: 20,
    });
    return { wiper, forced };
  };
  it('waits for the plane’s own word', async () => {
    const { wiper, forced } = set(true);
    const wiping = wiper.wipe('staff', 's');
    wiper.answered('customer', 's');
    wiper.answered('staff', 'another');
    wiper.answered('staff', 's');
    expect(await wiping).toBe('answered');
    expect(forced).toEqual([]);
  });
  it('uses force on silence, and where nobody hears', async () => {
    for (const heard of [true, false]) {
      const { wiper, forced } = set(heard);
      expect(await wiper.wipe('customer', 's')).toBe('forced');
      expect(forced).toEqual(['customer']);
    }
  });
});

describe('secrets of a visit', () => {
  it('are filled with zeros and gone, and nothing can be put in any more', async () => {
    const secrets = await VisitSecrets.create('s');
    const layers = { metadata: new Uint8Array(32).fill(1), content: new Uint8Array(32).fill(2) };
    secrets.putLayers(layers);
    const bytes = new Uint8Array([1, 2]);
    secrets.putReport({ reportId: 'r', bytes, sha256: '', pages: 1, auditSeq: 0 });
    secrets.putProofs({ servicePassword: '258036' });
    expect(secrets.keyPair.privateKey.extractable).toBe(false);
    secrets.destroyContent();
    expect([...layers.content, ...bytes].every((byte) => byte === 0)).toBe(true);
    expect([secrets.hasLayer('content'), secrets.hasLayer('metadata'), secrets.takeProofs()]).toEqual([
      false,
      true,
      undefined,
    ]);
    secrets.destroy();
    expect(layers.metadata.every((byte) => byte === 0)).toBe(true);
    const late = { metadata: new Uint8Array(32).fill(1), content: new Uint8Array(32).fill(2) };
    expect(() => secrets.putLayers(late)).toThrow('wrong-state');
    expect([...late.metadata, ...late.content].every((byte) => byte === 0)).toBe(true);
    expect(() => secrets.putProofs({})).toThrow('wrong-state');
  });
  it('gives proofs once, and copies of keys', async () => {
    const secrets = await VisitSecrets.create('s');
    secrets.putProofs({ oneTimeCode: '123456' });
    expect(secrets.takeProofs()).toEqual({ oneTimeCode: '123456' });
    expect(secrets.takeProofs()).toBeUndefined();
    secrets.putLayers({ metadata: new Uint8Array(32).fill(1), content: new Uint8Array(32).fill(2) });
    secrets.layer('content')?.fill(9);
    expect(secrets.layer('content')?.[0]).toBe(2);
  });
});

describe('sealed pages', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  async function live(change: object = {}) {
    const secrets = await VisitSecrets.create('s');
    secrets.putLayers({ metadata: new Uint8Array(32), content: new Uint8Array(32) });
    const ref = { page: 0, rows: 1, bytes: 3, sha256: await sha256Hex(bytes), ...change };
    const document = { lookupId: 'l', pages: { metadata: [ref], content: [ref] } };
    secrets.lookup = { manifest: { document, cms: '' }, binding: {} } as unknown as NonNullable<
      typeof secrets.lookup
    >;
    return secrets;
  }
  const connection = { call: async () => bytes } as unknown as Parameters<typeof sealedPages>[0];
  const ask = { plane: 'customer', lookupId: 'l', runs: [{ layer: 'content', first: 0, last: 0 }] } as const;
  it('are handed on when they are the manifest’s', async () => {
    expect(await sealedPages(connection, await live(), ask)).toEqual(bytes);
  });
  it.each([{ bytes: 4 }, { sha256: '0'.repeat(64) }])('are not when they are others: %j', async (change) => {
    await expect(sealedPages(connection, await live(change), ask)).rejects.toMatchObject({
      error: { kind: 'manifest-rejected' },
    });
  });
  it('are refused to whom they are not for', async () => {
    const secrets = await live();
    const refused = { error: { kind: 'forbidden' } };
    await expect(sealedPages(connection, secrets, { ...ask, plane: 'staff' })).rejects.toMatchObject(refused);
    await expect(sealedPages(connection, secrets, { ...ask, lookupId: 'x' })).rejects.toMatchObject(refused);
    await expect(
      sealedPages(connection, secrets, { ...ask, runs: [{ layer: 'content', first: 0, last: 1 }] }),
    ).rejects.toMatchObject(refused);
    await expect(sealedPages(connection, undefined, ask)).rejects.toMatchObject(refused);
    secrets.destroyContent();
    await expect(sealedPages(connection, secrets, ask)).rejects.toMatchObject(refused);
    expect(
      await sealedPages(connection, secrets, {
        ...ask,
        plane: 'staff',
        runs: [{ layer: 'metadata', first: 0, last: 0 }],
      }),
    ).toEqual(bytes);
  });
  it('are not handed on when the visit ended while they came', async () => {
    const secrets = await live();
    const call = async () => {
      secrets.destroy();
      return bytes;
    };
    const slow = { call } as unknown as typeof connection;
    await expect(sealedPages(slow, secrets, ask)).rejects.toMatchObject({ error: { kind: 'forbidden' } });
  });
});

describe('screen', () => {
  it('changes hands in hand-over mode only', () => {
    const dual = createScreenHolder('dual');
    expect(dual.give('customer')).toBe(false);
    expect(dual.current).toEqual({ mode: 'dual', holder: 'both' });
    const one = createScreenHolder('handover');
    expect(one.current.holder).toBe('staff');
    expect(one.give('customer')).toBe(true);
    expect(one.give('customer')).toBe(false);
    one.setMode('dual', 'staff');
    expect(one.current.holder).toBe('both');
    one.setMode('handover', 'customer');
    expect(one.current).toEqual({ mode: 'handover', holder: 'customer' });
  });
});

describe('a request', () => {
  const now = Date.parse('2026-11-22T02:00:00Z');
  const policy = demoPolicy(now - 1000);
  const request = {
    subscriber: '13900010001',
    categories: ['sms' as const],
    period: { from: '2026-10-23', to: '2026-11-22' },
    purpose: 'own-copy' as const,
  };
  it('is held against the policy in force', () => {
    expect(() => checkRequest(request, { kind: 'self' }, policy, now)).not.toThrow();
    const of =
      (change: object, rules = policy) =>
      () =>
        checkRequest({ ...request, ...change }, { kind: 'self' }, rules, now);
    expect(of({ period: { from: '2026-05-01', to: '2026-11-22' } })).toThrow('period-too-long');
    expect(of({ period: { from: '2026-11-22', to: '2026-11-23' } })).toThrow('period-not-valid');
    expect(of({ categories: ['call'] }, { ...policy, categories: ['sms'] })).toThrow('scope-exceeded');
    expect(of({ purpose: 'fraud-suspected' }, { ...policy, purposes: ['own-copy'] })).toThrow(
      'scope-exceeded',
    );
  });
});
