/**
 * `npm run load -- [--counters N] [--minutes M] [--processes N] [--database URL] [--quick]`
 *
 * Many counters against several processes of central over one PostgreSQL. Figures on the screen and in
 * `out/load.json`; ends with 1 when anything failed, was lost or is there twice.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LoadOptions, OptionError, readOptions, USAGE } from './options.ts';
import { figures, screen } from './report.ts';
import { run } from './run.ts';
import { shortcomings } from './verdict.ts';

const out = join(import.meta.dirname, '..', '..', 'out');

function optionsOrEnd(): LoadOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

const options = optionsOrEnd();
const began = performance.now();
const say = (line: string) => {
  process.stdout.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
};
let close = async (): Promise<void> => undefined;
// Whoever stops the run leaves no server behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    say('stopping');
    void close().finally(() => process.exit(130));
  });
const result = await run(options, say, (how) => {
  close = how;
});
await mkdir(out, { recursive: true });
const file = join(out, 'load.json');
await writeFile(file, `${JSON.stringify(figures(options, result), undefined, 2)}\n`);
process.stdout.write(`\n${screen(options, result)}\n\nall figures: ${file}\n`);
process.exitCode = shortcomings(result, options).length === 0 ? 0 : 1;
