import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CaseRow, caseRowSchema, followUpOf } from '../../../shared/domain/case.ts';
import { maskName, maskNumber, redactDigits } from '../../../shared/domain/mask.ts';

const row: CaseRow = {
  caseId: '0b9d4f3e-2f3a-4c5d-8e6f-7a8b9c0d1e2f',
  serial: 1,
  customerName: '张*',
  maskedNumber: '139****0001',
  date: '2026-01-01',
  closedAt: '2026-01-01T08:00:00.000Z',
  staffId: '1024',
  summary: {
    categories: ['sms'],
    from: '2025-12-01',
    to: '2025-12-31',
    purpose: 'own-copy',
    outcome: 'completed',
  },
  analysis: { rows: 1, received: 1, sent: 0, released: 0 },
  followUp: '无需后续',
};
const takes = (change: Partial<CaseRow>) => caseRowSchema.safeParse({ ...row, ...change }).success;

describe('a row of the day list', () => {
  it('is taken masked, whatever the name, number and note were', () => {
    expect(takes({ customerName: '—' })).toBe(true);
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 20 }),
        fc.stringMatching(/^1[3-9]\d{9}$/),
        fc.string({ maxLength: 200 }),
        (name, number, note) => {
          // A line break is no part of a name; the schema's dot says so.
          fc.pre(!/[\n\r\u2028\u2029]/.test(name));
          expect(
            takes({
              customerName: maskName(name),
              maskedNumber: maskNumber(number),
              followUp: redactDigits(note),
            }),
          ).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
  it.each([
    ['a full number', { maskedNumber: '13900010001' }],
    ['half a mask', { maskedNumber: '139**010001' }],
    ['a full name', { customerName: '张三' }],
    ['a number in the note', { followUp: '请回电 139 0001 0001' }],
    ['half a character in the note', { followUp: '回\ud842' }],
    ['a sign that no database of JSON takes', { followUp: '回\0' }],
  ])('is refused with %s', (_what, change) => {
    expect(takes(change)).toBe(false);
  });
});

describe('what a clerk wrote', () => {
  it('makes a row whatever they wrote, and says the same when it is read again', () => {
    const unit = fc.oneof(
      fc.constantFrom('𠮷', '\ud842', '\udfb7', '\0', ' ', '-', 'x'),
      fc.integer({ min: 0, max: 9 }).map(String),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 700, size: 'max' }), (units) => {
        const followUp = followUpOf(units.join(''));
        expect(takes({ followUp })).toBe(true);
        expect(followUpOf(followUp)).toBe(followUp);
      }),
      { numRuns: 500 },
    );
  });
  it('is cut at a whole character, and never through one', () => {
    // The mask of seven digits is longer than they are.
    const typed = `1234567 ${'回'.repeat(489)}𠮷。`;
    expect(typed.length).toBe(500);
    expect(followUpOf(typed)).toBe(`123****67 ${'回'.repeat(489)}`);
    expect(followUpOf('好'.repeat(500))).toBe('好'.repeat(500));
  });
});
