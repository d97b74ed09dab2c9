import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStateFile } from '../../../electron/vault/state-file.ts';

const key = Buffer.alloc(32, 5);
const schema = z.strictObject({ cursor: z.number().int() });
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-state-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const open = (name = 'feed', under = key) =>
  openStateFile({ path: join(folder, 'state.json'), name, key: under, schema });

describe('a state file', () => {
  it('is empty at first, then what was written last', async () => {
    const file = await open();
    expect([file.value, file.altered]).toEqual([undefined, false]);
    await Promise.all([1, 2, 3].map((cursor) => file.write({ cursor })));
    expect(file.value).toEqual({ cursor: 3 });
    expect((await open()).value).toEqual({ cursor: 3 });
  });

  it('counts for nothing when it was altered, cut, or is of another name or key', async () => {
    await (await open()).write({ cursor: 7 });
    const path = join(folder, 'state.json');
    const good = await readFile(path, 'utf8');
    for (const text of [
      good.replace('7', '8'),
      good.slice(0, -9),
      '',
      '[]',
      good.replace('value', 'other'),
    ]) {
      await writeFile(path, text);
      const file = await open();
      expect([file.value, file.altered]).toEqual([undefined, true]);
    }
    await writeFile(path, good);
    expect((await open('clock')).altered).toBe(true);
    expect((await open('feed', Buffer.alloc(32, 6))).altered).toBe(true);
    expect((await open()).value).toEqual({ cursor: 7 });
  });

  it('is left alone once it is closed: what is being written is waited for, what comes later is refused', async () => {
    const file = await open();
    const writes = [1, 2].map((cursor) => file.write({ cursor }));
    await file.close();
    expect(file.value).toEqual({ cursor: 2 });
    await Promise.all(writes);
    const before = await readdir(folder);
    await expect(file.write({ cursor: 3 })).rejects.toMatchObject({ error: { kind: 'wrong-state' } });
    expect(await readdir(folder)).toEqual(before);
    expect((await open()).value).toEqual({ cursor: 2 });
    await file.close();
  });

  it('a write that fails is said, and the next one goes on', async () => {
    const file = await open();
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder was');
    await expect(file.write({ cursor: 1 })).rejects.toThrow();
    expect(file.value).toBeUndefined();
    await rm(folder);
    await file.write({ cursor: 2 });
    expect(file.value).toEqual({ cursor: 2 });
  });
});
