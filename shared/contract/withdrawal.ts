/** What windows are told of a withdrawal, and what the customer's window may ask for in one. */
import { z } from 'zod';
import { withdrawalCodePattern } from '../canonical/withdrawal-code.ts';
import { appErrorSchema } from '../domain/errors.ts';
import { languageSchema, proofKindSchema } from '../domain/policy.ts';
import { grantNames, subscriberSchema } from '../domain/scope.ts';
import {
  counterErasureSchema,
  standingConsentSchema,
  withdrawalOutcomeSchema,
  withdrawnPartSchema,
} from '../domain/withdrawal.ts';
import { proofsSchema } from '../protocol/documents.ts';
import { withdrawalPhases } from '../session/withdrawal.ts';

const phaseSchema = z.enum(withdrawalPhases);
/** What was taken back, and where its keys are. */
const resultSchema = z.strictObject({
  whole: z.boolean(),
  purposes: z.array(z.enum(grantNames)),
  at: z.iso.datetime(),
  counters: z.array(counterErasureSchema),
});

/** SECURITY: S4 staff see how far it is and what came of it: no number, no code, no list of consents. */
export const staffWithdrawalSchema = z.strictObject({
  phase: phaseSchema,
  staffId: z.string(),
  way: z.enum(['code', 'identity']).optional(),
  triesLeft: z.number().int().optional(),
  result: resultSchema.optional(),
  outcome: withdrawalOutcomeSchema.optional(),
  error: appErrorSchema.optional(),
});
export type StaffWithdrawal = z.infer<typeof staffWithdrawalSchema>;

export const customerWithdrawalSchema = z.strictObject({
  phase: phaseSchema,
  staffId: z.string(),
  way: z.enum(['code', 'identity']).optional(),
  maskedNumber: z.string().max(20).optional(),
  proofs: z.array(proofKindSchema),
  triesLeft: z.number().int().optional(),
  consents: z.array(standingConsentSchema),
  chosen: z.strictObject({ consentId: z.uuid(), part: withdrawnPartSchema }).optional(),
  result: resultSchema.optional(),
  outcome: withdrawalOutcomeSchema.optional(),
  error: appErrorSchema.optional(),
});
export type CustomerWithdrawal = z.infer<typeof customerWithdrawalSchema>;

/** The customer's steps. What they typed goes to the core in here and comes back in no view. */
export const withdrawalActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('by-code') }),
  z.strictObject({ type: z.literal('by-identity') }),
  z.strictObject({ type: z.literal('code'), code: z.string().regex(withdrawalCodePattern) }),
  z.strictObject({ type: z.literal('number'), subscriber: subscriberSchema }),
  z.strictObject({ type: z.literal('resend-code') }),
  z.strictObject({ type: z.literal('prove'), proofs: proofsSchema }),
  z.strictObject({ type: z.literal('choose'), consentId: z.uuid(), part: withdrawnPartSchema }),
  z.strictObject({ type: z.literal('confirm') }),
  z.strictObject({ type: z.literal('back') }),
  z.strictObject({ type: z.literal('finish') }),
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({ type: z.literal('retry') }),
  z.strictObject({ type: z.literal('display'), language: languageSchema, largeType: z.boolean() }),
]);
export type WithdrawalAction = z.infer<typeof withdrawalActionSchema>;
