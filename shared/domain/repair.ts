/**
 * Files of a counter's profile that can be made anew when they are damaged: what they held is elsewhere too. What
 * is evidence is not among them, a counter whose evidence is damaged does not start.
 */
import { z } from 'zod';

export const repairableFiles = [
  /** Highest policy version seen: the audit log knows it. */
  'policy',
  /** Highest time seen: central knows better. */
  'clock',
  /** Place in central's change feed: it is read from its beginning. */
  'changes',
  /** Hashes of the settings at the last start. */
  'settings',
  /** List of the audit log's segments: they are there themselves. */
  'segments',
  /** The hall's list of a day: central has its rows. */
  'day-list',
  /** The counter's certificate: IT has another one made. */
  'certificate',
  /** Taken away by IT: what the audit log still tells is sent again. */
  'outbox',
] as const;

export const repairSchema = z.strictObject({
  file: z.enum(repairableFiles),
  /** `waiting`: something of it is still missing, for want of central or of IT. */
  state: z.enum(['done', 'waiting']),
});
export type Repair = z.infer<typeof repairSchema>;
export type RepairableFile = Repair['file'];
