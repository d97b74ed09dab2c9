import type { RowFull } from '../cache/records.ts';
import { FRAUD_THRESHOLD, fraudRules } from './fraud-rules.ts';
import type { Classification, MessageKind, Reason, Rule } from './kinds.ts';
import { codeRules, deliveryRules, paymentRules } from './notice-rules.ts';
import { PROMOTION_THRESHOLD, promotionRules } from './promotion-rules.ts';
import { readSignals, type Signals } from './signals.ts';

/** A number that is known to be the sender's own raises what must be seen before fraud is suspected. */
const OFFICIAL_SENDER_EXTRA = 1;

/**
 * Sorts one row by rules over its wording and sender, on the customer's machine only; nothing is learned from
 * it or kept. Every answer names its reasons, and where nothing is known it says so instead of guessing (R16).
 *
 * Measured without senders over 24,664 real messages (the FBS SMS dataset and the Chinese NUS SMS Corpus), which
 * the rules were also written with, so on unseen ones expect less: suspected fraud, phishing and unlawful
 * offers precision 0.93, recall 0.79; promotions 0.96 and 0.88; of 16,990 private messages none was suspected.
 */
export function classify(row: Pick<RowFull, 'peer' | 'text' | 'direction' | 'category'>): Classification {
  if (row.category !== 'sms') return { kind: 'other', reasons: ['not-a-message'] };
  if (row.direction === 'out') return { kind: 'personal', reasons: ['sent-by-customer'] };
  const signals = readSignals(row);
  const threshold = FRAUD_THRESHOLD + (signals.sender === 'official' ? OFFICIAL_SENDER_EXTRA : 0);
  return (
    judged('suspected-fraud', fraudRules, threshold, signals) ??
    judged('one-time-code', codeRules, 1, signals) ??
    judged('delivery', deliveryRules, 1, signals) ??
    judged('payment-notice', paymentRules, 1, signals) ??
    judged('promotion', promotionRules, PROMOTION_THRESHOLD, signals) ??
    (signals.sender === 'mobile'
      ? { kind: 'personal', reasons: ['private-number'] }
      : { kind: 'other', reasons: ['no-known-feature'] })
  );
}

function judged(
  kind: MessageKind,
  rules: readonly Rule[],
  threshold: number,
  signals: Signals,
): Classification | undefined {
  const holding = rules.filter((rule) => rule.holds(signals));
  const points = holding.reduce((sum, { weight }) => sum + weight, 0);
  if (points < threshold) return undefined;
  return { kind, reasons: [...new Set(holding.map(({ reason }): Reason => reason))] };
}
