/** How each kind of outbox item is told to central. */

import { hashOf } from '../../shared/canonical/hash.ts';
import { isSignedAt, signDocument, verifyDocument } from '../../shared/canonical/signed-document.ts';
import type { ConsentRecord } from '../../shared/domain/consent.ts';
import type { ErasureEvidence } from '../../shared/domain/erasure.ts';
import { type AppError, assertNever, Failure } from '../../shared/domain/errors.ts';
import type { Staff } from '../../shared/domain/staff.ts';
import type { ConsentSubmission } from '../../shared/protocol/documents.ts';
import type { AuditLog } from '../audit/log.ts';
import type { AuditFields } from '../audit/writer.ts';
import type { DeviceKey } from '../vault/vault.ts';
import type { TrustedClock } from './clock.ts';
import type { Connection } from './connection.ts';
import { isContradiction } from './feed.ts';
import type { Deliver } from './outbox.ts';
import type { OutboxItem } from './outbox-item.ts';

export interface DeliverOptions {
  connection: Pick<Connection, 'call' | 'trusted' | 'identity'>;
  /** Signs erasure evidence. */
  deviceKey: Pick<DeviceKey, 'privateKey'>;
  audit: Pick<AuditLog, 'append'>;
  /** Sends audit entries that central does not hold yet. */
  forwardAudit: () => Promise<unknown>;
  clock: TrustedClock;
  /** Who is signed in. */
  staff: () => Staff | undefined;
  /** A subject's pseudonym. */
  pseudonym: (subscriber: string) => string;
  /** Resolves once central's changes were heard since the line was lost. */
  heardChanges: () => Promise<void>;
}

/** Central takes a consent this old from whoever works at the counter, ms; some more than its own tolerance. */
const LATE_MS = 6 * 60_000;

export function createDeliver(options: DeliverOptions): Deliver {
  const { connection, heardChanges } = options;
  return async (item) => {
    try {
      // SECURITY: S5 withdrawals first, then everything else.
      await heardChanges();
    } catch (error) {
      // Evidence goes also where the feed is not to be believed; a consent waits for one that is.
      if (item.kind === 'consent' || !isContradiction(error)) throw error;
    }
    switch (item.kind) {
      case 'consent':
        requireDeliverer(options, item);
        return submit(options, item.submission);
      case 'consent-end':
        return connection.call('endConsent', { params: { consentId: item.consentId }, body: item.end });
      case 'erasure':
        return reportErasure(options, item.evidence);
      case 'audit':
        return options.forwardAudit();
      case 'case':
        return connection.call('recordCase', { params: { caseId: item.row.caseId }, body: item.row });
      default:
        return assertNever(item);
    }
  };
}

/**
 * A consent comes from the member of staff it names. One that had to wait comes from whoever serves there by now:
 * they may have gone home, or for good.
 * @throws Failure 'not-signed-in'
 */
function requireDeliverer({ staff, clock }: DeliverOptions, item: OutboxItem & { kind: 'consent' }): void {
  const member = staff();
  const late = clock.now() - item.addedAt > LATE_MS;
  if (member?.id !== item.staffId && !(late && member && member.role !== 'auditor'))
    throw new Failure('not-signed-in', { detail: 'who took the consent' });
}

/** SECURITY: S11 signed by the device key over the evidence as it lies in the outbox. */
async function reportErasure(options: DeliverOptions, evidence: ErasureEvidence): Promise<void> {
  const { connection, audit, clock, deviceKey } = options;
  const { certificate } = connection.identity();
  const signer = { privateKey: deviceKey.privateKey, certificate };
  const signed = await signDocument(evidence, signer, new Date(clock.now()));
  await connection.call('reportErasure', {
    params: { consentId: evidence.consentId },
    body: { evidence, cms: signed.cms },
  });
  await audit.append('erasure-evidenced', {
    consentId: evidence.consentId,
    facts: { reason: evidence.reason, entry: evidence.auditEntry.seq },
  });
}

/** Central's last word on an item has its entry: what is dropped is never dropped in silence. SECURITY: S10 */
export function refusalRecorder(
  options: Pick<DeliverOptions, 'audit' | 'pseudonym'>,
): (item: OutboxItem, error: AppError) => Promise<void> {
  return async (item, { kind }) => {
    if (item.kind === 'consent') {
      const fields = consentFields(options, item.submission.consent);
      await options.audit.append('consent-rejected', { ...fields, facts: { kind } });
      return;
    }
    const consentId = item.kind === 'erasure' ? item.evidence.consentId : consentOf(item);
    await options.audit.append('delivery-refused', {
      ...(consentId === undefined ? {} : { consentId }),
      facts: { what: item.kind, kind },
    });
  };
}

function consentOf(item: OutboxItem): string | undefined {
  return 'consentId' in item ? item.consentId : undefined;
}

/** @returns central's signed acceptance. */
async function submit(options: DeliverOptions, submission: ConsentSubmission) {
  const { consent } = submission;
  const { connection, audit, clock } = options;
  const consentId = consent.header.recordId;
  const signed = await connection.call('submitConsent', { params: { consentId }, body: submission });
  const verdict = await verifyDocument(signed, {
    trustedCertificates: connection.trusted,
    at: new Date(clock.now()),
    expectedRole: 'central',
    exact: true,
  });
  const consentHash = await hashOf(consent);
  // SECURITY: S5 'accepted' is central's signature over this very consent, not a status code; in the shape and of the
  // second that whoever checks the customer's copy holds it to.
  if (
    !verdict.ok ||
    verdict.document.consentId !== consentId ||
    verdict.document.consentHash !== consentHash ||
    !isSignedAt(verdict.signingTime, verdict.document.acceptedAt)
  ) {
    throw new Failure('central-untrusted', { detail: 'acceptance' });
  }
  await audit.append('consent-accepted', { ...consentFields(options, consent), facts: { consentHash } });
  return signed;
}

function consentFields(
  { pseudonym }: Pick<DeliverOptions, 'pseudonym'>,
  consent: ConsentRecord,
): AuditFields {
  const staff = consent.parties.find(({ role }) => role === 'staff');
  return {
    sessionId: consent.sessionId,
    consentId: consent.header.recordId,
    subject: pseudonym(consent.scope.subscriber),
    ...(staff ? { staffId: staff.id } : {}),
  };
}
