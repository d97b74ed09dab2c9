/**
 * The change feed: what a counter has to learn from central without asking. Each counter has a sequence of its
 * own, from 1, without gaps; reading it again changes nothing.
 */
import { z } from 'zod';
import { grantNames } from '../domain/scope.ts';

const seq = z.number().int().min(1);
const at = z.iso.datetime();

export const changeSchema = z.discriminatedUnion('kind', [
  /** Another policy is in force. */
  z.strictObject({ seq, at, kind: z.literal('policy'), policyVersion: z.number().int().min(1) }),
  /** A consent that this counter was given no longer counts: its keys go now, and evidence comes back. */
  z.strictObject({
    seq,
    at,
    kind: z.literal('consent-ended'),
    consentId: z.uuid(),
    consentHash: z.string().regex(/^[0-9a-f]{64}$/),
    reason: z.enum(['withdrawn', 'expired']),
  }),
  /** Purposes of a consent no longer count; the rest of it does. */
  z.strictObject({
    seq,
    at,
    kind: z.literal('purposes-withdrawn'),
    consentId: z.uuid(),
    purposes: z.array(z.enum(grantNames)).min(1),
  }),
  /** A member of staff may not work any more: who is signed in as them is signed out. */
  z.strictObject({ seq, at, kind: z.literal('staff-revoked'), staffId: z.string().regex(/^\d{3,8}$/) }),
]);
export type Change = z.infer<typeof changeSchema>;

/** A change before its place in a counter's sequence is known. */
export type ChangeBody = Change extends infer C ? (C extends Change ? Omit<C, 'seq' | 'at'> : never) : never;

/** Changes that one answer holds at most. */
export const CHANGES_LIMIT = 200;
/** Seconds between two signs of life on a stream. */
export const HEARTBEAT_SECONDS = 10;
/** The longest a long poll may wait. */
export const LONGEST_WAIT_SECONDS = 25;

export const changesQuerySchema = z.strictObject({
  /** The last change that was applied. */
  after: z.coerce.number().int().min(0).default(0),
  /** Long poll: seconds to wait for a change when there is none. */
  wait: z.coerce.number().int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
});

export const changesAnswerSchema = z.strictObject({
  /** In order, the first one is `after` + 1. */
  changes: z.array(changeSchema).max(CHANGES_LIMIT),
  /** The newest change there is; larger than the last one here when there are more. */
  head: z.number().int().min(0),
});
export type ChangesAnswer = z.infer<typeof changesAnswerSchema>;
