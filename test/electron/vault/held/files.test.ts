/** The folder of kept cases on a real disk. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caseOf, type HeldFiles, heldFiles, nameOf } from '../../../../electron/vault/held/files.ts';

const CASE = '0192f3aa-0000-7000-8000-00000000000f';
let folder: string;
let files: HeldFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-held-'));
  files = heldFiles(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('files of a case', () => {
  it('are written over where they lie: same file, no byte of before where it was written', async () => {
    const path = join(folder, 'x');
    await files.replace('x', Buffer.from('secret-secret'));
    const { ino } = await stat(path);
    await files.overwrite('x', Buffer.from('-------------'));
    expect((await stat(path)).ino).toBe(ino);
    expect(await readFile(path, 'latin1')).toBe('-------------');
  });

  it('are not made by writing over what is not there', async () => {
    await expect(files.overwrite('x', Buffer.from('x'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await files.size('x')).toBeUndefined();
  });

  it('have a size', async () => {
    await files.replace('x', Buffer.from('12345'));
    expect(await files.size('x')).toBe(5);
  });

  it('are found by name, half written ones too', () => {
    for (const name of [
      nameOf.key(CASE),
      nameOf.fresh(CASE),
      nameOf.case(CASE),
      nameOf.pages(CASE, 'metadata'),
      nameOf.pages(CASE, 'content'),
      `${nameOf.key(CASE)}.partial`,
    ])
      expect(caseOf(name)).toBe(CASE);
  });

  it.each(['README', `${CASE}.txt`, `${CASE}`, `x${CASE}.key`, `../${CASE}.key`, `${CASE}.key.old`])(
    'are not found in %s',
    (name) => {
      expect(caseOf(name)).toBeUndefined();
    },
  );
});
