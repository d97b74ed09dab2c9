/** The store of kept cases: what it holds to, without knowing why. The power cuts are in gate/held/crash.test.ts. */
import { beforeEach, describe, expect, it } from 'vitest';
import { HeldFileError } from '../../../../electron/vault/held/case-file.ts';
import { type HeldInput, HeldStore } from '../../../../electron/vault/held/store.ts';
import { Failure } from '../../../../shared/domain/errors.ts';
import { MemoryDisk } from '../../audit/memory-disk.ts';
import { details, HASH, keyStore, secrets, UNTIL } from '../../gate/held/scene.ts';

const CASE = '0192f3aa-0000-7000-8000-00000000000f';
const binding = { caseId: CASE, consentHash: HASH, heldUntil: UNTIL };
const page = (fill: number) => new Uint8Array(50).fill(fill);

let disk: MemoryDisk;
let store: HeldStore;
beforeEach(() => {
  disk = new MemoryDisk();
  store = new HeldStore(disk, keyStore);
});

const input = (change: Partial<HeldInput> = {}): HeldInput => ({
  binding,
  about: { maskedNumber: '139****4321' },
  details,
  secrets: secrets(),
  pages: async function* (layer) {
    yield page(layer === 'metadata' ? 1 : 2);
    yield page(3);
  },
  requireWanted: () => undefined,
  ...change,
});

describe('sealing', () => {
  it('writes key, pages, secrets, each whole before the next', async () => {
    await store.seal(input());
    expect(disk.done.map((step) => step.replace(`${CASE}.`, ''))).toEqual([
      'write beside key',
      'replace key',
      'make metadata',
      'write metadata',
      'write metadata',
      'sync metadata',
      'make content',
      'write content',
      'write content',
      'sync content',
      'write beside new',
      'replace new',
    ]);
    expect([await store.isFresh(CASE), await store.isKept(CASE)]).toEqual([true, false]);
    await store.keep(CASE);
    expect([await store.isFresh(CASE), await store.isKept(CASE)]).toEqual([false, true]);
  });

  it('makes a key of its own each time', async () => {
    const first = await store.seal(input());
    await store.destroy(CASE, 'visit-ended');
    await store.forget(CASE);
    const second = await store.seal(input());
    expect(second.key).not.toBe(first.key);
    await expect(store.secrets(binding, first)).rejects.toThrow(new HeldFileError('key'));
    expect(await store.secrets(binding, second)).toEqual(secrets());
  });

  it('stops before the next step when it is not wanted any more', async () => {
    for (let stopAt = 1; stopAt <= 5; stopAt++) {
      let asked = 0;
      const requireWanted = () => {
        asked += 1;
        if (asked === stopAt) throw new Failure('held-ended');
      };
      disk = new MemoryDisk();
      store = new HeldStore(disk, keyStore);
      await expect(store.seal(input({ requireWanted }))).rejects.toThrow('held-ended');
      expect(await store.isFresh(CASE)).toBe(false);
    }
  });
});

describe('reading', () => {
  it('gives bytes of a layer from where it is asked, fewer where it ends', async () => {
    await store.seal(input());
    expect(await store.readPages(CASE, 'content', 49, 2)).toEqual(new Uint8Array([2, 3]));
    expect(await store.readPages(CASE, 'content', 99, 10)).toHaveLength(1);
    expect(await store.readPages(CASE, 'content', 400, 10)).toHaveLength(0);
  });

  it('opens for the binding and the hashes of the log alone', async () => {
    const hashes = await store.seal(input());
    expect(await store.details(binding, hashes)).toEqual(details);
    const later = { ...binding, heldUntil: '2027-01-01T00:00:00.000Z' };
    await expect(store.secrets(later, hashes)).rejects.toThrow(HeldFileError);
    await expect(store.secrets(binding, { ...hashes, file: HASH })).rejects.toThrow(
      new HeldFileError('case'),
    );
    await expect(store.secrets(binding, { ...hashes, key: HASH })).rejects.toThrow(new HeldFileError('key'));
  });

  it('takes no sealed key that names another case', async () => {
    const hashes = await store.seal(input());
    const renamed = {
      ...keyStore,
      unseal: async () => ({ text: 'zhiqing-secret/1 held x\nAAAA', reseal: false }),
    };
    await expect(new HeldStore(disk, renamed).secrets(binding, hashes)).rejects.toThrow(
      new HeldFileError('key'),
    );
  });

  it('takes a key store that does not answer for no damage', async () => {
    const hashes = await store.seal(input());
    const locked = {
      ...keyStore,
      unseal: async () => {
        throw new Error('locked');
      },
    };
    await expect(new HeldStore(disk, locked).details(binding, hashes)).rejects.toMatchObject({
      error: { kind: 'storage-failed' },
    });
  });
});

describe('destroying', () => {
  it('leaves the reason in the key’s place until it is forgotten, and no byte of the key', async () => {
    await store.seal(input());
    const before = Buffer.from(disk.bytes(`${CASE}.key`) ?? []);
    await store.destroy(CASE, 'withdrawn');
    expect(disk.names()).toEqual([`${CASE}.key`]);
    const after = Buffer.from(disk.bytes(`${CASE}.key`) ?? []);
    expect(after.length).toBeGreaterThanOrEqual(before.length);
    for (let at = 0; at + 4 <= before.length; at++)
      expect(after.includes(before.subarray(at, at + 4)), `bytes at ${at}`).toBe(false);
    expect(await store.ending(CASE)).toBe('withdrawn');
    // The first reason stands.
    await store.destroy(CASE, 'expired');
    expect(await store.ending(CASE)).toBe('withdrawn');
    await store.forget(CASE);
    expect(disk.names()).toEqual([]);
    expect(await store.ending(CASE)).toBeUndefined();
  });

  it('goes on where nothing is left, and leaves other cases alone', async () => {
    const other = '0192f3aa-0000-7000-8000-0000000000ff';
    await store.seal(input({ binding: { ...binding, caseId: other } }));
    const names = disk.names();
    await store.destroy(CASE, 'expired');
    await store.forget(CASE);
    expect(disk.names()).toEqual(names);
    expect(await store.list()).toEqual(new Set([other]));
  });

  it('takes what a crash left half written with it', async () => {
    await store.seal(input());
    disk.tamper(`${CASE}.case.partial`, () => new Uint8Array([1]));
    await store.destroy(CASE, 'damaged');
    expect(disk.names()).toEqual([`${CASE}.key`]);
  });
});
