/** The hall's day list (R12): 序号、客户姓名、手机号、查询日期、概述、分析结果、后续行动. Masked throughout. */
import { z } from 'zod';
import { wholeTextOf, wholeTextSchema } from './free-text.ts';
import { redactDigits } from './mask.ts';
import { representationKindSchema } from './representation.ts';

/** How a visit ended. */
export const outcomes = [
  'completed',
  'refused',
  'not-my-number',
  'identity-failed',
  'not-understood',
  'stopped',
  'abandoned',
  'expired',
  'withdrawn',
  /** What was kept for a case may not be opened any more, or its files were damaged. */
  'held-lost',
  'cancelled-by-staff',
] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

/** Longest follow-up, in UTF-16 units. */
const FOLLOW_UP = 500;

/** One line of the day list. Summary and analysis are facts in data, worded by the window that shows them. */
export const caseRowSchema = z.strictObject({
  caseId: z.uuid(),
  /** 1-based number within the day at this counter. */
  serial: z.number().int().min(1),
  /** Masked, or an em dash when identity was not reached. */
  customerName: z
    .string()
    .max(40)
    .regex(/^(?:—|.\*+)$/u, 'a masked name'),
  /** SECURITY: S4 the list is staff's: a full number is refused by both sides, not only never written. */
  maskedNumber: z.string().regex(/^1\d{2}\*{4}\d{4}$/, 'a masked number'),
  /** The day of the visit, `YYYY-MM-DD`. */
  date: z.iso.date(),
  closedAt: z.iso.datetime(),
  staffId: z.string(),
  summary: z.strictObject({
    categories: z.array(z.string()),
    from: z.iso.date(),
    to: z.iso.date(),
    purpose: z.string(),
    outcome: outcomeSchema,
    /** Who came; left out for the subject themself. */
    representation: representationKindSchema.optional(),
  }),
  analysis: z.strictObject({
    rows: z.number().int().min(0),
    received: z.number().int().min(0),
    sent: z.number().int().min(0),
    released: z.number().int().min(0),
  }),
  /** What is kept for the case: sealed at this visit, read again, or destroyed as the case is done. */
  held: z
    .strictObject({
      caseId: z.uuid(),
      until: z.iso.datetime(),
      /** `over`: was kept, and is not any more; said when the list is read. */
      state: z.enum(['kept', 'read', 'done', 'over']),
    })
    .optional(),
  /** What the clerk wrote, digits redacted. */
  followUp: wholeTextSchema.max(FOLLOW_UP).refine((text) => redactDigits(text) === text, 'digits redacted'),
});
export type CaseRow = z.infer<typeof caseRowSchema>;

/** What a clerk typed, as the list has it. // SECURITY: S4 a number that they wrote down does not get into it. */
export function followUpOf(typed: string): string {
  // Whole before it is redacted, so that nothing joins digits afterwards; and a mask may be longer than its number.
  return wholeTextOf(redactDigits(wholeTextOf(typed, typed.length)), FOLLOW_UP);
}
