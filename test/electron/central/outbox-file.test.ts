/** The outbox on disk: what was told to be there is there, or the counter says that it is not. */
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  rmdir,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutboxFile } from '../../../electron/central/outbox-file.ts';
import type { OutboxItem } from '../../../electron/central/outbox-item.ts';
import { LineFile } from '../../../electron/durable-file.ts';
import { StartRefusal } from '../../../electron/start-refusal.ts';
import { runs } from '../../support/runs.ts';
import { added, audit, CASE, end, row } from './outbox-items.ts';

const keys = { outboxKey: Buffer.alloc(32, 7), stateKey: Buffer.alloc(32, 8) };
let folder: string;
let path: string;
const opened: OutboxFile[] = [];
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'zhiqing-outbox-')), 'outbox');
  path = join(folder, 'outbox.jsonl');
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const file of opened.splice(0)) await file.close().catch(() => undefined);
  await rm(join(folder, '..'), { recursive: true, force: true });
});
const openFile = async () => {
  const file = await OutboxFile.open(folder, keys);
  opened.push(file);
  return file;
};
/** Adds and closes: what a counter that was shut down has left. */
async function filled(...items: OutboxItem[]) {
  const file = await openFile();
  for (const item of items) await file.add(item);
  await file.close();
}
const ids = (file: OutboxFile) => file.items.map(({ id }) => id);
const lines = async () => (await readFile(path, 'latin1')).split('\n').slice(0, -1);

describe('outbox file', () => {
  it('holds what was added, in order and once, over a restart', async () => {
    const file = await openFile();
    expect(file.fresh).toBe(true);
    for (const item of [end('a'), end('b'), end('a'), row]) await file.add(added(item));
    await file.done('b');
    await file.close();
    const again = await openFile();
    expect(ids(again)).toEqual(['a', `case ${CASE}`]);
    expect(again.fresh).toBe(false);
  });
  it('only remembers that entries wait: they lie in their own log', async () => {
    const file = await openFile();
    await file.add(added(audit));
    expect(ids(file)).toEqual(['audit']);
    expect(await readFile(path, 'utf8')).toBe('');
    await file.add(added(row));
    await file.done('audit');
    expect(ids(file)).toEqual([`case ${CASE}`]);
  });
  it('is unreadable on the disk, and empty when all is delivered', async () => {
    const file = await openFile();
    await file.add(added(row));
    const text = await readFile(path, 'utf8');
    expect(text.length).toBeGreaterThan(100);
    expect(text).not.toContain('标记');
    expect(Buffer.from(text, 'base64url').includes('139****0001')).toBe(false);
    await file.done(row.id);
    expect(await readFile(path, 'utf8')).toBe('');
    await file.add(added(end('a')));
    await file.close();
    expect(ids(await openFile())).toEqual(['a']);
  });
  it('mends a note that was cut through a character, which central never takes', async () => {
    await filled(added({ ...row, row: { ...row.row, followUp: '回\ud842' } }));
    expect((await openFile()).items).toEqual([added({ ...row, row: { ...row.row, followUp: '回\ufffd' } })]);
  });
  it('drops what a crash left of a last line', async () => {
    await filled(added(end('a')));
    await appendFile(path, 'AAAA');
    const again = await openFile();
    expect(ids(again)).toEqual(['a']);
    await again.add(added(end('b')));
    await again.close();
    expect(ids(await openFile())).toEqual(['a', 'b']);
  });
  it('takes a line that a crash kept from being told of: it does no harm', async () => {
    await filled(added(end('a')));
    const mark = await readFile(join(folder, 'mark.json'));
    await filled(added(end('b')));
    await writeFile(join(folder, 'mark.json'), mark);
    expect(ids(await openFile())).toEqual(['a', 'b']);
  });
  it('finishes what a crash interrupted when all was delivered', async () => {
    const file = await openFile();
    await file.add(added(end('a')));
    const lines = await readFile(path);
    await file.done('a');
    await file.close();
    await writeFile(path, lines);
    const again = await openFile();
    expect(ids(again)).toEqual([]);
    await again.add(added(end('b')));
    await again.close();
    expect(ids(await openFile())).toEqual(['b']);
  });
});

describe('what was delivered, while something waits', () => {
  const mark = () => join(folder, 'mark.json');
  /** a, b and c were added, b is delivered. */
  async function someDelivered() {
    const file = await openFile();
    for (const id of ['a', 'b', 'c']) await file.add(added(end(id)));
    await file.add(added(audit));
    await file.done('b');
    return file;
  }
  it('goes: the file then holds what waits, in order, and is written on as before', async () => {
    const file = await someDelivered();
    const before = await lines();
    expect(before).toHaveLength(4);
    await file.tidy();
    const after = await lines();
    expect(after).toHaveLength(3);
    for (const line of before) expect(after).not.toContain(line);
    await file.add(added(row));
    await file.done('a');
    expect(ids(file)).toEqual(['c', 'audit', row.id]);
    await file.close();
    const again = await openFile();
    expect(ids(again)).toEqual(['c', row.id]);
    await again.done('c');
    await again.done(row.id);
    expect(await lines()).toEqual([]);
  });
  it('goes at a start at the latest; nothing is written where nothing was delivered', async () => {
    await (await someDelivered()).close();
    const again = await openFile();
    expect(await lines()).toHaveLength(3);
    const rewrite = vi.spyOn(LineFile.prototype, 'rewrite');
    await again.tidy();
    await again.done('a');
    await again.done('c');
    await again.tidy();
    expect(rewrite).not.toHaveBeenCalled();
  });
  it('a crash before the new file is in its place leaves the old one, and no part of the other', async () => {
    const file = await someDelivered();
    await file.close();
    await writeFile(`${path}.partial`, 'AAAA');
    vi.spyOn(LineFile.prototype, 'rewrite').mockRejectedValueOnce(new Error('not now'));
    expect(ids(await openFile())).toEqual(['a', 'c']);
    expect(await readdir(folder)).toEqual(['mark.json', 'outbox.jsonl']);
  });
  it('a crash between file and mark loses nothing, and what is cut off then is missed as well', async () => {
    const file = await someDelivered();
    const old = await readFile(mark());
    await file.tidy();
    await file.close();
    const whole = await lines();
    await writeFile(mark(), old);
    for (const kept of [1, 2]) {
      await writeFile(path, `${whole.slice(0, kept).join('\n')}\n`);
      await expect(openFile()).rejects.toBeInstanceOf(StartRefusal);
    }
    await writeFile(path, `${whole.join('\n')}\n`);
    await (await openFile()).close();
    // And the mark has caught up.
    expect(JSON.parse(await readFile(mark(), 'utf8')).value).toEqual({ generation: 2, lines: 3 });
    expect(ids(await openFile())).toEqual(['a', 'c']);
  });
  it('does not come back: the file of before stands in for the new one no more', async () => {
    const file = await someDelivered();
    const old = await readFile(path);
    await file.tidy();
    await file.close();
    await writeFile(path, old);
    await expect(openFile()).rejects.toBeInstanceOf(StartRefusal);
  });
  it('a mark of before stands in for the new one only where a crash may have left it', async () => {
    const file = await openFile();
    await file.add(added(end('a')));
    const old = await readFile(mark());
    await file.done('a');
    await file.add(added(end('b')));
    await file.close();
    await writeFile(mark(), old);
    await expect(openFile()).rejects.toBeInstanceOf(StartRefusal);
  });
  it('stays where the disk is full, and nothing else suffers', async () => {
    const file = await someDelivered();
    const before = await readFile(path, 'latin1');
    await mkdir(`${path}.partial`);
    await expect(file.tidy()).rejects.toMatchObject({ error: { kind: 'storage-failed' } });
    await rmdir(`${path}.partial`);
    expect(await readFile(path, 'latin1')).toBe(before);
    // The new file is in its place when the mark does not fit.
    await mkdir(`${mark()}.partial`);
    await expect(file.tidy()).rejects.toMatchObject({ error: { kind: 'storage-failed' } });
    expect(await lines()).toHaveLength(3);
    // Nor does the file get further ahead of it than a start can follow.
    await file.done('a');
    await expect(file.tidy()).rejects.toMatchObject({ error: { kind: 'storage-failed' } });
    expect(await lines()).toHaveLength(4);
    await rmdir(`${mark()}.partial`);
    await file.add(added(row));
    await file.close();
    expect(ids(await openFile())).toEqual(['c', row.id]);
  });
  it('any order of adding, delivering, tidying and starting again: what waits is there', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ what: fc.constantFrom('add', 'done'), id: fc.constantFrom(...'abcde') }),
      },
      fc.record({ what: fc.constantFrom('tidy', 'start', 'lose the mark'), id: fc.constant('') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await rm(folder, { recursive: true, force: true });
        let file = await openFile();
        const waits = new Set<string>();
        for (const { what, id } of steps) {
          if (what === 'add') await file.add(added(end(id)));
          if (what === 'done') await file.done(id);
          if (what === 'add') waits.add(id);
          if (what === 'done') waits.delete(id);
          const before = await readFile(mark());
          if (what === 'tidy' || what === 'lose the mark') await file.tidy();
          if (what === 'start' || what === 'lose the mark') {
            await file.close();
            if (what === 'lose the mark') await writeFile(mark(), before);
            file = await openFile();
          }
          expect(ids(file)).toEqual([...waits]);
        }
        await file.close();
      }),
      { numRuns: runs() },
    );
  }, 120_000);
});

describe('damage', () => {
  it.each<[string, (all: string[]) => string[]]>([
    ['a flipped character', ([a = '', b = '']) => [`${a[0] === 'B' ? 'C' : 'B'}${a.slice(1)}`, b]],
    ['lines in another order', (all) => all.toReversed()],
    ['a line twice', ([a = '', b = '']) => [a, b, b]],
    ['the last line gone', ([a = '']) => [a]],
    ['all lines gone', () => []],
  ])('%s is a refusal in both languages, and nothing is touched', async (_, change) => {
    await filled(added(end('a')), added(end('b')));
    const changed = change(await lines())
      .map((line) => `${line}\n`)
      .join('');
    await writeFile(path, changed);
    const refusal = await openFile().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartRefusal);
    expect(refusal).toMatchObject({
      zh: expect.stringMatching(/待发件箱已损坏.*ZQ-4002/),
      en: expect.stringMatching(/outbox is damaged.*ZQ-4002/),
    });
    expect(await readFile(path, 'latin1')).toBe(changed);
  });
  it('an outbox of an earlier time does not stand in for this one', async () => {
    const file = await openFile();
    await file.add(added(end('a')));
    const old = await readFile(path);
    await file.done('a');
    await file.add(added(end('b')));
    await file.close();
    await writeFile(path, old);
    await expect(openFile()).rejects.toBeInstanceOf(StartRefusal);
  });
  it('of the mark is said as well; one that is gone only where nothing waits', async () => {
    const mark = join(folder, 'mark.json');
    await filled(added(end('a')));
    const whole = await readFile(mark, 'utf8');
    await writeFile(mark, whole.replace('"lines":1', '"lines":0'));
    await expect(openFile()).rejects.toBeInstanceOf(StartRefusal);
    await rm(mark);
    await expect(openFile()).rejects.toBeInstanceOf(StartRefusal);
    await writeFile(mark, whole);
    const file = await openFile();
    await file.done('a');
    await file.close();
    await rm(mark);
    expect((await openFile()).fresh).toBe(true);
  });
  it('any bit and any cut: everything is there, or the start is refused', async () => {
    await filled(added(end('a')), added(row), added(end('b')));
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.oneof(fc.nat(7), fc.constant('cut' as const)),
        async (at, how) => {
          await writeFile(path, whole);
          if (how === 'cut') await truncate(path, at);
          else await writeFile(path, whole.with(at, (whole[at] ?? 0) ^ (1 << how)));
          await expect(OutboxFile.open(folder, keys)).rejects.toBeInstanceOf(StartRefusal);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a disk that is full', () => {
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
  it('leaves no half item, whichever write it hits', async () => {
    const file = await openFile();
    await file.add(added(end('a')));
    const append = vi.spyOn(LineFile.prototype, 'append').mockRejectedValueOnce(full);
    await expect(file.add(added(row))).rejects.toMatchObject({ error: { kind: 'storage-failed' } });
    append.mockRestore();
    // The mark is what does not fit any more.
    await rm(join(folder, 'mark.json.partial'), { force: true });
    const before = await readFile(path, 'latin1');
    const blocked = join(folder, 'mark.json.partial');
    await mkdir(blocked);
    await expect(file.add(added(row))).rejects.toMatchObject({ error: { kind: 'storage-failed' } });
    expect(await readFile(path, 'latin1')).toBe(before);
    expect(ids(file)).toEqual(['a']);
    await rmdir(blocked);
    await file.add(added(row));
    await file.close();
    expect(ids(await openFile())).toEqual(['a', row.id]);
  });
});
