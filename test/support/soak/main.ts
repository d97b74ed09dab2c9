/**
 * `npm run soak`: every property 100,000 times, the model with deeper bounds, all mutants. Hours. `ZHIQING_RUNS=N`
 * changes the number of runs; arguments choose test files, as vitest takes them.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const RUNS = '100000';
const root = join(import.meta.dirname, '..', '..', '..');

/** Test files with properties, the model's among them. */
function propertyFiles(): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /numRuns|soaking|checkMachine/.test(readFileSync(path, 'utf8')))
    .map((path) => relative(root, path));
}

const chosen = process.argv.slice(2);
const files = chosen.length > 0 ? chosen : propertyFiles();
const { ZHIQING_RUNS: runs = RUNS } = process.env;
process.stdout.write(`soak: ${files.length} files, ${runs} runs a property\n`);
const started = Date.now();
const child = spawn(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    'test/support/soak/vitest.config.ts',
    ...files,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ZHIQING_RUNS: runs, ZHIQING_SOAK: '1' } },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.stdout.write(
    `soak: ${((Date.now() - started) / 60_000).toFixed(1)} minutes, ${code === 0 ? 'all held' : 'FAILED'}\n`,
  );
  process.exit(signal ? 1 : (code ?? 1));
});
