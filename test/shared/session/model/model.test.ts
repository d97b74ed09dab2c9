/** Every reachable state within the stated bounds, each of the invariants in every one of them. */
import { describe, expect, it } from 'vitest';
import { soaking } from '../../../support/runs.ts';
import { centralProperties } from './central-alone.ts';
import { checkCentral, checkGate, checkMachine, checkWhole, type Finding, report } from './check.ts';
import { someSecrets } from './core-alone.ts';
import { invariants } from './invariants.ts';
import { everything } from './slices.ts';
import { deepBounds } from './whole.ts';

const DEEP_STATES = 2_000_000;
const HOURS = 4 * 3_600_000;

function holds(title: string, finding: Finding): void {
  console.log(report(title, finding));
  expect(finding.violation, 'shortest trace to a violation').toBeUndefined();
}

describe('model', () => {
  it('has each of the twenty invariants, and that of what is kept', () => {
    const ids = new Set(invariants.map(({ id }) => id));
    expect([...ids].sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
  });
  it('the visit machine by itself', { timeout: 300_000 }, () => {
    const finding = checkMachine();
    holds('machine', finding);
    expect(finding.unreached).toEqual([]);
  });
  it('the core’s gate by itself', async () => {
    const finding = checkGate(await someSecrets());
    holds('gate', finding);
    expect(finding.unreached).toEqual([]);
  });
  it('central by itself', { timeout: 300_000 }, () => {
    const finding = checkCentral();
    holds('central', finding);
    expect(finding.unreached).toEqual([]);
    expect(centralProperties.length).toBeGreaterThan(0);
  });
  it('machine, core, windows, wire, disk and central together', { timeout: 300_000 }, async () => {
    const finding = checkWhole(await someSecrets());
    holds('whole', finding);
    expect(finding.unreached).toEqual([]);
  });
});

if (soaking) {
  describe('model, deeper', () => {
    it('the visit machine, everything varied at once', { timeout: HOURS }, () => {
      holds('machine, everything', checkMachine(undefined, [everything]));
    });
    it('powers of the adversary together', { timeout: HOURS }, async () => {
      const progress = (states: number) => console.log(`  … ${states} states`);
      const finding = checkWhole(await someSecrets(), deepBounds, undefined, {
        maxStates: DEEP_STATES,
        progress,
      });
      holds('whole, deeper', finding);
    });
  });
}
