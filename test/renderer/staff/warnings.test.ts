/** When the staff window says that something waits too long, or that the line is away. */
import { describe, expect, it } from 'vitest';
import { outboxAdvice } from '../../../renderer/staff/shell/warnings.tsx';
import { isAway } from '../../../renderer/staff/visit/offline-note.tsx';
import type { Status } from '../../../shared/contract/views.ts';
import { badStatus, status } from '../gallery/staff-scenes.ts';

describe('what waits for central', () => {
  const advice = (outbox: Status['outbox'], base = status) => outboxAdvice({ ...base, outbox });
  it('is no news for two minutes', () => {
    expect(advice({ count: 0 })).toBeUndefined();
    expect(advice({ count: 3, oldestSeconds: 119, waitsFor: 'it' })).toBeUndefined();
  });
  it('then says who can do something about it', () => {
    for (const waitsFor of ['line', 'staff', 'it'] as const)
      expect(advice({ count: 1, oldestSeconds: 120, waitsFor })).toBe(waitsFor);
    expect(advice({ count: 1, oldestSeconds: 120 })).toBe('it');
    expect(advice({ count: 1, oldestSeconds: 120 }, badStatus)).toBe('line');
  });
  it('after a day is a matter for IT at once', () => {
    expect(advice({ count: 1, oldestSeconds: 86_400, waitsFor: 'staff' })).toBe('day');
  });
});

describe('the line', () => {
  it('is away when central is silent, also where it answered a moment ago', () => {
    const away = (state: Status['central']['state'], lastTryFailed: boolean) =>
      isAway({ state, lastTryFailed });
    expect(away('unreachable', true)).toBe(true);
    expect(away('connected', true)).toBe(true);
    expect(away('connected', false)).toBe(false);
    // An impostor, or nobody yet: other words are for that.
    expect(away('refused', true)).toBe(false);
    expect(away('waiting', false)).toBe(false);
  });
});
