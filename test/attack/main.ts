/**
 * `npm run attack [-- PATTERN]`: every attack of docs/security.md against the running system, one line each, and
 * `N tried, N refused` at the end. Exit 1 when one got through or a control failed. PATTERN keeps the families whose
 * names match it.
 */
import { ensureBuilt } from '../e2e/support/built.ts';
import { shell } from '../e2e/support/counter.ts';
import { families } from './families.ts';
import { notTriedHere } from './not-tried.ts';
import { noCount, runFamily } from './run.ts';

const pattern = new RegExp(process.argv[2] ?? '.');
const say = (line: string) => void process.stdout.write(`${line}\n`);

ensureBuilt();
const started = Date.now();
const count = noCount();
for (const family of families.filter(({ name }) => pattern.test(name))) {
  say(`\n== ${family.name}`);
  await runFamily(family, count, say);
}

say('');
for (const [what, why] of notTriedHere) say(`not tried here  ${what} — ${why}`);
say(`\nhost: ${shell.name}`);
const footholds = [...count.footholds].map(([name, tried]) => `${name} ${tried}`).join(', ');
say(`by foothold: ${footholds}`);
say(`${count.controls} controls accepted, ${Math.round((Date.now() - started) / 1000)} s`);
say(`IPC fuzz: ${count.fuzzSent} messages tried, ${count.fuzzRefused} refused`);
for (const name of count.through) say(`GOT THROUGH: ${name}`);
for (const name of count.broken) say(`BROKEN: ${name}`);
say(`${count.tried} tried, ${count.refused} refused`);
process.exitCode = count.through.length + count.broken.length > 0 || count.tried === 0 ? 1 : 0;
