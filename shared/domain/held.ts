/**
 * Records kept for a case (留存): what a lookup found stays sealed at this counter until the case is done, at the
 * latest until the consent's `heldUntil`. What staff may know of it, and how it ended.
 */
import { z } from 'zod';
import type { ErasureReason } from './erasure.ts';

/** Why what was kept is destroyed. `visit-ended`: the clerk made no case of it. */
export const heldEndings = [
  'visit-ended',
  'withdrawn',
  'expired',
  'case-closed',
  'damaged',
] as const satisfies readonly ErasureReason[];
export const heldEndingSchema = z.enum(heldEndings);
export type HeldEnding = z.infer<typeof heldEndingSchema>;

/** A case of the list. SECURITY: S4 staff learn the masked number, the dates and how it stands, nothing else. */
export const heldCaseSchema = z.strictObject({
  caseId: z.uuid(),
  /** Left out where the file that says it is damaged. */
  maskedNumber: z
    .string()
    .regex(/^1\d{2}\*{4}\d{4}$/, 'a masked number')
    .optional(),
  heldAt: z.iso.datetime(),
  /** At the latest. */
  until: z.iso.datetime(),
  /** `ending`: being destroyed. `damaged`: its files did not open any more and are destroyed; told until the next start. */
  state: z.enum(['held', 'ending', 'damaged']),
});
export type HeldCase = z.infer<typeof heldCaseSchema>;
