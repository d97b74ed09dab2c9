/** What waits in the outbox, each kind with all that its delivery needs. */
import { z } from 'zod';
import { caseRowSchema, followUpOf } from '../../shared/domain/case.ts';
import { erasureEvidenceSchema } from '../../shared/domain/erasure.ts';
import { consentEndSchema, consentSubmissionSchema } from '../../shared/protocol/documents.ts';

/** The id is the idempotency key: an item is kept once, and central takes it once. */
const id = z.string();
/** Epoch ms, by the trusted clock. */
const addedAt = z.number();

export const outboxItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('consent'),
    id,
    addedAt,
    /** Who served: central takes it from them, or once it is late from whoever works there. */
    staffId: z.string(),
    submission: consentSubmissionSchema,
  }),
  z.strictObject({ kind: z.literal('consent-end'), id, addedAt, consentId: z.uuid(), end: consentEndSchema }),
  z.strictObject({
    kind: z.literal('erasure'),
    id,
    addedAt,
    /** Signed when it is sent, over these very bytes: by then there is a certificate. */
    evidence: erasureEvidenceSchema,
  }),
  /** A reminder: entries lie in their own log, which is durable, and a release is one of them. */
  z.strictObject({ kind: z.literal('audit'), id, addedAt }),
  z.strictObject({
    kind: z.literal('case'),
    id,
    addedAt,
    // A note that an earlier version cut through a character is mended: central takes no half of one.
    row: caseRowSchema.extend({ followUp: z.string().transform(followUpOf) }),
    /** Consent of the same visit, which goes first. */
    consentId: z.uuid().optional(),
  }),
]);
export type OutboxItem = z.infer<typeof outboxItemSchema>;

/** An item before it is in the outbox. */
export type NewOutboxItem = OutboxItem extends infer I
  ? I extends OutboxItem
    ? Omit<I, 'addedAt'>
    : never
  : never;

/** Items of one lane are delivered in the order they were added; lanes do not wait for each other. */
export function laneOf(item: NewOutboxItem): string {
  switch (item.kind) {
    // All of one visit: its consent, the consent's end, the evidence, its row of the day list.
    case 'consent':
      return `visit ${item.submission.consent.header.recordId}`;
    case 'consent-end':
      return `visit ${item.consentId}`;
    case 'erasure':
      return `visit ${item.evidence.consentId}`;
    case 'case':
      return item.consentId === undefined ? item.id : `visit ${item.consentId}`;
    case 'audit':
      return item.kind;
  }
}
