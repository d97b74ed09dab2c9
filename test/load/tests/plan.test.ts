import { describe, expect, test } from 'vitest';
import { planDay, planRush } from '../plan.ts';

const asked = { counters: 1_000, minutes: 10, stretch: 2 };

describe('a day', () => {
  test('has a visit of every counter in its time where the machine bears it', () => {
    expect(planDay(asked, 10)).toEqual({ visits: 1_000, windowSeconds: 600 });
  });

  test('is longer where the machine bears less, and then has fewer visits', () => {
    expect(planDay(asked, 2.5)).toEqual({ visits: 1_000, windowSeconds: 1_000 });
    const slow = planDay(asked, 1);
    expect(slow.visits).toBe(480);
    expect(slow.windowSeconds).toBeCloseTo(1_200);
    expect(planDay({ ...asked, stretch: 1 }, 1).visits).toBe(240);
    expect(planDay(asked, 0.000_1).visits).toBe(1);
  });
});

test('a rush is four times as fast as the day, or as fast as the machine bears', () => {
  const day = planDay(asked, 10);
  expect(planRush(day, 10)).toEqual({ visits: 1_000, windowSeconds: 150 });
  expect(planRush(day, 2).windowSeconds).toBeCloseTo(1_000 / 1.5);
});
