import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../../electron/central/clock.ts';

describe('trusted clock', () => {
  it('goes by the machine until central is heard, then by central', () => {
    let mono = 0;
    const clock = createClock(
      () => 1_000_000,
      () => mono,
    );
    expect(clock.now()).toBe(1_000_000);
    expect(clock.skewSeconds()).toBeUndefined();
    mono = 500;
    clock.observe(400_000);
    expect(clock.now()).toBe(400_000);
    mono = 1500;
    expect(clock.now()).toBe(401_000);
  });
  it('never goes back once central was heard, whatever it is told and however the machine is set', () => {
    const step = fc.record({
      server: fc.integer({ min: 0, max: 2_000_000 }),
      wall: fc.integer(),
      passed: fc.nat(5_000),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let mono = 0;
        let wall = 0;
        const clock = createClock(
          () => wall,
          () => mono,
        );
        let last = Number.NEGATIVE_INFINITY;
        for (const [i, { server, wall: set, passed }] of steps.entries()) {
          mono += passed;
          wall = set;
          clock.observe(server);
          if (i > 0) expect(clock.now()).toBeGreaterThanOrEqual(last);
          last = clock.now();
        }
      }),
      { numRuns: 1000 },
    );
  });
});
