import { defineConfig } from '@playwright/test';

/** Stories through real windows. One at a time: each has its own central, profile and Chromium. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../out/test/e2e',
  workers: 1,
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
