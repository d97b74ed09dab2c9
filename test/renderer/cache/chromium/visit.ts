/** Runs one visit of the record store in a real browser and writes what came of it into the page. */
import '../../../../shared/contract/no-eval.ts';
import { sweepLeftovers } from '../../../../renderer/cache/sweep.ts';
import { createRecordStore } from '../../../../renderer/cache/worker-store.ts';
import { fromHex } from '../../../../shared/canonical/bytes.ts';
import type { RecordsAccess } from '../../../../shared/contract/contract.ts';
import { toAppError } from '../../../../shared/domain/errors.ts';
import { startNamed } from './named-store.ts';

const took: Record<string, number> = {};

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await work();
  took[name] = Math.round((performance.now() - start) * 10) / 10;
  return value;
}

const folder = await navigator.storage.getDirectory();

async function namesInFolder(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

function accessOf(said: { metadataSecret: string; contentSecret: string }): RecordsAccess {
  return {
    ...(said as unknown as RecordsAccess),
    metadataSecret: fromHex(said.metadataSecret),
    contentSecret: fromHex(said.contentSecret),
  };
}

async function visit(): Promise<unknown> {
  // What a crash would have left.
  await folder.getFileHandle('left-behind', { create: true });
  const swept = await sweepLeftovers();
  const said = await (await fetch('/access.json')).json();
  const access = accessOf(said);
  const store = createRecordStore();
  let steps = 0;
  await timed('open', () => store.open(access, () => steps++));
  const top50 = await timed('first 50 rows', async () => {
    const newest = await store.select({});
    return await store.readFull([...newest.slice(0, 50)]);
  });
  await timed('all held', () => store.whenHeld());
  await timed('all checked', () => store.whenChecked());
  const secretsLeft = [...access.metadataSecret, ...access.contentSecret].some((byte) => byte !== 0);
  const overview = await timed('overview', () => store.overview({}));
  const selected = await timed('select 7 days', () => store.select({ from: said.lastWeek, direction: 'in' }));
  const top = await timed('read 50 rows', () => store.readFull([...selected.slice(0, 50)]));
  const first = await timed('search first', () => store.select({ text: 'needle' }));
  const second = await timed('search second', () => store.select({ text: 'NEEDLE' }));
  await timed('search Chinese', () => store.select({ text: '取件码' }));
  await timed('prove 1 row', () => store.prove(first[0] ?? 0));
  const held = (await namesInFolder()).length;
  await timed('wipe', () => store.wipe());
  const left = (await namesInFolder()).length;
  const again = await crashAndReopen(said);
  const after = await store.select({}).catch((thrown: unknown) => toAppError(thrown).kind);
  return {
    took,
    swept,
    steps,
    secretsLeft,
    rows: overview.rows,
    days: overview.byDay.length,
    week: selected.length,
    newest: top[0]?.index,
    top: top.length,
    early: top50.length,
    first: [...first],
    second: [...second],
    held,
    left,
    again,
    after,
  };
}

/** A worker that ends in the midst of it; what it left is damaged, opened again, healed and wiped. */
async function crashAndReopen(said: Parameters<typeof accessOf>[0]): Promise<unknown> {
  const before = await startNamed('named', true);
  await before.store.open(accessOf(said), () => undefined);
  await before.store.readFull([0]);
  await before.store.whenHeld();
  before.abandon();
  const [name = ''] = await namesInFolder();
  await damage(name);
  const { store } = await startNamed('named', false);
  // The worker that has ended may still have the file for a moment.
  const open = async (): Promise<void> => {
    try {
      await store.open(accessOf(said), () => undefined);
    } catch (thrown) {
      if (toAppError(thrown).detail !== 'NoModificationAllowedError') throw thrown;
      await open();
    }
  };
  await timed('open again', open);
  const newest = await timed('first 50 again', async () =>
    store.readFull([...(await store.select({}))].slice(0, 50)),
  );
  const counted = (await store.overview({})).rows;
  await store.whenHeld();
  await timed('checked again', () => store.whenChecked());
  const hits = await store.select({ text: 'needle' });
  await store.wipe();
  return { name, newest: newest.length, counted, hits: [...hits], left: (await namesInFolder()).length };
}

/** Turns a byte in the midst of the file. */
async function damage(name: string): Promise<void> {
  const handle = await folder.getFileHandle(name);
  const file = await handle.getFile();
  const at = Math.floor(file.size / 2);
  const [byte = 0] = new Uint8Array(await file.slice(at, at + 1).arrayBuffer());
  const writable = await handle.createWritable({ keepExistingData: true });
  await writable.write({ type: 'write', position: at, data: new Uint8Array([byte ^ 1]) });
  await writable.close();
}

const outcome = await visit().catch((thrown: unknown) => ({
  failed: toAppError(thrown),
  name: String(thrown),
}));
const element = document.createElement('output');
element.id = 'outcome';
element.textContent = JSON.stringify(outcome);
document.body.append(element);
