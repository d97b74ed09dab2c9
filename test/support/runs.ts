/** How hard properties are tried: 1,000 runs in every test run, more in the soak (`ZHIQING_RUNS`). */
const USUAL = 1_000;

/** Runs of a property. `usual` for what is too dear to be run a thousand times in every test run. */
export function runs(usual = USUAL): number {
  const asked = Number(process.env.ZHIQING_RUNS);
  return Number.isInteger(asked) && asked > 0 ? Math.max(1, Math.round((asked * usual) / USUAL)) : usual;
}

/** Whether this is the soak, where searches go deeper. */
export const soaking = process.env.ZHIQING_SOAK === '1';
