/** The short form of `npm run attack`: every attack on central, a choice of the rest; the whole takes minutes. */
import { describe, expect, test } from 'vitest';
import { ensureBuilt } from '../e2e/support/built.ts';
import { families } from './families.ts';
import { noCount, runFamily } from './run.ts';

/** Families that need no window, and what is tried of those that do. */
const choice: readonly [name: string, chosen: RegExp][] = [
  ['central: who speaks', /./],
  ['central: for whom', /./],
  ['central: what was signed', /./],
  ['central: how it was signed', /./],
  ['central: what is looked up', /./],
  ['central: what was logged', /./],
  ['central: taken back, witnessed, represented', /./],
  ['central: kept for a case', /./],
  ['one display', /./],
  ['staff renderer', /\/(channel|sender|sealed|search)\/|open-window\/(no-argument|picture)|run-code\/eval/],
];
/** Justified: a counter with its windows takes up to half a minute to stand on a busy machine. */
const LIMIT_MS = 240_000;

describe('attacks', () => {
  test('are on a list without a name twice, from every foothold', () => {
    const names = families.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(choice.every(([name]) => names.includes(name))).toBe(true);
  });

  test.each(choice)(
    '%s: all refused',
    async (name, chosen) => {
      const family = families.find((one) => one.name === name);
      if (!family) throw new Error('no such family');
      ensureBuilt();
      const count = noCount();
      const said: string[] = [];
      await runFamily(
        family,
        count,
        (line) => said.push(line),
        (id) => chosen.test(id),
      );
      expect(count.through, said.filter((line) => line.startsWith('THROUGH')).join('\n')).toEqual([]);
      expect(count.broken, said.filter((line) => line.startsWith('BROKEN')).join('\n')).toEqual([]);
      expect(count.tried).toBeGreaterThan(5);
      expect(count.controls).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
