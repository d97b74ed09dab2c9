/** What effects of a visit work with. */
import type { VisitContext } from '../../shared/session/machine.ts';
import type { AuditLog } from '../audit/log.ts';
import type { AuditFields } from '../audit/writer.ts';
import type { TrustedClock } from '../central/clock.ts';
import type { Connection } from '../central/connection.ts';
import type { Outbox } from '../central/outbox.ts';
import type { PolicyKeeper } from '../central/policy-keeper.ts';
import type { EvidenceSources } from '../evidence/sources.ts';
import type { CounterSettings } from '../settings.ts';
import type { DeviceKey } from '../vault/vault.ts';
import type { DayList } from './day-list.ts';
import type { HeldCases } from './held/held-cases.ts';
import type { VisitSecrets } from './visit-secrets.ts';
import type { Wiper } from './wiper.ts';

/** What the core asks of the customer's window. */
export interface CustomerWindow {
  /** PNG of what it shows now. */
  capture(): Promise<Uint8Array<ArrayBuffer>>;
  /** PDF of what it has laid out for paper, A4, with this footer on every page. */
  print(footer: string): Promise<Uint8Array<ArrayBuffer>>;
}

export interface VisitDeps {
  settings: CounterSettings;
  connection: Pick<Connection, 'call' | 'identity' | 'trusted'>;
  clock: TrustedClock;
  audit: Pick<AuditLog, 'append'>;
  outbox: Pick<Outbox, 'add' | 'deliver'>;
  policies: PolicyKeeper;
  deviceKey: DeviceKey;
  /** Proofs of audit entries, and central's word on its own key. */
  evidence: EvidenceSources;
  customerWindow: CustomerWindow;
  wiper: Wiper;
  dayList: DayList;
  /** What is kept for cases. */
  held: HeldCases;
  /** Resolves once central's changes were heard in this run: nothing is opened before. @throws Failure 'central-*' */
  heardChanges?: () => Promise<void>;
  /** A subject's pseudonym in the audit log. */
  pseudonym: (subscriber: string) => string;
}

/** One visit, as an effect sees it: the machine's context when it began, and what the core holds. */
export interface Visit {
  context: VisitContext;
  secrets: VisitSecrets;
}

/** What every audit entry of a visit says. */
export function auditFields(
  { pseudonym }: Pick<VisitDeps, 'pseudonym'>,
  { context, secrets }: Visit,
): AuditFields {
  const { request, staffId, sessionId } = context;
  const consentId = secrets.consent?.record.header.recordId ?? context.consentId;
  return {
    staffId,
    sessionId,
    ...(request ? { subject: pseudonym(request.subscriber) } : {}),
    ...(consentId === undefined ? {} : { consentId }),
  };
}
