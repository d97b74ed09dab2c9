import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contrast,
  customerScale,
  customerTheme,
  day,
  night,
  staffTheme,
  textPairs,
} from '../../../renderer/ui/theme.ts';

describe('contrast', () => {
  it('is 21 for black on white, 1 for a colour on itself, and the same both ways', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, colour, (a, b) => {
        expect(contrast(a, a)).toBeCloseTo(1, 9);
        expect(contrast(a, b)).toBeCloseTo(contrast(b, a), 9);
        expect(contrast(a, b)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the palettes', () => {
  it.each([
    ['day', day],
    ['night', night],
  ])('%s: every pair of text and ground is at least AA', (_, palette) => {
    const poor = textPairs.filter(([text, ground]) => contrast(palette[text], palette[ground]) < 4.5);
    expect(poor).toEqual([]);
  });

  it.each([
    ['day', day],
    ['night', night],
  ])('%s: edges of controls stand out from their grounds 3:1', (_, palette) => {
    expect(contrast(palette.edge, palette.paper)).toBeGreaterThanOrEqual(3);
    expect(contrast(palette.edge, palette.raised)).toBeGreaterThanOrEqual(3);
  });

  it("the customer's body text is AAA on every ground", () => {
    for (const ground of ['paper', 'raised', 'sunken', 'tealWash', 'amberWash', 'redWash'] as const) {
      expect(contrast(day.ink, day[ground])).toBeGreaterThanOrEqual(7);
    }
    expect(contrast(day.soft, day.paper)).toBeGreaterThanOrEqual(7);
    expect(contrast(day.soft, day.raised)).toBeGreaterThanOrEqual(7);
  });
});

describe('the themes', () => {
  it('set 14/22 for staff, 24/36 and 32/48 for the customer, targets of 64 and more', () => {
    expect(staffTheme.token).toMatchObject({ fontSize: 14, controlHeight: 32 });
    expect(customerTheme(false).token).toMatchObject({ fontSize: 24, controlHeight: 64 });
    expect(customerTheme(true).token?.fontSize).toBe(32);
    expect(customerScale(true).line).toBe(48);
    expect(customerScale(true).target).toBeGreaterThanOrEqual(64);
  });
});
