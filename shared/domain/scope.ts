/** The scope of a consent: number, categories, period, purpose, recipients, expiry. */
import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { periodSchema } from './period.ts';

/** A mainland mobile number. Carried in full only between customer, core and central. */
export const subscriberSchema = z.string().regex(/^1[3-9]\d{9}$/, 'an 11-digit mobile number');

/** Kinds of records a customer may ask for. */
export const categories = ['sms', 'call', 'transaction'] as const;
export const categorySchema = z.enum(categories);
export type Category = z.infer<typeof categorySchema>;

/** Why the customer asks; told to central and printed on every piece of evidence. */
export const purposes = [
  'own-copy',
  'bill-dispute',
  'nuisance',
  'fraud-suspected',
  'service-advice',
] as const;
export const purposeSchema = z.enum(purposes);
export type Purpose = z.infer<typeof purposeSchema>;

/** What the customer ticks, each on its own (PIPL 29, GB/T 42574): only `lookup` is needed to go on. */
export const grantNames = [
  'lookup',
  'analysis',
  'release',
  'keep',
  'contact',
  'marketing',
  'richInk',
] as const;
export type GrantName = (typeof grantNames)[number];
export const grantsSchema = z.strictObject({
  lookup: z.boolean(),
  analysis: z.boolean(),
  release: z.boolean(),
  /** What was found stays sealed at this counter until the case is done, at the latest until `heldUntil` (留存). */
  keep: z.boolean(),
  contact: z.boolean(),
  /** Offers later, from the tariff alone: never drawn from what records say. */
  marketing: z.boolean(),
  /** The signature with the fine timing of the hand, which may be biometric. */
  richInk: z.boolean(),
});
export type Grants = z.infer<typeof grantsSchema>;

/** Nothing is given until it is ticked. */
export const noGrants: Readonly<Grants> = {
  lookup: false,
  analysis: false,
  release: false,
  keep: false,
  contact: false,
  marketing: false,
  richInk: false,
};

/** What staff enter with the customer; becomes the scope once the customer has signed. */
export const requestSchema = z.strictObject({
  subscriber: subscriberSchema,
  categories: z
    .array(categorySchema)
    .min(1)
    .max(categories.length)
    .refine((list) => new Set(list).size === list.length, 'each category once'),
  period: periodSchema,
  purpose: purposeSchema,
});
export type LookupRequest = z.infer<typeof requestSchema>;

/** The signed scope. An unknown field means deny (strict object). */
export const scopeSchema = requestSchema.extend({
  recipients: z.array(z.enum(['subject', 'staff-released-rows'])).min(1),
  /** RFC 3339, UTC. After this instant no key is given and held keys are destroyed. */
  expiresAt: instantSchema,
  /**
   * RFC 3339, UTC; there exactly when `keep` was given. Until then this counter may keep what was found, sealed.
   * It never lets a lookup leave.
   */
  heldUntil: instantSchema.optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

/** Whether a lookup asks for no more than a scope allows: same number and purpose, the rest contained. */
export function withinScope(asked: LookupRequest, scope: Scope): boolean {
  return (
    asked.subscriber === scope.subscriber &&
    asked.purpose === scope.purpose &&
    asked.categories.length > 0 &&
    asked.categories.every((category) => scope.categories.includes(category)) &&
    asked.period.from <= asked.period.to &&
    asked.period.from >= scope.period.from &&
    asked.period.to <= scope.period.to
  );
}
