/** Central is asked to let a counter open what it keeps for a case, by somebody who may not. SECURITY: S5 S6 S11 */
import { randomUUID } from 'node:crypto';
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import type { TestCounter } from '../../central/tests/client.ts';
import {
  ALL_GRANTS,
  askFor,
  draftConsent,
  LI,
  proveIdentity,
  submission,
  ZHANG,
} from '../../central/tests/visit.ts';
import type { Attack, Foothold, Step } from '../attack.ts';
import { call, centralFamily, type Service } from '../central/scene.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A consent whose visit is over. */
async function given({ counter, now }: Service, keep: boolean) {
  const grants = { ...ALL_GRANTS, keep };
  const draft = await draftConsent(counter, askFor(ZHANG, now()), { now: now(), grants });
  const params = { consentId: draft.consent.header.recordId };
  await counter.call('submitConsent', { params, body: await submission(counter, draft) });
  const body = { reason: 'visit-ended' as const, at: new Date(now()).toISOString() };
  await counter.call('endConsent', { params, body });
  return { ...params, code: draft.withdrawalCode, request: askFor(ZHANG, now()) };
}

async function proof(at: TestCounter, number = ZHANG) {
  const sessionId = randomUUID();
  const { assertionId } = await proveIdentity(at, number, sessionId);
  return { sessionId, assertionId };
}

export const keptAtCentral = centralFamily('central: kept for a case', async (service) => {
  const { counter, other, advance } = service;
  const kept = await given(service, true);
  const taken = await given(service, true);
  const unkept = await given(service, false);
  const own = await proof(counter);

  const reopen = (
    id: string,
    kinds: readonly ErrorKind[],
    make: () => Promise<{ sessionId: string; assertionId: string }>,
    { by = counter, consentId = kept.consentId, foothold = 'dishonest-clerk' as Foothold } = {},
  ): Attack =>
    call(service, {
      foothold,
      id: `reopen/${id}`,
      rule: 'S6',
      kinds,
      by,
      name: 'reopenHeld',
      input: async () => ({ params: { consentId }, body: await make() }),
    });
  const mine = () => proof(counter);

  return [
    {
      control: 'dishonest-clerk/the-subject-themselves-may-have-it-opened',
      try: async () => {
        const { purposes } = await counter.call('reopenHeld', {
          params: { consentId: kept.consentId },
          body: own,
        });
        return `until its date, for ${purposes.join(', ')}`;
      },
    },
    reopen('with-a-proof-nobody-gave', ['identity-failed'], async () => ({
      sessionId: randomUUID(),
      assertionId: randomUUID(),
    })),
    reopen('with-the-proof-of-another-number', ['identity-failed'], () => proof(counter, LI)),
    reopen('with-the-proof-of-another-session', ['identity-failed'], async () => ({
      ...own,
      sessionId: randomUUID(),
    })),
    reopen('with-a-proof-given-at-another-counter', ['identity-failed'], () => proof(other)),
    reopen('of-another-counter', ['consent-required'], () => proof(other), {
      by: other,
      foothold: 'other-counter',
    }),
    reopen('of-another-counter-with-the-proof-given-here', ['consent-required'], async () => own, {
      by: other,
      foothold: 'other-counter',
    }),
    reopen('of-a-consent-that-is-not-there', ['consent-required'], mine, { consentId: randomUUID() }),
    reopen('of-what-was-never-to-be-kept', ['consent-expired'], mine, { consentId: unkept.consentId }),
    call(service, {
      foothold: 'dishonest-clerk',
      id: 'reopen/looks-up-anew-under-it',
      rule: 'S5',
      kinds: ['consent-expired'],
      by: counter,
      name: 'lookup',
      input: () => ({
        body: { lookupId: randomUUID(), consentId: kept.consentId, request: kept.request },
      }),
    }),
    {
      control: 'other-counter/keeping-is-taken-back-with-the-code',
      try: async () => {
        const { consentId, code } = taken;
        const authority = { by: 'code' as const, code };
        const body = { withdrawalId: randomUUID(), authority, consentId, part: ['keep' as const] };
        const { withdrawal } = await other.call('withdraw', { body });
        return withdrawal.document.purposes.join(', ');
      },
    },
    reopen('after-keeping-was-taken-back', ['consent-expired'], mine, { consentId: taken.consentId }),
    reopen('with-a-proof-of-an-hour-ago', ['identity-failed'], async () => {
      advance(61 * MINUTE_MS);
      await counter.signIn('1024', '246810');
      return own;
    }),
    reopen('past-its-date', ['consent-expired'], async () => {
      advance(30 * DAY_MS);
      await counter.signIn('1024', '246810');
      return mine();
    }),
  ] satisfies Step[];
});
