/** The usual tests with as many runs as asked for: a property that says `numRuns: 1_000` is run that much more often. */
import { defineConfig } from 'vitest/config';

const HOURS = 24 * 3_600_000;
const USUAL = 1_000;
const asked = Number(process.env.ZHIQING_RUNS);

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
    include: ['test/**/*.test.{ts,tsx}'],
    environment: 'node',
    testTimeout: HOURS,
    hookTimeout: 60_000,
  },
});
