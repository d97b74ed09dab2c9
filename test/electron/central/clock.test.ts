import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, openClock, type TrustedClock } from '../../../electron/central/clock.ts';

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

/** A machine whose clock is set, which sleeps, and whose core is started again. */
class Machine {
  /** What time it really is. */
  truth = 1_000_000_000;
  #offset = 0;
  #mono = 0;
  #mark: number | undefined;
  clock: TrustedClock;
  constructor() {
    this.clock = this.start();
  }
  start(): TrustedClock {
    this.#mono = 0;
    this.clock = createClock(
      () => this.truth + this.#offset,
      () => this.#mono,
      {
        mark: this.#mark,
        keep: (mark) => {
          this.#mark = mark;
        },
      },
    );
    return this.clock;
  }
  run(ms: number): void {
    this.truth += ms;
    this.#mono += ms;
  }
  /** Time goes by, the monotonic clock does not. */
  sleep(ms: number): void {
    this.truth += ms;
  }
  set(offset: number): void {
    this.#offset = offset;
  }
}

const event = fc.oneof(
  fc.record({ do: fc.constant('run' as const), ms: fc.nat(600_000) }),
  fc.record({ do: fc.constant('sleep' as const), ms: fc.nat(36_000_000) }),
  fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -4e10, max: 4e10 }) }),
  fc.record({ do: fc.constant('hear' as const), ms: fc.nat(5_000) }),
  fc.record({ do: fc.constant('restart' as const), ms: fc.nat(1_000) }),
);
const story = fc.array(event, { minLength: 1, maxLength: 40 });

function play(machine: Machine, one: { do: string; ms: number }): void {
  if (one.do === 'run') machine.run(one.ms);
  else if (one.do === 'sleep') machine.sleep(one.ms);
  else if (one.do === 'set') machine.set(one.ms);
  else if (one.do === 'restart') machine.start();
  // An answer is as old as the line is slow.
  else machine.clock.observe(machine.truth - one.ms);
}

describe('expiry under any clock', () => {
  it('the time told never falls below what was kept, over set clocks, sleep and restarts', () => {
    fc.assert(
      fc.property(story, (events) => {
        const machine = new Machine();
        machine.clock.observe(machine.truth);
        let kept = machine.clock.now();
        for (const one of events) {
          const before = machine.clock.now();
          play(machine, one);
          if (one.do === 'restart') expect(machine.clock.now()).toBeGreaterThanOrEqual(kept);
          else expect(machine.clock.now()).toBeGreaterThanOrEqual(before);
          // What an answer told is on the disk.
          if (one.do === 'hear') kept = machine.clock.now();
          // Central's time is never overtaken by more than was slept through before central said so.
          expect(machine.clock.now()).toBeLessThanOrEqual(machine.truth + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('what has expired stays expired, and setting the clock back never makes it last longer', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 0, max: 10_000_000 }), (events, minutes) => {
        const machine = new Machine();
        machine.clock.observe(machine.truth);
        const expiresAt = machine.truth + minutes;
        let ran = 0;
        let over = false;
        for (const one of events) {
          // A restart holds no keys any more: nothing is left that could expire.
          if (one.do === 'restart') return;
          play(machine, one);
          if (one.do === 'run') ran += one.ms;
          const passed = machine.clock.hasPassed(expiresAt);
          if (over) expect(passed).toBe(true);
          over ||= passed;
          // Awake for as long as the consent lasts: it is over, whatever the clock on the wall says.
          if (ran >= minutes + 1) expect(passed).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('sleep counts: a consent that ended while the machine slept has ended', () => {
    const machine = new Machine();
    machine.clock.observe(machine.truth);
    const expiresAt = machine.truth + 30 * 60_000;
    machine.sleep(31 * 60_000);
    expect(machine.clock.now()).toBeLessThan(expiresAt);
    expect(machine.clock.hasPassed(expiresAt)).toBe(true);
    // Setting the clock back afterwards changes nothing.
    machine.set(-100_000_000);
    expect(machine.clock.hasPassed(expiresAt)).toBe(true);
  });
});

describe('the mark on the disk', () => {
  let folder: string;
  const key = Buffer.alloc(32, 7);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zhiqing-clock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('holds the time over a restart', async () => {
    const first = await openClock(folder, key);
    const later = Date.now() + 400_000;
    first.observe(later);
    await first.close();
    const second = await openClock(folder, key);
    expect(second.now()).toBeGreaterThanOrEqual(later);
    expect(second.mark).toBe('kept');
    // Central is authority upwards only.
    second.observe(later - 300_000);
    expect(second.now()).toBeGreaterThanOrEqual(later);
  });

  it('counts for nothing when it was altered, or is of another counter', async () => {
    const first = await openClock(folder, key);
    first.observe(Date.now());
    await first.close();
    const path = join(folder, 'clock.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"highWater":\d+/, '"highWater":1'));
    expect((await openClock(folder, key)).mark).toBe('altered');
    await writeFile(path, text);
    expect((await openClock(folder, Buffer.alloc(32, 8))).mark).toBe('altered');
    expect((await openClock(folder, key)).mark).toBe('kept');
  });

  it('that is lost does not let the time fall behind what was written down, until central is heard', async () => {
    const clock = await openClock(folder, key);
    expect(clock.mark).toBe('missing');
    const last = Date.now() + 90 * 86_400_000;
    clock.standIn(last);
    expect(clock.now()).toBeGreaterThanOrEqual(last);
    clock.standIn(last - 1_000);
    expect(clock.now()).toBeGreaterThanOrEqual(last);
    // Central knows better, downwards too: what was written down by the machine's own clock may have been ahead.
    const said = Date.now();
    clock.observe(said);
    expect(clock.now() - said).toBeLessThan(10_000);
    clock.standIn(last);
    expect(clock.now() - said).toBeLessThan(10_000);
    await clock.close();
  });

  it('is not written before central was heard', async () => {
    const clock = await openClock(folder, key);
    await clock.close();
    await expect(readFile(join(folder, 'clock.json'), 'utf8')).rejects.toThrow('ENOENT');
  });
});
