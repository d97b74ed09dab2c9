/** Runs one visit of the record store in a real browser and writes what came of it into the page. */
import '../../../../shared/contract/no-eval.ts';
import { sweepLeftovers } from '../../../../renderer/cache/sweep.ts';
import { createRecordStore } from '../../../../renderer/cache/worker-store.ts';
import { fromHex } from '../../../../shared/canonical/bytes.ts';
import type { RecordsAccess } from '../../../../shared/contract/contract.ts';
import { toAppError } from '../../../../shared/domain/errors.ts';

const took: Record<string, number> = {};

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await work();
  took[name] = Math.round((performance.now() - start) * 10) / 10;
  return value;
}

async function visit(): Promise<unknown> {
  // What a crash would have left.
  await new Promise((resolve) => {
    const request = indexedDB.open('left-behind');
    request.onsuccess = () => {
      request.result.close();
      resolve(undefined);
    };
  });
  const swept = await sweepLeftovers();
  const said = await (await fetch('/access.json')).json();
  const access: RecordsAccess = {
    ...said,
    metadataSecret: fromHex(said.metadataSecret),
    contentSecret: fromHex(said.contentSecret),
  };
  const store = createRecordStore(() => undefined);
  let steps = 0;
  await timed('open', () => store.open(access, () => steps++));
  const top50 = await timed('first 50 rows', async () => {
    const newest = await store.select({});
    return await store.readFull([...newest.slice(0, 50)]);
  });
  await timed('all held', () => store.whenHeld());
  const secretsLeft = [...access.metadataSecret, ...access.contentSecret].some((byte) => byte !== 0);
  const overview = await timed('overview', () => store.overview({}));
  const selected = await timed('select 7 days', () => store.select({ from: said.lastWeek, direction: 'in' }));
  const top = await timed('read 50 rows', () => store.readFull([...selected.slice(0, 50)]));
  const first = await timed('search first', () => store.select({ text: 'needle' }));
  const second = await timed('search second', () => store.select({ text: 'NEEDLE' }));
  await timed('search Chinese', () => store.select({ text: '取件码' }));
  await timed('prove 1 row', () => store.prove(first[0] ?? 0));
  const held = (await indexedDB.databases()).length;
  await timed('wipe', () => store.wipe());
  const left = (await indexedDB.databases()).length;
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
    after,
  };
}

const outcome = await visit().catch((thrown: unknown) => ({
  failed: toAppError(thrown),
  name: String(thrown),
}));
const element = document.createElement('output');
element.id = 'outcome';
element.textContent = JSON.stringify(outcome);
document.body.append(element);
