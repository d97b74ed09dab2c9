import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { syncFolder } from '../../../electron/durable-file.ts';
import { removeLeftovers, writeTogether } from '../../../electron/evidence/write-together.ts';
import { Failure } from '../../../shared/domain/errors.ts';

vi.mock(import('../../../electron/durable-file.ts'), async (original) => {
  const real = await original();
  return { ...real, syncFolder: vi.fn(real.syncFolder) };
});

const SESSION = 'd3b2f6ce-64a0-4a55-9d3f-0a7b4a0c1e11';
const LEFT = [`.${SESSION}.partial`, '.audit-counter-0001-2026-11-22-20.partial'];
let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'zhiqing-together-'));
  folder = join(base, 'stick');
  await mkdir(folder);
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** What a power cut while saving leaves behind. */
async function leave(name: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'report.pdf'), 'plain');
}

describe('saving', () => {
  it('writes all files under the given name, a second time beside the first', async () => {
    expect(await writeTogether(folder, 's', { 'a.txt': 'A', 'b.bin': new Uint8Array([1]) })).toBe('s');
    expect(await writeTogether(folder, 's', { 'a.txt': 'B' })).toBe('s-2');
    expect((await readdir(folder)).sort()).toEqual(['s', 's-2']);
    expect(await readFile(join(folder, 's', 'a.txt'), 'utf8')).toBe('A');
  });
  it('leaves nothing when a part fails', async () => {
    const parts = { 'a.txt': 'A', 'no/such/folder.txt': 'B' };
    await expect(writeTogether(folder, 's', parts)).rejects.toMatchObject({ error: { kind: 'save-failed' } });
    expect(await readdir(folder)).toEqual([]);
    await expect(writeTogether(join(folder, 'gone'), 's', { a: '' })).rejects.toMatchObject({
      error: { kind: 'save-failed', detail: 'ENOENT' },
    });
  });
  it('leaves nothing when the place can not be made durable: what is there was told as not saved', async () => {
    const unreadable = Object.assign(new Error('no'), { code: 'EACCES' });
    vi.mocked(syncFolder).mockResolvedValueOnce().mockRejectedValueOnce(unreadable);
    await expect(writeTogether(folder, 's', { 'a.txt': 'A' })).rejects.toMatchObject({
      error: { kind: 'save-failed', detail: 'EACCES' },
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await writeTogether(folder, 's', { 'a.txt': 'A' })).toBe('s');
  });
  it('asks whether it is still wanted before it is there and once it is, and leaves nothing when it is not', async () => {
    for (const last of [1, 2]) {
      const seen: string[] = [];
      const refuse = () => {
        seen.push(readdirSync(folder).join());
        if (seen.length === last) throw new Failure('wrong-state', { detail: 'wiped' });
      };
      await expect(writeTogether(folder, 's', { a: 'A', b: 'B' }, refuse)).rejects.toMatchObject({
        error: { kind: 'wrong-state', detail: 'wiped' },
      });
      expect(seen).toEqual(['.s.partial', 's'].slice(0, last));
      expect(await readdir(folder)).toEqual([]);
    }
  });
  it.runIf(process.platform !== 'win32')('is for the counter’s own eyes until it is whole', async () => {
    const plain = join(base, 'plain');
    await mkdir(plain);
    await writeFile(join(plain, 'a.txt'), 'A');
    const modes: number[] = [];
    vi.mocked(syncFolder).mockImplementationOnce(async (path) => {
      modes.push((await stat(path)).mode & 0o777);
    });
    await writeTogether(folder, 's', { 'a.txt': 'A' });
    expect(modes).toEqual([0o700]);
    const modeOf = async (...path: string[]) => (await stat(join(...path))).mode;
    expect(await modeOf(folder, 's')).toBe(await modeOf(plain));
    expect(await modeOf(folder, 's', 'a.txt')).toBe(await modeOf(plain, 'a.txt'));
  });
});

describe('what a crash has left in the hand-over folder', () => {
  it('is gone before anything else is written there', async () => {
    for (const name of LEFT) await leave(name);
    await writeTogether(folder, 's', { 'a.txt': 'A' });
    expect(await readdir(folder)).toEqual(['s']);
  });
  it('is removed and nothing else: it may be somebody’s stick', async () => {
    const others = [
      'holiday',
      '.s.partial',
      `${SESSION}.partial`,
      `.${SESSION}`,
      `.${SESSION}.partial.old`,
      `.${SESSION.toUpperCase()}.partial`,
      '.audit-counter-0001-20.partial',
      SESSION,
    ];
    for (const name of [...LEFT, ...others]) await leave(name);
    const file = `.${SESSION.replace(/^d/, 'e')}.partial`;
    await writeFile(join(folder, file), 'somebody’s');
    await removeLeftovers(folder);
    expect((await readdir(folder)).sort()).toEqual([...others, file].sort());
  });
  it('is never looked for behind a link', async () => {
    const elsewhere = join(base, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'kept.txt'), 'kept');
    await symlink(elsewhere, join(folder, LEFT[0] ?? ''));
    await leave(LEFT[1] ?? '');
    await symlink(elsewhere, join(folder, LEFT[1] ?? '', 'link'));
    await removeLeftovers(folder);
    expect(await readdir(folder)).toEqual([LEFT[0]]);
    expect(await readdir(elsewhere)).toEqual(['kept.txt']);
  });
  it('stays out of the way where it can not be removed, or there is no folder', async () => {
    await removeLeftovers(join(base, 'gone'));
    await leave(LEFT[0] ?? '');
    await chmod(folder, 0o500);
    await removeLeftovers(folder);
    await chmod(folder, 0o700);
  });
  it('is told from what is being written right now', async () => {
    let found: string[] = [];
    vi.mocked(syncFolder).mockImplementationOnce(async () => {
      await removeLeftovers(folder);
      found = await readdir(folder);
    });
    expect(await writeTogether(folder, SESSION, { 'a.txt': 'A' })).toBe(SESSION);
    expect(found).toEqual([`.${SESSION}.partial`]);
  });
});
