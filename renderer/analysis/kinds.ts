import type { Signals } from './signals.ts';

/** What a message is about, as far as its wording shows. A kind is a sorting aid, not a judgement of a person. */
export const messageKinds = [
  'one-time-code',
  'payment-notice',
  'delivery',
  'promotion',
  'suspected-fraud',
  'personal',
  'other',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** Why a message was put under a kind: each is a visible feature of text or sender, worded by the UI. */
export const reasons = [
  'link-urgency-account',
  'card-limit-call-back',
  'points-for-cash',
  'prize-to-claim',
  'lost-device-link',
  'flight-cancelled-call-back',
  'curiosity-link',
  'asks-for-transfer',
  'asks-for-code',
  'authority-threat',
  'refund-or-compensation',
  'new-number-of-acquaintance',
  'documents-for-sale',
  'gambling',
  'stock-tips',
  'easy-money-job',
  'disguised-spelling',
  'imitates-official-sender',
  'code-and-validity',
  'account-movement',
  'parcel',
  'unsubscribe-hint',
  'offer-words',
  'offer-with-contact',
  'price-or-discount',
  'loan-offer',
  'operator-tariff',
  'property-offer',
  'private-number',
  'sent-by-customer',
  'not-a-message',
  'no-known-feature',
] as const;
export type Reason = (typeof reasons)[number];

/** A rule: a feature, how much it weighs toward its kind, and when it holds. */
export interface Rule {
  readonly reason: Reason;
  /** Points; a kind is given from its threshold on. */
  readonly weight: number;
  readonly holds: (signals: Signals) => boolean;
}

/** The kind of one message and all features that spoke for it. */
export interface Classification {
  readonly kind: MessageKind;
  readonly reasons: readonly Reason[];
}
