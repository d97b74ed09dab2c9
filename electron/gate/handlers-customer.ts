/** What the customer's window may ask for. */
import type { Handlers, ProofFacts, ReleaseRow } from '../../shared/contract/contract.ts';
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import { type Ink, isSignature } from '../../shared/domain/ink.ts';
import type { VisitEvent } from '../../shared/session/machine.ts';
import { coarseInk } from '../evidence/ink.ts';
import { visitProof } from '../evidence/proof.ts';
import type { CounterSession, CounterSessionOptions } from './counter-session.ts';
import { requireConsent, requireReading } from './effects/look-up.ts';
import { noted } from './noted.ts';
import { openLayer } from './open-layer.ts';
import { readAccesses } from './read-accesses.ts';
import { takeReleased } from './release.ts';
import { returnScreen } from './return-screen.ts';
import { auditFields } from './visit.ts';
import type { VisitSecrets } from './visit-secrets.ts';

export interface CustomerHandlerOptions extends CounterSessionOptions {
  session: CounterSession;
}

export function customerHandlers(options: CustomerHandlerOptions): Handlers<'customer'> {
  const { session, screen, withdrawal, wiper } = options;
  const refuse = (detail: string): never => {
    throw new Failure('wrong-state', { detail });
  };
  const send = (event: VisitEvent) => {
    // SECURITY: S1 the staff's display, in hand-over mode, takes no word of the customer.
    if (screen.current.holder === 'staff') refuse('screen is with staff');
    if (!session.send(event)) refuse(event.type);
    session.touch();
    return {};
  };
  const secretsFor = (event: VisitEvent): VisitSecrets => {
    const { secrets } = session;
    return secrets && session.can(event) ? secrets : refuse(event.type);
  };
  return {
    getView: () => session.customerView(),
    setDisplay: (display) => send({ type: 'SET_DISPLAY', ...display }),
    touch: () => {
      session.touch();
      withdrawal.touch();
      return {};
    },
    acceptRequest: () => send({ type: 'ACCEPT' }),
    notMyNumber: () => send({ type: 'NOT_MY_NUMBER' }),
    refuse: () => send({ type: 'REFUSE' }),
    noticePage: (page) => send({ type: 'NOTICE_PAGE', ...page }),
    noticeRead: () => send({ type: 'NOTICE_READ' }),
    prove: (proofs) => {
      secretsFor({ type: 'PROVE' }).putProofs(proofs);
      return send({ type: 'PROVE' });
    },
    resendCode: () => send({ type: 'RESEND_CODE' }),
    answer: ({ answerId }) => {
      const { policy } = session.secrets ?? {};
      const question = policy?.questions[session.context.display.language];
      if (!question?.answers.some(({ id }) => id === answerId))
        throw new Failure('bad-input', { detail: 'answerId' });
      return send({ type: 'ANSWER', answerId, correct: answerId === question.correct });
    },
    tick: (grants) => {
      const offered: readonly string[] = session.secrets?.policy?.grants ?? [];
      const extra = Object.entries(grants).find(([name, given]) => given && !offered.includes(name));
      if (extra) throw new Failure('bad-input', { detail: 'a grant that is not offered' });
      return send({ type: 'TICK', grants });
    },
    reconsider: ({ grant }) => send({ type: 'RECONSIDER', grant }),
    back: () => send({ type: 'BACK' }),
    sign: async (ink) => {
      const secrets = secretsFor({ type: 'SIGN' });
      if (!isSignature(ink)) throw new Failure('signature-empty');
      await takeInk(options, secrets, ink);
      return send({ type: 'SIGN' });
    },
    cannotSign: () => send({ type: 'CANNOT_SIGN' }),
    mark: async (ink) => {
      await takeInk(options, secretsFor({ type: 'MARK' }), ink);
      return send({ type: 'MARK' });
    },
    openRecords: () => openLayer(options, session, 'customer'),
    release: async ({ rows }) => {
      await release(options, rows);
      return {};
    },
    accesses: (asked) => readAccesses(options, asked),
    openReport: () => send({ type: 'OPEN_REPORT' }),
    makeReport: (report) => send({ type: 'MAKE_REPORT', options: report }),
    openProof: () => openProof(options),
    saveReport: () => send({ type: 'SAVE_REPORT' }),
    takeReceipt: () => send({ type: 'TAKE_RECEIPT' }),
    withdrawal: (action) => {
      // SECURITY: S1 the staff's display, in hand-over mode, takes no word of the customer.
      if (screen.current.holder === 'staff') refuse('screen is with staff');
      withdrawal.act(action);
      return {};
    },
    keepNothing: () => keepNothing(options),
    finish: () => send({ type: 'FINISH' }),
    stop: () => send({ type: 'STOP' }),
    retry: () => send({ type: 'RETRY' }),
    returnScreen: async ({ pin }) => {
      await returnScreen(options, pin);
      return {};
    },
    wiped: ({ sessionId }) => {
      wiper.answered('customer', sessionId);
      return {};
    },
  };
}

/** SECURITY: S8 S9 the picture is of the window as it stands now, with the ink on it, before anything changes. */
async function takeInk(
  { customerWindow, session }: CustomerHandlerOptions,
  secrets: VisitSecrets,
  ink: Ink,
): Promise<void> {
  const picture = await customerWindow.capture();
  if (picture.length === 0) throw new Failure('internal', { detail: 'no picture' });
  // Fine timing may be biometric: kept only for who agreed to it.
  secrets.putSignature(session.context.grants?.richInk ? ink : coarseInk(ink), picture);
}

/** What the customer's papers carry, once their records are there. */
async function openProof(options: CustomerHandlerOptions): Promise<ProofFacts> {
  const { session, screen, clock } = options;
  const { secrets, context } = session;
  // SECURITY: S1 S5 to the customer only, under the consent that they gave.
  if (screen.current.holder === 'staff' || !secrets?.hasLayer('content')) {
    throw new Failure('wrong-state', { detail: 'no records' });
  }
  requireConsent(secrets, context.request, clock);
  const { qr } = await visitProof(options, { secrets });
  const { request } = context;
  if (!request) throw new Failure('wrong-state', { detail: 'no request' });
  return { subscriber: request.subscriber, withdrawalCode: secrets.withdrawalCode, qr };
}

/** The customer takes keeping back: keys at once, then the rest. SECURITY: S11 S13 */
async function keepNothing(options: CustomerHandlerOptions): Promise<Record<never, never>> {
  const { session, screen, held, audit } = options;
  const event: VisitEvent = { type: 'KEEP_NOTHING' };
  const { secrets, context } = session;
  // SECURITY: S1 the staff's display, in hand-over mode, takes no word of the customer.
  if (screen.current.holder === 'staff' || !secrets || !session.can(event)) {
    throw new Failure('wrong-state', { detail: event.type });
  }
  const fields = auditFields(options, { context, secrets });
  const { kept } = context;
  const gone = kept ? held.destroy(kept.caseId, 'withdrawn', fields) : undefined;
  // Of what was opened again, the end of the case has ended the visit already.
  session.send(event);
  session.touch();
  const noted = audit.append('consent-withdrawn', {
    ...fields,
    facts: { by: 'screen', whole: false, purposes: 'keep' },
  });
  await Promise.all([noted, gone]);
  return {};
}

async function release(options: CustomerHandlerOptions, rows: readonly ReleaseRow[]): Promise<void> {
  const { session, audit, clock } = options;
  const { secrets, context } = session;
  const event: VisitEvent = { type: 'RELEASED', count: 0 };
  const entry = (facts: Record<string, string | number>) =>
    secrets ? { ...auditFields(options, { context, secrets }), facts } : { facts };
  const taken = new Map(secrets?.released);
  try {
    if (!secrets || !session.can(event)) throw new Failure('not-released', { detail: 'not now' });
    requireReading(secrets, context.request, clock);
    const manifest = secrets.lookup?.manifest.document;
    if (!manifest || !context.grants?.release) throw new Failure('not-released', { detail: 'not granted' });
    takeReleased(rows, manifest, taken);
  } catch (error) {
    await audit.append('release-denied', entry({ rows: rows.length, kind: toAppError(error).kind }));
    throw noted(error);
  }
  // SECURITY: S10 on the disk before staff see a row.
  await audit.append('rows-released', entry({ rows: rows.length, shown: taken.size }));
  secrets.requireAlive();
  for (const [index, row] of taken) secrets.released.set(index, row);
  session.send({ type: 'RELEASED', count: secrets.released.size });
  session.touch();
  // The count alone may be what it was, when only a counterpart was added.
  session.refresh();
}
