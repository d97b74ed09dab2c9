/** What the run tells a process of counters, and what that answers. */
import type { Buckets } from '../histogram.ts';
import type { WireReport } from './wire.ts';

/** Somebody who comes to a counter. */
export interface CustomerSpec {
  readonly number: string;
  readonly servicePassword: string;
}

export interface CounterSpec {
  readonly deviceId: string;
  readonly hall: string;
  readonly enrolmentCode: string;
  readonly clerk: { readonly staffId: string; readonly pin: string };
}

export interface FleetSettings {
  readonly url: string;
  readonly enrolUrl: string;
  readonly caFile: string;
  /** Folder for the counters' profiles. */
  readonly folder: string;
  /** Where the texts to the customers' phones lie, and the key that names the files. */
  readonly phones: { readonly folder: string; readonly keyFile: string };
  /** The right answer to the notice's question. */
  readonly answerId: string;
  readonly counters: readonly CounterSpec[];
}

/** A visit that is to begin at a time. */
export interface VisitOrder {
  /** Which of this process's counters. */
  readonly counter: number;
  readonly customer: CustomerSpec;
  /** From now, ms. */
  readonly startMs: number;
  /** How long the customer reads, thinks and types in all, ms. */
  readonly pausesMs: number;
  /** The clerk's shift begins: they sign in anew. */
  readonly signIn: boolean;
}

export type Order =
  | { readonly type: 'open'; readonly settings: FleetSettings }
  | { readonly type: 'visits'; readonly visits: readonly VisitOrder[] }
  /** Waits until every counter has adopted a policy of this version, for so long at most. */
  | { readonly type: 'policy'; readonly version: number; readonly limitMs: number }
  /** Waits until every counter has delivered everything and has it cosigned, for so long at most. */
  | { readonly type: 'settle'; readonly limitMs: number }
  /** What the counters hold, for comparison. */
  | { readonly type: 'ledger' }
  | { readonly type: 'close' };

/** What a counter did, by its own account. */
export interface CounterLedger {
  readonly deviceId: string;
  /** Its audit log. */
  readonly audit: {
    readonly size: number;
    readonly head: string;
    readonly cosigned: number;
    readonly intact: boolean;
  };
  readonly consents: readonly string[];
  readonly lookups: readonly { readonly lookupId: string; readonly rows: number }[];
  readonly cases: readonly string[];
}

/** Since the last one; comes once a second. */
export interface Beat {
  readonly type: 'beat';
  readonly wire: WireReport;
  /** Time that customer and clerk waited for the counter in a whole visit, pauses left out. */
  readonly visits: Buckets;
  /** What a visit came to that did not end as it should: kind and step. */
  readonly failures: Record<string, number>;
  /** Longest time that this process itself was busy in one piece, ms: what the times above contain of it. */
  readonly lagMs: number;
}

export type Report =
  | Beat
  | { readonly type: 'opened' }
  | { readonly type: 'visited' }
  /** How many counters have adopted it, and when each asked for it, epoch ms. */
  | { readonly type: 'policies'; readonly adopted: number; readonly askedAt: readonly number[] }
  | { readonly type: 'settled' }
  | { readonly type: 'ledger'; readonly counters: readonly CounterLedger[] }
  | { readonly type: 'closed' }
  | { readonly type: 'broken'; readonly error: string };
