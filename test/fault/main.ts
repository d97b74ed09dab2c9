/**
 * `npm run fault [-- --quick] [--seed N] [--only WORD]`: what a counter must survive, done to it; one line a family,
 * then `N injected, N survived, 0 lost`. Ends with 1 when anything was lost, with 2 when the command line is wrong.
 */
import { ensureBuilt } from '../e2e/support/built.ts';
import { shell } from '../e2e/support/counter.ts';
import { families } from './families.ts';
import { type FaultOptions, readOptions, UsageError } from './options.ts';
import { runFamilies } from './run.ts';

const say = (line: string) => {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stdout.write(`${line}\n`);
};
const progress = (words: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words.slice(0, 100)}`);
};

async function main(): Promise<number> {
  let options: FaultOptions;
  try {
    options = readOptions(
      process.argv.slice(2),
      families.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  ensureBuilt();
  const { quick, seed, only } = options;
  say(`fault: ${quick ? 'short' : 'long'} form, seed ${seed}, host ${shell.name}`);
  const chosen = families.filter(({ name }) => only === undefined || name.includes(only));
  const { injected, survived, lost } = await runFamilies(chosen, options, say, progress);
  if (lost > 0) say(`play it again: npm run fault -- ${quick ? '--quick ' : ''}--seed ${seed}`);
  say(`${injected} injected, ${survived} survived, ${lost} lost`);
  return lost > 0 || injected === 0 ? 1 : 0;
}

process.exit(await main());
