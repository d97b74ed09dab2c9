/** Who looked at me (谁看过我的信息): each access to a customer's data, as the customer reads it themselves. */
import { z } from 'zod';
import { errorKinds } from './errors.ts';
import { periodSchema } from './period.ts';
import type { RepresentationKind } from './representation.ts';
import { categorySchema, purposeSchema } from './scope.ts';

/** The list is the subject's own right, or a child's by its guardian; an agent or a relative has none to it. */
export function maySeeAccesses(representation: RepresentationKind): boolean {
  return representation === 'self' || representation === 'guardian';
}

/** What was done or tried. With `outcome` it makes a sentence. */
export const accessKinds = [
  /** Somebody had a one-time code sent to the customer's phone. */
  'identity-challenge',
  /** Somebody stood at a counter and gave proofs of being the customer. */
  'identity-check',
  'consent',
  'consent-ended',
  'consent-withdrawn',
  /** The customer's own consents were listed, to take one back. */
  'consents-listed',
  'lookup',
  /** What was found was sealed and kept at the counter for a case. */
  'held',
  /** It was opened again. */
  'held-opened',
  /** Sealed texts were handed to a counter. */
  'content-served',
  /** A window of a counter could read: `plane` says which. */
  'layer-opened',
  /** The customer showed rows to staff. */
  'rows-released',
  'report-made',
  'report-printed',
  'report-saved',
  'receipt-made',
  'receipt-saved',
  /** A counter's keys and pages were destroyed. */
  'erased',
  /** This very list was read. */
  'accesses-viewed',
] as const;
export const accessKindSchema = z.enum(accessKinds);
export type AccessKind = z.infer<typeof accessKindSchema>;

export const accessSchema = z.strictObject({
  /** Tells entries apart within a list; means nothing else. */
  id: z.string().max(120),
  /** Central's clock; of a counter's report the counter's, but never later than it arrived. */
  at: z.iso.datetime(),
  /** `central`: central did or refused it itself. `counter`: a counter's audit log says so. */
  source: z.enum(['central', 'counter']),
  kind: accessKindSchema,
  outcome: z.enum(['allowed', 'refused']),
  /** Why it was refused. */
  reason: z.enum(errorKinds).optional(),
  hall: z.string().max(60),
  /** Id of the counter. */
  counter: z.string().max(64),
  /** The counter that asks for this list. */
  here: z.boolean(),
  /** Part of the visit that asks for this list. */
  thisVisit: z.boolean(),
  staffId: z.string().max(8).optional(),
  consentId: z.uuid().optional(),
  /** What the consent allowed: of consents and lookups. */
  scope: z
    .strictObject({ categories: z.array(categorySchema), period: periodSchema, purpose: purposeSchema })
    .optional(),
  rows: z.number().int().min(0).optional(),
  plane: z.enum(['staff', 'customer']).optional(),
});
export type Access = z.infer<typeof accessSchema>;

/** A counter that has served the customer and has not yet handed in its log of all of those visits. */
export const unreportedCounterSchema = z.strictObject({
  hall: z.string().max(60),
  counter: z.string().max(64),
  visits: z.number().int().min(1),
  /** When the earliest of these visits asked for the customer's identity. */
  since: z.iso.datetime(),
});
export type UnreportedCounter = z.infer<typeof unreportedCounterSchema>;

/** Where the next page begins; opaque. */
export const accessCursorSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/);

export const ACCESS_PAGE_LIMIT = 100;

/** One page of the list, newest first. */
export const accessPageSchema = z.strictObject({
  entries: z.array(accessSchema).max(ACCESS_PAGE_LIMIT),
  /** Left out on the last page. */
  next: accessCursorSchema.optional(),
  /** Of the whole list. */
  total: z.number().int().min(0),
  refused: z.number().int().min(0),
  unreported: z.array(unreportedCounterSchema),
});
export type AccessPage = z.infer<typeof accessPageSchema>;
