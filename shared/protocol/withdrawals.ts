/** Bodies of withdrawals, of what is kept for a case, and of erasure evidence. */
import { z } from 'zod';
import { withdrawalCodePattern } from '../canonical/withdrawal-code.ts';
import { erasureEvidenceSchema } from '../domain/erasure.ts';
import { grantNames } from '../domain/scope.ts';
import {
  counterErasureSchema,
  standingConsentSchema,
  withdrawalSchema,
  withdrawnPartSchema,
} from '../domain/withdrawal.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);

/** In whose name consents are listed and taken back: who holds the receipt, or the subject in person. */
export const withdrawalAuthoritySchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('code'), code: z.string().regex(withdrawalCodePattern) }),
  z.strictObject({ by: z.literal('identity'), sessionId: z.uuid(), assertionId: z.uuid() }),
]);
export type WithdrawalAuthority = z.infer<typeof withdrawalAuthoritySchema>;

export const standingConsentsRequestSchema = z.strictObject({ authority: withdrawalAuthoritySchema });
export const standingConsentsAnswerSchema = z.strictObject({
  /** Newest first. A code finds its one consent, whatever its state. */
  consents: z.array(standingConsentSchema).max(100),
});

export const withdrawalRequestSchema = z.strictObject({
  /** Chosen by the counter; the same id again answers the same. */
  withdrawalId: z.uuid(),
  authority: withdrawalAuthoritySchema,
  consentId: z.uuid(),
  part: withdrawnPartSchema,
});
export const withdrawalAnswerSchema = z.strictObject({
  /** Central's signature over what was taken back. */
  withdrawal: z.strictObject({ document: withdrawalSchema, cms: base64 }),
  /** Where keys were held, and whether they are gone. Empty when no counter has to do anything. */
  counters: z.array(counterErasureSchema).max(20),
});
export type WithdrawalAnswer = z.infer<typeof withdrawalAnswerSchema>;

/** May what this counter keeps be opened now, for who has proved themselves in this session? */
export const reopenHeldRequestSchema = z.strictObject({ sessionId: z.uuid(), assertionId: z.uuid() });
export const reopenHeldAnswerSchema = z.strictObject({
  consentId: z.uuid(),
  heldUntil: z.iso.datetime(),
  /** What was agreed and still stands: no more than that is done with it. */
  purposes: z.array(z.enum(grantNames)).max(grantNames.length),
});

/** Evidence with the counter's detached CMS over its canonical bytes. */
export const erasureSubmissionSchema = z.strictObject({ evidence: erasureEvidenceSchema, cms: base64 });
