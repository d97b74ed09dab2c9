import { type CaseRow, followUpOf } from '../../../shared/domain/case.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { maskName, maskNumber } from '../../../shared/domain/mask.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import type { EffectResults, VisitContext } from '../../../shared/session/machine.ts';
import type { AuditFields } from '../../audit/writer.ts';
import type { NewOutboxItem } from '../../central/outbox-item.ts';
import { erasureItem, erasureReason } from '../erasure.ts';
import { destroySettled, type Settling, settle, settlingOf } from '../held/settle.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';
import type { VisitSecrets } from '../visit-secrets.ts';

/** What is needed of a visit after its secrets are gone, and how far closing has come. */
interface Closing {
  fields: AuditFields;
  row: Omit<CaseRow, 'serial'> | undefined;
  /** The one signed in this visit: what was opened again has ended long ago. */
  consent: { id: string; hash: string } | undefined;
  /** What central gets of it. */
  evidence: NewOutboxItem | undefined;
  /** What the visit has of a case; undefined when it has nothing, or nobody has looked yet. */
  held: Settling | undefined;
  done: Set<string>;
}

/** Closing can fail half-way and be tried again: each step is taken once. */
const closings = new WeakMap<VisitSecrets, Closing>();

/**
 * The end of every visit. Keys go first, then what the windows hold, then the evidence is written.
 * SECURITY: S11 S19
 */
export async function closeVisit(deps: VisitDeps, visit: Visit): Promise<EffectResults['closeVisit']> {
  const { context, secrets } = visit;
  const closing = closings.get(secrets) ?? begin(deps, visit);
  closings.set(secrets, closing);
  const { fields, consent, done, row } = closing;
  const reason = erasureReason(context.outcome);
  const once = async (step: string, work: () => Promise<unknown>) => {
    if (done.has(step)) return;
    await work();
    done.add(step);
  };

  secrets.destroy();
  // At once, but nothing waits for it: windows are cleared whatever a disk or a line does.
  const looked = once('held key', async () => {
    closing.held ??= await settlingOf(deps.held, context, secrets.sessionId);
    if (closing.held) await destroySettled(deps, closing.held, fields);
  });
  // Told where it is waited for.
  looked.catch(() => undefined);
  for (const plane of ['customer', 'staff'] as const) {
    await once(`wipe ${plane}`, () =>
      deps.wiper.wipe(plane, secrets.sessionId).catch(() => {
        throw new Failure('erase-failed', { detail: plane });
      }),
    );
  }
  await looked;
  if (consent) {
    await once('end consent', () =>
      deps.outbox.add({
        kind: 'consent-end',
        id: `consent-end ${consent.id}`,
        consentId: consent.id,
        end: { reason, at: new Date(deps.clock.now()).toISOString() },
      }),
    );
  }
  const { held } = closing;
  // What was kept for a case brings its own entry and evidence where it goes, and stays sealed where it stays.
  if (held) {
    await once('held', async () => {
      const said = await settle(deps, held, fields);
      if (row && said) row.held = said;
    });
  } else await once('keys', () => destroyed(deps, closing, reason));
  const { evidence } = closing;
  if (evidence) await once('evidence', () => deps.outbox.add(evidence));
  if (row) {
    await once('case', async () => {
      const numbered = await deps.dayList.add(row);
      const { caseId } = numbered;
      await deps.outbox.add({
        kind: 'case',
        id: `case ${caseId}`,
        row: numbered,
        ...(consent ? { consentId: consent.id } : {}),
      });
    });
    await once('case entry', () =>
      deps.audit.append('case-recorded', { ...fields, facts: { case: row.caseId } }),
    );
  }
  await once('end', () =>
    deps.audit.append('session-ended', { ...fields, facts: { outcome: context.outcome ?? 'stopped' } }),
  );
  return undefined;
}

/** The entry that nothing is left, and the evidence that goes with it. */
async function destroyed(
  deps: VisitDeps,
  closing: Closing,
  reason: ReturnType<typeof erasureReason>,
): Promise<void> {
  const { fields, consent } = closing;
  const entry = await deps.audit.append('keys-destroyed', {
    ...fields,
    facts: { planes: 'core, customer, staff', reason },
  });
  if (!consent) return;
  closing.evidence = await erasureItem({
    consentId: consent.id,
    consentHash: consent.hash,
    reason,
    device: deps.settings.deviceId,
    at: deps.clock.now(),
    entry,
  });
}

function begin(deps: VisitDeps, visit: Visit): Closing {
  const { context, secrets } = visit;
  return {
    fields: auditFields(deps, visit),
    row: rowOf(context, secrets, deps.clock.now()),
    consent:
      secrets.consent && !secrets.kept
        ? { id: secrets.consent.record.header.recordId, hash: secrets.consent.hash }
        : undefined,
    evidence: undefined,
    held: undefined,
    done: new Set(),
  };
}

function rowOf(context: VisitContext, secrets: VisitSecrets, now: number): Closing['row'] {
  const { request, representation, lookup, outcome } = context;
  if (!request || !outcome) return undefined;
  return {
    // Of what is kept for it, where something is.
    caseId: secrets.caseId,
    customerName: secrets.assertion ? maskName(secrets.assertion.name) : '—',
    maskedNumber: maskNumber(request.subscriber),
    date: dayOf(now),
    closedAt: new Date(now).toISOString(),
    staffId: context.staffId,
    summary: {
      categories: request.categories,
      ...request.period,
      purpose: request.purpose,
      outcome,
      ...(representation.kind === 'self' ? {} : { representation: representation.kind }),
    },
    analysis: {
      rows: lookup?.rows ?? 0,
      received: lookup?.received ?? 0,
      sent: lookup?.sent ?? 0,
      released: secrets.released.size,
    },
    followUp: followUpOf(context.followUp),
  };
}
