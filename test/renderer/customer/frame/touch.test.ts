import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HEARTBEAT_MS, throttle } from '../../../../renderer/customer/frame/touch.ts';

test('a heartbeat goes out at once and at most once a second', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1 }), (gaps) => {
      let now = 0;
      const due = throttle(HEARTBEAT_MS, () => now);
      const sent: number[] = [];
      expect(due()).toBe(true);
      sent.push(now);
      for (const gap of gaps) {
        now += gap;
        if (due()) sent.push(now);
        expect(now - (sent.at(-1) ?? 0)).toBeLessThan(HEARTBEAT_MS);
      }
      sent.forEach((at, i) => {
        if (i > 0) expect(at - (sent[i - 1] ?? 0)).toBeGreaterThanOrEqual(HEARTBEAT_MS);
      });
    }),
    { numRuns: 1_000 },
  );
});
