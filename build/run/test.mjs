// `npm test`: sets up, then every check in order; closes with one line `N passed, N failed` over all of them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv, chromium, electronBinary, node24, root, setUp } from './setup.mjs';

setUp();
const results = join(root, 'out', 'test');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

let passed = 0;
let failed = 0;
let skipped = 0;
const notes = [];
/** Checkers stay on this machine. */
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

function run(args, env = {}) {
  return (
    spawnSync(node24, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: childEnv({ ...quiet, ...env }),
    }).status ?? 1
  );
}

/** A check that is one thing: it holds or it does not. */
function check(name, args) {
  const started = Date.now();
  const status = run(args);
  if (status === 0) passed += 1;
  else {
    failed += 1;
    notes.push(`failed: ${name}`);
  }
  process.stdout.write(
    `${status === 0 ? 'ok' : 'FAILED'}  ${name}  (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
  return status === 0;
}

/** A runner that counts its own tests in a JSON report; a report that is missing or empty is a failure. */
function suite(name, args, reportFile, count, env = {}) {
  process.stdout.write(`\n== ${name}\n`);
  const status = run(args, env);
  let counted = { passed: 0, failed: 0, skipped: 0 };
  try {
    counted = count(JSON.parse(readFileSync(reportFile, 'utf8')));
  } catch {
    notes.push(`${name}: no readable report`);
  }
  passed += counted.passed;
  skipped += counted.skipped;
  failed += counted.failed;
  // A runner that failed outside of a test (or ran none) must not pass unseen.
  if ((status !== 0 && counted.failed === 0) || counted.passed + counted.failed === 0) {
    failed += 1;
    notes.push(`${name}: exit ${status}, ${counted.passed} tests counted`);
  }
}

const module = (path) => join(root, 'node_modules', path);
const vitestReport = join(results, 'vitest.json');
const e2eReport = join(results, 'e2e.json');

check('lint and format (biome)', [module('@biomejs/biome/bin/biome'), 'check', '.']);
check('house rules', ['build/lint/house-rules.ts']);
check('types (tsc)', [module('typescript/bin/tsc'), '--noEmit']);
check('unused files, exports, dependencies (knip)', [module('knip/bin/knip.js')]);
check('OpenAPI document (redocly)', [
  module('@redocly/cli/bin/cli.js'),
  'lint',
  'docs/central-api.openapi.json',
]);
const built = check('build', [module('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn']);
if (built) {
  suite(
    'unit, property and integration tests (vitest)',
    [
      module('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ],
    vitestReport,
    (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
    }),
  );
  suite(
    'end to end through real windows (playwright)',
    [module('@playwright/test/cli.js'), 'test', '-c', 'test/e2e/playwright.config.ts'],
    e2eReport,
    (report) => ({
      passed: report.stats.expected,
      failed: report.stats.unexpected + report.stats.flaky,
      skipped: report.stats.skipped,
    }),
    { ZHIQING_E2E_REPORT: e2eReport },
  );
}

const electron = electronBinary();
process.stdout.write('\n');
for (const note of notes) process.stdout.write(`${note}\n`);
process.stdout.write(
  electron
    ? `host: Electron (${electron})\n`
    : `host: Chromium host (test/host) driving ${chromium()}; the Electron binary was not there\n`,
);
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exit(failed === 0 ? 0 : 1);
