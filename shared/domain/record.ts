/** A record as central holds it and as `--records` imports it. */
import { z } from 'zod';
import { categorySchema, subscriberSchema } from './scope.ts';

export const directionSchema = z.enum(['in', 'out']);
export type Direction = z.infer<typeof directionSchema>;

/** One line of a JSON Lines import. `text` is what the record says; for a call its duration in words. */
export const importedRecordSchema = z.strictObject({
  subscriber: subscriberSchema,
  peer: z.string().min(1).max(40),
  direction: directionSchema,
  /** ISO 8601 with offset. */
  at: z.iso.datetime({ offset: true }),
  category: categorySchema,
  text: z.string().max(20_000),
});
export type ImportedRecord = z.infer<typeof importedRecordSchema>;

/**
 * A row that the customer released to staff, with what proves that central sent it: position and salt
 * reproduce the row's commitment, which the signed manifest's Merkle root covers.
 */
export const releasedRowSchema = z.strictObject({
  /** Position in the lookup, 0-based over all pages. */
  index: z.number().int().min(0),
  at: z.number().int(),
  direction: directionSchema,
  category: categorySchema,
  maskedPeer: z.string().max(60),
  /** In full only when the customer chose to show it. */
  peer: z.string().max(40),
  text: z.string().max(20_000),
});
export type ReleasedRow = z.infer<typeof releasedRowSchema>;
