/** What a counter has acknowledged: to a window, or by writing it down before anybody goes on. */
import { hashOf } from '../../../shared/canonical/hash.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';

export type Acknowledged =
  /** An entry is on the disk. */
  | { what: 'entry'; seq: number; action: AuditEntry['action']; hash: string; consentId?: string }
  /** The customer was told that their consent is kept, or that it is registered. */
  | { what: 'consent'; consentId: string }
  /** Staff see what the customer has released. */
  | { what: 'release'; consentId: string; rows: number }
  /** The row is on the day list. */
  | { what: 'case'; caseId: string }
  /** The visit is over: its keys are gone. */
  | { what: 'erasure'; consentId: string };

export type Acknowledge = (fact: Acknowledged) => void;

/** Everything that was acknowledged, over kills and restarts. */
export class Ledger {
  readonly entries = new Map<number, { hash: string; action: string; consentId?: string | undefined }>();
  readonly consents = new Set<string>();
  readonly cases = new Set<string>();
  readonly erasures = new Set<string>();
  releases = 0;

  readonly note: Acknowledge = (fact) => {
    switch (fact.what) {
      case 'entry':
        this.entries.set(fact.seq, { hash: fact.hash, action: fact.action, consentId: fact.consentId });
        break;
      case 'consent':
        this.consents.add(fact.consentId);
        break;
      case 'release':
        this.releases += 1;
        break;
      case 'case':
        this.cases.add(fact.caseId);
        break;
      case 'erasure':
        this.erasures.add(fact.consentId);
        break;
    }
  };

  /** Things that central has to have in the end. */
  get size(): number {
    return this.entries.size + this.consents.size + this.cases.size + this.erasures.size + this.releases;
  }
}

/** An entry as the ledger holds it. */
export async function entryFact(entry: AuditEntry): Promise<Acknowledged> {
  const { seq, action, consentId } = entry;
  return { what: 'entry', seq, action, hash: await hashOf(entry), ...(consentId ? { consentId } : {}) };
}
