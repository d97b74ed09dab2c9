import type { RowFull } from '../cache/records.ts';
import { classify } from './classify.ts';
import { type MessageKind, messageKinds, type Reason } from './kinds.ts';
import { dayName, type Evidence, EvidenceBy, percent, Statistics } from './statistics.ts';

/** What a finding states. */
export type FindingKind =
  | MessageKind
  | 'fraud-sign'
  | 'direction-share'
  | 'busiest-day'
  | 'busiest-hour'
  | 'top-counterpart'
  | 'frequent-caller'
  | 'repeated-transaction';

/**
 * A statement with the rows it rests on. It counts and names features, it does not judge a person (R16); the
 * UI words `messageKey` with `parameters` in either language. Counterparts are masked in it, so that the
 * customer can release a finding as it is. // SECURITY: S4
 */
export interface Finding {
  /** Unique within one analysis, the same again for the same rows. */
  readonly id: string;
  readonly kind: FindingKind;
  /** Rows that it rests on. */
  readonly count: number;
  /** Up to 20 of them, newest first. */
  readonly evidence: readonly number[];
  readonly messageKey: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Counterparts named. */
const NAMED = 3;
/** Received calls from one number from which on it is named (R14). */
const FREQUENT_CALLS = 5;
/** Transactions with one counterpart from which on it is named (R15). */
const REPEATED_TRANSACTIONS = 3;

/**
 * First analysis of a visit's records (R9), on the customer's machine only, in one pass: rows may come in any
 * order and in pieces of any size. No rows, no findings.
 */
export async function analyse(rows: AsyncIterable<RowFull[]>): Promise<Finding[]> {
  const statistics = new Statistics();
  const kinds = new EvidenceBy<MessageKind>();
  const signs = new EvidenceBy<Reason>();
  let messages = 0;
  for await (const piece of rows) {
    for (const row of piece) {
      statistics.add(row);
      if (row.category !== 'sms') continue;
      messages++;
      const { kind, reasons } = classify(row);
      kinds.add(kind, row.index);
      if (kind === 'suspected-fraud') for (const reason of reasons) signs.add(reason, row.index);
    }
  }
  if (statistics.all.count === 0) return [];
  return [...counted(statistics), ...sorted(kinds, messages), ...fraudSigns(signs)];
}

function counted(statistics: Statistics): Finding[] {
  const { all, received, sent, days, hours, peers, callers, sellers } = statistics;
  const findings = [
    finding('direction-share', '', all, {
      received: received.count,
      sent: sent.count,
      receivedPercent: percent(received.count, all.count),
    }),
  ];
  const earlier = (a: number, b: number): number => a - b;
  for (const [day, evidence] of days.ranked(earlier).slice(0, 1)) {
    findings.push(finding('busiest-day', '', evidence, { day: dayName(day) }));
  }
  for (const [hour, evidence] of hours.ranked(earlier).slice(0, 1)) {
    findings.push(finding('busiest-hour', '', evidence, { hour, until: (hour + 1) % 24 }));
  }
  const named = (kind: FindingKind, by: EvidenceBy<string>, atLeast: number): void => {
    const ranked = by.ranked((a, b) => (a < b ? -1 : 1)).filter(([, { count }]) => count >= atLeast);
    for (const [place, [peer, evidence]] of ranked.slice(0, NAMED).entries()) {
      const share = percent(evidence.count, all.count);
      findings.push(
        finding(kind, `:${place + 1}`, evidence, { maskedPeer: statistics.masked(peer), percent: share }),
      );
    }
  };
  named('top-counterpart', peers, 2);
  named('frequent-caller', callers, FREQUENT_CALLS);
  named('repeated-transaction', sellers, REPEATED_TRANSACTIONS);
  return findings;
}

/** How the messages sort, in the fixed order of the kinds: the order says nothing about weight. */
function sorted(kinds: EvidenceBy<MessageKind>, messages: number): Finding[] {
  return messageKinds.flatMap((kind) => {
    const evidence = kinds.get(kind);
    return evidence === undefined
      ? []
      : [finding(kind, '', evidence, { percent: percent(evidence.count, messages) })];
  });
}

function fraudSigns(signs: EvidenceBy<Reason>): Finding[] {
  return signs
    .ranked((a, b) => (a < b ? -1 : 1))
    .map(([reason, evidence]) => ({
      ...finding('fraud-sign', `:${reason}`, evidence, { reason }),
      messageKey: `analysis.reason.${reason}`,
    }));
}

function finding(
  kind: FindingKind,
  suffix: string,
  evidence: Evidence,
  parameters: Record<string, string | number>,
): Finding {
  return {
    id: kind + suffix,
    kind,
    count: evidence.count,
    evidence: evidence.rows(),
    messageKey: `analysis.finding.${kind}`,
    parameters: { count: evidence.count, ...parameters },
  };
}
