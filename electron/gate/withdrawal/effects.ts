/** What a withdrawal asks of central, each answer and each denial with its audit entry. SECURITY: S10 */
import { verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import { isWhole } from '../../../shared/domain/withdrawal.ts';
import type { IdentityAssertion } from '../../../shared/protocol/documents.ts';
import type {
  WithdrawalContext,
  WithdrawalEffect,
  WithdrawalResults,
} from '../../../shared/session/withdrawal.ts';
import type { AuditLog } from '../../audit/log.ts';
import type { AuditFields } from '../../audit/writer.ts';
import type { TrustedClock } from '../../central/clock.ts';
import type { Connection } from '../../central/connection.ts';
import type { WithdrawalSecrets } from './secrets.ts';

export interface WithdrawalDeps {
  connection: Pick<Connection, 'call' | 'trusted'>;
  clock: Pick<TrustedClock, 'now'>;
  audit: Pick<AuditLog, 'append'>;
  /** A subject's pseudonym in the audit log. */
  pseudonym: (subscriber: string) => string;
}

type Effect<N extends WithdrawalEffect> = (
  deps: WithdrawalDeps,
  context: WithdrawalContext,
  secrets: WithdrawalSecrets,
) => Promise<WithdrawalResults[N]>;

function fieldsOf(
  { pseudonym }: WithdrawalDeps,
  { sessionId, staffId }: WithdrawalContext,
  { subscriber }: WithdrawalSecrets,
): AuditFields {
  return { sessionId, staffId, ...(subscriber === undefined ? {} : { subject: pseudonym(subscriber) }) };
}

const find: Effect<'find'> = async (deps, context, secrets) => {
  try {
    const authority = secrets.authority(context.way);
    const { consents } = await deps.connection.call('standingConsents', { body: { authority } });
    secrets.requireAlive();
    return { consents };
  } catch (error) {
    await refused(deps, context, secrets, 'find', error);
    throw error;
  }
};

const challenge: Effect<'challenge'> = async (deps, context, secrets) => {
  const { subscriber, sessionId } = secrets;
  const fields = fieldsOf(deps, context, secrets);
  try {
    if (subscriber === undefined) throw new Failure('wrong-state', { detail: 'no number' });
    const answer = await deps.connection.call('challenge', {
      body: { sessionId, subscriber, about: 'withdrawal' },
    });
    await deps.audit.append('identity-challenged', fields);
    secrets.requireAlive();
    secrets.challengeId = answer.challengeId;
    return { proofs: answer.proofs, triesLeft: answer.triesLeft };
  } catch (error) {
    const { kind } = toAppError(error);
    // The entry of a challenge that was answered is written above; this one is of a denial.
    if (kind !== 'wrong-state' && kind !== 'audit-failed') {
      await deps.audit.append('identity-failed', { ...fields, facts: { step: 'challenge', kind } });
    }
    throw error;
  }
};

const prove: Effect<'prove'> = async (deps, context, secrets) => {
  const fields = fieldsOf(deps, context, secrets);
  let assertion: IdentityAssertion;
  try {
    const proofs = secrets.takeProofs();
    const { challengeId } = secrets;
    if (!proofs || challengeId === undefined) throw new Failure('wrong-state', { detail: 'no proofs' });
    assertion = await deps.connection.call('prove', { params: { challengeId }, body: proofs });
    if (assertion.subscriber !== secrets.subscriber) {
      throw new Failure('central-garbage', { detail: 'assertion of another subject' });
    }
  } catch (error) {
    const { kind, triesLeft } = toAppError(error);
    await deps.audit.append('identity-failed', {
      ...fields,
      facts: { step: 'proofs', kind, ...(triesLeft === undefined ? {} : { triesLeft }) },
    });
    if (kind === 'identity-failed') return { passed: false, triesLeft: triesLeft ?? 0 };
    throw error;
  }
  await deps.audit.append('identity-passed', { ...fields, facts: { assertion: assertion.assertionId } });
  secrets.requireAlive();
  secrets.assertion = assertion;
  return { passed: true };
};

const withdraw: Effect<'withdraw'> = async (deps, context, secrets) => {
  const { chosen, way } = context;
  try {
    if (!chosen) throw new Failure('wrong-state', { detail: 'nothing chosen' });
    const { withdrawalId } = secrets;
    const authority = secrets.authority(way);
    const { withdrawal, counters } = await deps.connection.call('withdraw', {
      body: { withdrawalId, authority, ...chosen },
    });
    const verdict = await verifyDocument(withdrawal, {
      trustedCertificates: deps.connection.trusted,
      at: new Date(deps.clock.now()),
      expectedRole: 'central',
    });
    // 'Withdrawn' is central's signature over this very consent, not a status code.
    const said = verdict.ok ? verdict.document : undefined;
    if (said?.consentId !== chosen.consentId || (isWhole(chosen.part) && !said.whole)) {
      throw new Failure('central-untrusted', { detail: 'withdrawal' });
    }
    await deps.audit.append('consent-withdrawn', {
      ...fieldsOf(deps, context, secrets),
      consentId: said.consentId,
      facts: {
        by: said.by,
        whole: said.whole,
        purposes: said.purposes.join(','),
        pending: counters.filter(({ state }) => state === 'pending').length,
      },
    });
    const { consentId, whole, purposes, at } = said;
    return { withdrawalId: said.withdrawalId, consentId, whole, purposes, at, counters };
  } catch (error) {
    if (toAppError(error).kind !== 'audit-failed') await refused(deps, context, secrets, 'withdraw', error);
    throw error;
  }
};

const close: Effect<'close'> = async (deps, context, secrets) => {
  const fields = fieldsOf(deps, context, secrets);
  secrets.destroy();
  await deps.audit.append('withdrawal-ended', {
    ...fields,
    facts: { outcome: context.outcome ?? 'stopped' },
  });
  return undefined;
};

async function refused(
  deps: WithdrawalDeps,
  context: WithdrawalContext,
  secrets: WithdrawalSecrets,
  step: string,
  error: unknown,
): Promise<void> {
  const { kind, triesLeft } = toAppError(error);
  await deps.audit.append('withdrawal-refused', {
    ...fieldsOf(deps, context, secrets),
    ...(context.chosen ? { consentId: context.chosen.consentId } : {}),
    facts: { step, kind, ...(triesLeft === undefined ? {} : { triesLeft }) },
  });
}

export const withdrawalEffects: { [N in WithdrawalEffect]: Effect<N> } = {
  find,
  challenge,
  prove,
  withdraw,
  close,
};
