import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchRecords } from './data/records.ts';
import { sealLookup } from './data/sealed.ts';
import { buildPage } from './page/build.ts';
import type { Operation, Outcome } from './page/operations.ts';
import { startBrowser } from './run/chromium.ts';
import { type Served, startServer } from './run/server.ts';

const size = Number(process.argv[2] ?? 10000);
const who = (process.argv[3] ?? 'dexie,sealed').split(',');
const folder = mkdtempSync('/tmp/bench/try-');
const site = join(folder, 'site');
await buildPage(site);
const records = benchRecords(size);
const small = benchRecords(50, 'small');
const lookups = new Map<string, Served>([
  ['main', { sealed: await sealLookup(records), records, subject: '13900010005', firstId: 0 }],
  ['small', { sealed: await sealLookup(small), records: small, subject: '13900010001', firstId: size }],
]);
const server = await startServer(site, lookups);
const from = records[Math.floor(records.length / 2)]!.at;
const bytes = lookups.get('main')!.sealed.pages;
console.log(
  'sealed bytes',
  bytes.metadata.reduce((s, p) => s + p.length, 0),
  bytes.content.reduce((s, p) => s + p.length, 0),
  'avg text',
  records.reduce((s, r) => s + r.text.length, 0) / size,
);
const { rootOf } = await import('./run/processes.ts');
const { writeFileSync } = await import('node:fs');
async function boosted(profile: string) {
  const browser = await startBrowser(profile, server.port);
  if (process.env.BOOST)
    writeFileSync(`/proc/${rootOf(`--user-data-dir=${profile}`)}/autogroup`, process.env.BOOST);
  return browser;
}
for (const contestant of who) {
  const profile = join(folder, `profile-${contestant}`);
  let browser = await boosted(profile);
  let page = await browser.open(contestant);
  const run = async (operation: Operation): Promise<Outcome> => {
    const outcome = await page.evaluate((o) => window.bench.run(o), operation);
    console.log(
      contestant,
      JSON.stringify(operation).slice(0, 60),
      outcome.ms.toFixed(1),
      outcome.result?.slice(0, 8) ?? '',
      JSON.stringify(outcome.parts ?? {}),
    );
    return outcome;
  };
  const before = browser.rendererMemory() ?? 0;
  await run({ is: 'load', lookup: 'main', rows: size });
  console.log('memory', (((browser.rendererMemory() ?? 0) - before) / 1e6).toFixed(1));
  for (const keyword of ['取件码', '验证码', '3599', '余额不足', '取件码'])
    await run({ is: 'search', keyword });
  await run({ is: 'range', from, until: from + 7 * 86_400_000 });
  await run({ is: 'counts' });
  await browser.close();
  const { execSync } = await import('node:child_process');
  console.log(
    execSync(
      `du -sb ${profile}/Default/IndexedDB "${profile}/Default/File System" 2>/dev/null || true`,
    ).toString(),
  );
  browser = await boosted(profile);
  page = await browser.open(contestant);
  await run({ is: 'reopen', lookup: 'main', count: 50 });
  await run({ is: 'search', keyword: '取件码' });
  await run({ is: 'append', lookup: 'small', rows: 50 });
  await run({ is: 'remove', subject: '13900010005' });
  await run({ is: 'counts' });
  await browser.close();
}
await server.close();
rmSync(folder, { recursive: true });
