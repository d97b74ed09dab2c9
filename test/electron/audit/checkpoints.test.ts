/** The file of checkpoints on a real disk: its handles are the system's. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CheckpointFile } from '../../../electron/audit/checkpoints.ts';
import { type AuditFiles, diskFiles } from '../../../electron/audit/files.ts';
import { auditOrigin, signCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { noteKey } from '../../../shared/canonical/signed-note.ts';
import { DEVICE, key, stateKey } from './support.ts';

const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
const signer = { ...(await noteKey(auditOrigin(DEVICE), 'ecdsa', spki)), privateKey: key.privateKey };
const root = new Uint8Array(32);
const NAME = 'checkpoints.jsonl';
/** Lines after which the file is written anew. */
const FULL = 2_000;

let folder: string;
let file: CheckpointFile;
let failing: 'before' | 'after' | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-checkpoints-'));
  failing = undefined;
});
afterEach(async () => {
  await file.close();
  await rm(folder, { recursive: true });
});

/** The disk, not synced line by line, on which a file can be written anew or not. */
function files(): AuditFiles {
  const disk = diskFiles(folder);
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
  return {
    ...disk,
    append: async (name) => ({ ...(await disk.append(name)), sync: async () => undefined }),
    async replace(name, bytes) {
      if (failing === 'before') throw full;
      await disk.replace(name, bytes);
      // As where the folder could not be synced.
      if (failing === 'after') throw full;
    },
  };
}
const open = () => CheckpointFile.open(files(), signer, stateKey);
const add = async (size: number) =>
  file.add({ size, root, note: await signCheckpoint({ size, root }, signer) });
const bytes = async () => (await diskFiles(folder).read(NAME))?.length ?? 0;

test.each(['before', 'after'] as const)(
  'a disk that is full when the file is written anew (%s) costs no line, and it is tried again',
  async (when) => {
    file = await open();
    for (let size = 0; size < FULL; size++) await add(size);
    const long = await bytes();
    failing = when;
    for (const size of [FULL, FULL + 1]) await add(size);
    expect(file.last?.size).toBe(FULL + 1);
    expect((await bytes()) > long).toBe(when === 'before');
    failing = undefined;
    await add(FULL + 2);
    expect(await bytes()).toBeLessThan(long / 5);
    await add(FULL + 3);
    await file.close();
    file = await open();
    expect(file.last?.size).toBe(FULL + 3);
    expect(file.all.length).toBeLessThan(FULL / 5);
  },
  60_000,
);
