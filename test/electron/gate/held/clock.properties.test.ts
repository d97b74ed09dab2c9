/**
 * What is kept and what time does to it: the real cases under the real clock, while the machine runs, sleeps, is
 * switched off, crashes, has its clock set back and forth, and now and then hears central.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClock } from '../../../../electron/central/clock.ts';
import type { HeldCases } from '../../../../electron/gate/held/held-cases.ts';
import { runs } from '../../../support/runs.ts';
import { holdInput, Machine, NOW, UNTIL } from './scene.ts';

const DAY = 86_400_000;
const until = Date.parse(UNTIL);

type Step =
  | { readonly do: 'run' | 'sleep' | 'off' | 'crash'; readonly ms: number }
  /** The machine's clock is set forth or back by so much. */
  | { readonly do: 'set'; readonly by: number }
  /** An answer of central that was `late` on its way. */
  | { readonly do: 'hear'; readonly late: number };

const span = fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 40 * DAY }));
const back = setting(-400 * DAY, 0);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('run', 'sleep', 'off', 'crash'), ms: span }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hear' as const), late: fc.nat(60_000) }) },
  { weight: 1, arbitrary: back },
);
const forth = setting(1, 400 * DAY);

function setting(min: number, max: number): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant('set' as const), by: fc.integer({ min, max }) });
}

/** The world, and what the counter can know of its time at the least. */
class World {
  machine = new Machine();
  cases!: HeldCases;
  caseId = '';
  /** True time. */
  real = NOW;
  /** By how much the machine's clock is off. */
  #wrong = 0;
  #awake = 0;
  #clock = createClock();
  #mark: number | undefined = NOW;
  /** The counter has heard of it, and has been awake since. */
  #known = NOW;
  #setBack = false;

  /** Unless its clock was set back, the machine's own tells what it slept through, or was off for. */
  get known(): number {
    return this.#setBack ? this.#known : this.real;
  }

  async begin(): Promise<void> {
    await this.#start();
    const input = holdInput();
    this.caseId = input.caseId;
    await this.cases.hold(input);
    await this.cases.keep(input.caseId);
  }

  async #start(): Promise<void> {
    this.#awake = 0;
    this.#clock = createClock(
      () => this.real + this.#wrong,
      () => this.#awake,
      {
        mark: this.#mark,
        keep: (mark) => {
          this.#mark = mark;
        },
      },
    );
    this.machine = this.machine.afterCut();
    this.machine.clock = this.#clock;
    this.cases = await this.machine.start();
  }

  async take(one: Step): Promise<void> {
    switch (one.do) {
      case 'run':
        this.real += one.ms;
        this.#awake += one.ms;
        this.#known += one.ms;
        break;
      case 'sleep':
        this.real += one.ms;
        break;
      case 'set':
        this.#wrong += one.by;
        if (one.by < 0) this.#setBack = true;
        break;
      case 'hear':
        this.#clock.observe(this.real - one.late);
        this.#known = Math.max(this.#known, this.real - one.late);
        break;
      case 'off':
      case 'crash':
        // Going down in order writes the mark; what a crash leaves is the last one that central gave.
        if (one.do === 'off') this.#mark = Math.max(this.#mark ?? 0, this.#clock.now());
        await this.cases.stop();
        this.real += one.ms;
        this.#known = this.#mark ?? 0;
        await this.#start();
        break;
    }
    this.cases.enforce();
    while (this.cases.list().some(({ state }) => state === 'ending'))
      await new Promise((resolve) => setImmediate(resolve));
  }

  get isThere(): boolean {
    return this.cases.current(this.caseId) !== undefined;
  }
}

async function play(steps: readonly Step[], judge: (world: World) => void): Promise<void> {
  const world = new World();
  await world.begin();
  try {
    for (const one of steps) {
      await world.take(one);
      judge(world);
    }
  } finally {
    await world.cases.stop();
  }
}

/** Destroyed once, with its entry and evidence, and never there again. */
function judgeGone({ machine, cases }: World): void {
  expect([machine.disk.names(), cases.list()]).toEqual([[], []]);
  expect(machine.actions()).toEqual(['records-held', 'keys-destroyed expired']);
  expect(machine.outbox.size).toBe(1);
}

it('never outlives its date by anything that the counter can know, whatever is done to its clock', async () => {
  const seen = { gone: 0, there: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: step }, forth), { maxLength: 12 }),
      (steps) => {
        let gone = false;
        return play(steps, (world) => {
          if (world.known >= until) expect(world.isThere, 'past its date').toBe(false);
          if (gone) expect(world.isThere, 'gone is gone').toBe(false);
          gone = !world.isThere;
          if (gone) judgeGone(world);
          seen[gone ? 'gone' : 'there'] += 1;
        });
      },
    ),
    { numRuns: runs(200) },
  );
  expect(seen.gone, 'both happen').toBeGreaterThan(50);
  expect(seen.there, 'both happen').toBeGreaterThan(50);
});

it('is not destroyed before its date while nobody sets the machine’s clock forth', async () => {
  let early = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), (steps) =>
      play(steps, (world) => {
        if (world.real >= until) return;
        early += 1;
        expect(world.isThere).toBe(true);
      }),
    ),
    { numRuns: runs(200) },
  );
  expect(early, 'it happens').toBeGreaterThan(50);
});
