import { defineConfig } from '@playwright/test';

/** Stories through real windows: each has its own central, profile, ports and Chromium, so that two can run at once. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../out/test/e2e',
  // A story mostly waits for one of its parts.
  workers: 2,
  retries: 0,
  // A visit takes some ten seconds on two busy cores; a hang must still end.
  timeout: 120_000,
  // Windows answer in well under a second; central and PDF may take several on a busy machine.
  expect: { timeout: 20_000 },
  reporter: [
    ['list'],
    ...(process.env.ZHIQING_E2E_REPORT
      ? ([['json', { outputFile: process.env.ZHIQING_E2E_REPORT }]] as ['json', { outputFile: string }][])
      : []),
  ],
});
