import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Every mutant of the machine and the gate takes minutes: `npm run mutants`.
    exclude: [...configDefaults.exclude, 'test/shared/session/model/mutants.test.ts'],
    environment: 'node',
    // By itself a run leaves one of two cores idle.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
