/** The usual tests with as many runs as asked for: a property that says `numRuns: 1_000` is run that much more often. */
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

const HOURS = 24 * 3_600_000;
const USUAL = 1_000;
const asked = Number(process.env.ZHIQING_RUNS);
/** A run on the real core costs a seventh of a second: the cores of the machine share them. */
const DEAR = 'test/electron/properties/**/*.test.ts';
const shares = availableParallelism();

export default defineConfig({
  plugins: [
    {
      name: 'zhiqing-soak-runs',
      transform(code, id) {
        if (!/\.test\.tsx?$/.test(id) || !Number.isInteger(asked)) return undefined;
        return code.replaceAll(/numRuns: ([\d_]+)/g, (_, usual: string) => {
          const runs = Math.max(1, Math.round((Number(usual.replaceAll('_', '')) * asked) / USUAL));
          return `numRuns: ${runs}`;
        });
      },
    },
  ],
  test: {
    environment: 'node',
    // The shares run side by side: by itself a run leaves one of two cores idle.
    maxWorkers: '100%',
    testTimeout: HOURS,
    hookTimeout: 60_000,
    // How far it is, while it goes on.
    disableConsoleIntercept: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'each once',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, DEAR],
        },
      },
      ...Array.from({ length: shares }, (_, i) => ({
        extends: true as const,
        test: {
          name: `share ${i + 1} of ${shares}`,
          include: [DEAR],
          env: Number.isInteger(asked) ? { ZHIQING_RUNS: String(Math.ceil(asked / shares)) } : {},
        },
      })),
    ],
  },
});
