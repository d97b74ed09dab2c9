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

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Names of everything that this origin keeps. */
async function namesKept(): Promise<string[]> {
  const names = (await indexedDB.databases()).map(({ name = '' }) => name);
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
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
  (await settled(indexedDB.open('left-behind'))).close();
  const swept = await sweepLeftovers();
  const said = await (await fetch('/access.json')).json();
  const access = accessOf(said);
  const store = createRecordStore(() => undefined);
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
  const held = (await namesKept()).length;
  await timed('wipe', () => store.wipe());
  const left = (await namesKept()).length;
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
  const [name = ''] = await namesKept();
  await damage(name);
  const { store } = await startNamed('named', false);
  await timed('open again', () => store.open(accessOf(said), () => undefined));
  const newest = await timed('first 50 again', async () =>
    store.readFull([...(await store.select({}))].slice(0, 50)),
  );
  const counted = (await store.overview({})).rows;
  await store.whenHeld();
  await timed('checked again', () => store.whenChecked());
  const hits = await store.select({ text: 'needle' });
  await store.wipe();
  return { name, newest: newest.length, counted, hits: [...hits], left: (await namesKept()).length };
}

/** Turns a byte in the midst of the blocks. */
async function damage(name: string): Promise<void> {
  const database = await settled(indexedDB.open(name));
  const blocks = database.transaction('blocks', 'readwrite').objectStore('blocks');
  const all: { sealed: Uint8Array }[] = await settled(blocks.getAll());
  const one = all[all.length >> 1];
  if (one === undefined) throw new Error('nothing to damage');
  const { sealed } = one;
  sealed[sealed.length >> 1] = (sealed[sealed.length >> 1] ?? 0) ^ 1;
  await settled(blocks.put(one));
  database.close();
}

const outcome = await visit().catch((thrown: unknown) => ({
  failed: toAppError(thrown),
  name: String(thrown),
}));
const element = document.createElement('output');
element.id = 'outcome';
element.textContent = JSON.stringify(outcome);
document.body.append(element);
