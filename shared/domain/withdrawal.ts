/** Withdrawal (撤回同意): what a subject sees of their consents, and what came of taking one back. */
import { z } from 'zod';
import { periodSchema } from './period.ts';
import { categorySchema, type GrantName, grantNames, purposeSchema } from './scope.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * How a consent stands with central. `open`: records can be given under it. `held`: none can, but a counter may keep
 * what it was given before, sealed, for a case.
 */
export const consentStates = ['open', 'held', 'ended', 'expired', 'withdrawn'] as const;
export const consentStateSchema = z.enum(consentStates);
export type ConsentState = z.infer<typeof consentStateSchema>;

const grantListSchema = z
  .array(z.enum(grantNames))
  .max(grantNames.length)
  .refine((list) => new Set(list).size === list.length, 'each purpose once');

/** One consent as its subject is shown it: what was agreed, when and where; never what a record says. */
export const standingConsentSchema = z.strictObject({
  consentId: z.uuid(),
  givenAt: z.iso.datetime(),
  hall: z.string().min(1).max(60),
  maskedNumber: z.string().max(20),
  categories: z.array(categorySchema).min(1),
  period: periodSchema,
  purpose: purposeSchema,
  /** What was agreed and still stands. */
  purposes: grantListSchema,
  state: consentStateSchema,
  /** How long a counter may keep it at the most; there while one may. */
  heldUntil: z.iso.datetime().optional(),
});
export type StandingConsent = z.infer<typeof standingConsentSchema>;

/** What is taken back: the whole consent, or purposes of it. */
export const withdrawnPartSchema = z.union([z.literal('all'), grantListSchema.min(1)]);
export type WithdrawnPart = z.infer<typeof withdrawnPartSchema>;

/**
 * Purposes that outlast the visit whatever becomes of the records. While a counter keeps these for a case, all that
 * was given for them stands as well. Taken back on their own they leave the lookup alone; without `lookup` there is
 * no consent at all, so taking that back takes back everything.
 */
export const lastingPurposes: readonly GrantName[] = ['contact', 'marketing', 'richInk'];

/** Whether a part is all of it. */
export function isWhole(part: WithdrawnPart): boolean {
  return part === 'all' || part.includes('lookup');
}

/** Central's signed statement that a consent, or purposes of it, no longer count. Final. */
export const withdrawalSchema = z.strictObject({
  schema: z.literal('zhiqing-withdrawal/1'),
  withdrawalId: z.uuid(),
  consentId: z.uuid(),
  consentHash: sha256Hex,
  /** Whether the whole consent is gone; otherwise only the purposes listed. */
  whole: z.boolean(),
  purposes: grantListSchema,
  by: z.enum(['code', 'identity']),
  at: z.iso.datetime(),
});
export type Withdrawal = z.infer<typeof withdrawalSchema>;

/** A counter that held the consent. `erased` only on its signed evidence; `pending` until then. */
export const counterErasureSchema = z.strictObject({
  device: z.string().min(1).max(80),
  hall: z.string().min(1).max(60),
  state: z.enum(['pending', 'erased']),
  erasedAt: z.iso.datetime().optional(),
});
export type CounterErasure = z.infer<typeof counterErasureSchema>;

/** How a withdrawal's own flow ended. */
export const withdrawalOutcomes = [
  'withdrawn',
  /** Sent, and no answer came: it may count or not. */
  'unconfirmed',
  'nothing-found',
  'stopped',
  'abandoned',
  'cancelled-by-staff',
  'identity-failed',
  'too-many-codes',
] as const;
export const withdrawalOutcomeSchema = z.enum(withdrawalOutcomes);
export type WithdrawalOutcome = z.infer<typeof withdrawalOutcomeSchema>;
