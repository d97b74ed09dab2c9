/**
 * Consents that a dishonest counter would sign: the signature is right, what is signed is not. Central decides again.
 * SECURITY: S6 S8 S9
 */
import { randomUUID } from 'node:crypto';
import { randomBytes, toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import { addDays, dayOf, monthsBefore } from '../../../shared/domain/period.ts';
import type { ConsentEvidence } from '../../../shared/protocol/documents.ts';
import {
  askFor,
  type Draft,
  draftConsent,
  giveConsent,
  LI,
  signConsent,
  submission,
  ZHANG,
} from '../../central/tests/visit.ts';
import { type Attack, type Family, gotThrough, type Rule, type Step, withoutEffect } from '../attack.ts';
import { centralState } from '../scene.ts';
import { centralFamily, judge, type Service } from './scene.ts';

type Change = (
  consent: ConsentRecord,
  service: Service,
  evidence: ConsentEvidence,
) => ConsentRecord | Promise<ConsentRecord>;
type Case = [
  id: string,
  rule: Rule,
  kind: ErrorKind,
  Change,
  ((evidence: ConsentEvidence) => ConsentEvidence)?,
];

const shift = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();
const MINUTE_MS = 60_000;

/** Moves giving and expiry together. */
const movedBy = (consent: ConsentRecord, ms: number): ConsentRecord => ({
  ...consent,
  events: consent.events.map((event) => ({
    ...event,
    at: shift(event.at, ms),
    validUntil: shift(event.validUntil, ms),
  })),
  scope: { ...consent.scope, expiresAt: shift(consent.scope.expiresAt, ms) },
});
const longer = (consent: ConsentRecord, ms: number): ConsentRecord => {
  const expiresAt = shift(consent.scope.expiresAt, ms);
  return {
    ...consent,
    events: consent.events.map((event) => ({ ...event, validUntil: expiresAt })),
    scope: { ...consent.scope, expiresAt },
  };
};
const inScope = (consent: ConsentRecord, change: Partial<ConsentRecord['scope']>): ConsentRecord => ({
  ...consent,
  scope: { ...consent.scope, ...change },
});
const party = (consent: ConsentRecord, role: string, id: string): ConsentRecord => ({
  ...consent,
  parties: consent.parties.map((one) => (one.role === role ? { ...one, id } : one)),
});
const evidenceOf = (consent: ConsentRecord, change: Partial<ConsentRecord['evidence']>): ConsentRecord => ({
  ...consent,
  evidence: { ...consent.evidence, ...change },
});

const DOT = { x: 10, y: 10, p: 0.5, t: 0 };
const today = (service: Service) => dayOf(service.now());

const cases: Case[] = [
  // What was asked.
  [
    'another-number-than-proved',
    'S6',
    'consent-rejected',
    (c) => ({
      ...inScope(party(c, 'principal', LI), { subscriber: LI }),
      header: { ...c.header, principalId: LI },
    }),
  ],
  ['number-and-signer-differ', 'S6', 'consent-rejected', (c) => inScope(c, { subscriber: LI })],
  ['signer-is-not-the-principal', 'S8', 'consent-rejected', (c) => party(c, 'principal', LI)],
  [
    'a-category-that-was-not-ticked',
    'S6',
    'consent-rejected',
    (c) => inScope(c, { categories: ['sms', 'call'] }),
  ],
  ['a-purpose-that-was-not-told', 'S6', 'consent-rejected', (c) => inScope(c, { purpose: 'nuisance' })],
  [
    'a-period-longer-than-the-policy',
    'S6',
    'period-too-long',
    (c, s) => inScope(c, { period: { from: addDays(monthsBefore(today(s), 6), -1), to: today(s) } }),
  ],
  [
    'a-period-yet-to-come',
    'S6',
    'period-not-valid',
    (c, s) => inScope(c, { period: { from: today(s), to: addDays(today(s), 1) } }),
  ],
  [
    'a-period-backwards',
    'S6',
    'period-not-valid',
    (c, s) => inScope(c, { period: { from: today(s), to: addDays(today(s), -3) } }),
  ],
  [
    'staff-see-all',
    'S6',
    'bad-input',
    (c) => ({ ...c, scope: { ...c.scope, recipients: ['subject', 'staff'] } }) as never,
  ],
  [
    'the-subject-is-no-recipient',
    'S6',
    'consent-rejected',
    (c) => inScope(c, { recipients: ['staff-released-rows'] }),
  ],
  // When.
  ['given-ten-minutes-ago', 'S6', 'policy-expired', (c) => movedBy(c, -10 * MINUTE_MS)],
  ['given-in-an-hour', 'S6', 'consent-rejected', (c) => movedBy(c, 60 * MINUTE_MS)],
  ['lives-longer-than-the-policy', 'S6', 'consent-rejected', (c) => longer(c, MINUTE_MS)],
  ['lives-for-ten-years', 'S6', 'consent-rejected', (c) => longer(c, 10 * 365 * 86_400_000)],
  ['expires-before-it-is-given', 'S6', 'consent-rejected', (c) => longer(c, -86_400_000)],
  [
    'two-expiries',
    'S6',
    'consent-rejected',
    (c) => inScope(c, { expiresAt: shift(c.scope.expiresAt, MINUTE_MS) }),
  ],
  // Under which policy.
  [
    'an-old-policy',
    'S18',
    'policy-changed',
    (c) => ({
      ...c,
      processing: { ...c.processing, privacyNotice: { ...c.processing.privacyNotice, policyVersion: 9 } },
    }),
  ],
  [
    'the-notice-in-another-language',
    'S9',
    'consent-rejected',
    (c) => ({
      ...c,
      processing: { ...c.processing, privacyNotice: { ...c.processing.privacyNotice, language: 'en' } },
    }),
  ],
  // Who.
  ['another-counter-named', 'S6', 'consent-rejected', (c) => party(c, 'counter', 'counter-0002')],
  ['a-colleague-named-as-staff', 'S8', 'consent-rejected', (c) => party(c, 'staff', '1025')],
  [
    'no-staff-named',
    'S8',
    'consent-rejected',
    (c) => ({ ...c, parties: c.parties.filter(({ role }) => role !== 'staff') }),
  ],
  ['staff-and-signer-the-same', 'S8', 'consent-rejected', (c) => party(c, 'staff', c.scope.subscriber)],
  [
    'two-staff-named',
    'S8',
    'consent-rejected',
    (c) => ({
      ...c,
      parties: c.parties.flatMap((one) => (one.role === 'staff' ? [one, { ...one, id: '1025' }] : [one])),
    }),
  ],
  // What was ticked.
  [
    'a-tick-left-out',
    'S6',
    'consent-rejected',
    (c) => ({ ...c, processing: { ...c.processing, purposes: c.processing.purposes.slice(1) } }),
  ],
  [
    'a-tick-doubled',
    'S6',
    'consent-rejected',
    (c) => ({
      ...c,
      processing: {
        ...c.processing,
        purposes: [...c.processing.purposes, ...c.processing.purposes.slice(0, 1)],
      },
    }),
  ],
  [
    'lookup-not-ticked',
    'S6',
    'consent-rejected',
    (c) => ({
      ...c,
      processing: {
        ...c.processing,
        purposes: c.processing.purposes.map((one) =>
          one.purpose === 'lookup' ? { ...one, given: false } : one,
        ),
      },
    }),
  ],
  [
    'a-tick-turned-to-yes',
    'S9',
    'consent-rejected',
    (c) => ({
      ...c,
      processing: {
        ...c.processing,
        purposes: c.processing.purposes.map((one) => ({ ...one, given: true })),
      },
    }),
  ],
  // Whose identity.
  ['no-identity-check', 'S6', 'consent-rejected', (c) => evidenceOf(c, { identityAssertion: randomUUID() })],
  [
    'an-identity-check-of-another-session',
    'S6',
    'consent-rejected',
    (c) => ({ ...c, sessionId: randomUUID() }),
  ],
  // What was shown and signed.
  [
    'a-notice-of-ones-own',
    'S9',
    'consent-rejected',
    async (c) => evidenceOf(c, { noticeSha256: await sha256Hex(new TextEncoder().encode('同意')) }),
    (e) => ({ ...e, noticeText: '同意' }),
  ],
  [
    'a-notice-with-another-hash',
    'S9',
    'consent-rejected',
    (c) => evidenceOf(c, { noticeSha256: '0'.repeat(64) }),
  ],
  [
    'a-picture-that-is-none',
    'S9',
    'consent-rejected',
    async (c) =>
      evidenceOf(c, { pictureSha256: await sha256Hex(new Uint8Array(Buffer.from('AAAA', 'base64'))) }),
    (e) => ({ ...e, picture: 'AAAA' }),
  ],
  [
    'a-picture-with-another-hash',
    'S9',
    'consent-rejected',
    (c) => evidenceOf(c, { pictureSha256: '1'.repeat(64) }),
  ],
  [
    'ink-of-one-dot',
    'S9',
    'consent-rejected',
    async (c) =>
      evidenceOf(c, {
        inkSha256: await hashOf({ width: 600, height: 200, device: 'pen', strokes: [[DOT]] }),
      }),
    (e) => ({ ...e, ink: { width: 600, height: 200, device: 'pen', strokes: [[DOT]] } }),
  ],
  ['ink-with-another-hash', 'S9', 'consent-rejected', (c) => evidenceOf(c, { inkSha256: '2'.repeat(64) })],
  [
    'ink-exchanged',
    'S9',
    'consent-rejected',
    (c) => c,
    (e) => ({ ...e, ink: { ...e.ink, width: e.ink.width + 1 } }),
  ],
  [
    'a-wrong-answer',
    'S9',
    'consent-rejected',
    async (c, _s, e) => evidenceOf(c, { answersSha256: await hashOf({ ...e.answers, answerId: 'none' }) }),
    (e) => ({ ...e, answers: { ...e.answers, answerId: 'none' } }),
  ],
  [
    'ticks-in-the-evidence-differ',
    'S9',
    'consent-rejected',
    async (c, _s, e) =>
      evidenceOf(c, {
        answersSha256: await hashOf({
          ...e.answers,
          grants: { ...e.answers.grants, contact: !e.answers.grants.contact },
        }),
      }),
    (e) => ({
      ...e,
      answers: { ...e.answers, grants: { ...e.answers.grants, contact: !e.answers.grants.contact } },
    }),
  ],
  // For which key.
  ['a-key-off-the-curve', 'S7', 'consent-rejected', (c) => ({ ...c, recipientKey: `BA${'A'.repeat(85)}` })],
  // What else.
  ['a-field-too-many', 'S3', 'bad-input', (c) => ({ ...c, override: true }) as never],
  [
    'another-basis-than-consent',
    'S3',
    'bad-input',
    (c) => ({ ...c, processing: { ...c.processing, lawfulBasis: 'contract' } }) as never,
  ],
  ['a-purpose-of-a-dot', 'S6', 'bad-input', (c) => inScope(c, { purpose: '.' as never })],
];

export function consentAttack(
  service: Service,
  draft: () => Promise<Draft> | Draft,
  [id, rule, kind, change, changeEvidence = (evidence) => evidence]: Case,
): Attack {
  const { counter, central } = service;
  return {
    id: `consent/${id}`,
    foothold: 'dishonest-clerk',
    rule,
    try: async () => {
      const { consent: honest, evidence } = await draft();
      const consent = await change(honest, service, evidence);
      // Rightly signed all the same: the refusal is for what it says.
      const cms = await signConsent(consent, counter.identity);
      const body = { consent, cms, evidence: changeEvidence(evidence) };
      const params = { consentId: consent.header.recordId };
      return withoutEffect(
        () => centralState(central),
        async () => judge(await counter.raw('submitConsent', { params, body }), [kind]),
      );
    },
  };
}

async function replays(service: Service, draft: Draft): Promise<Step[]> {
  const { counter, other, central } = service;
  const refusedBy = (
    id: string,
    rule: Rule,
    kinds: readonly ErrorKind[],
    body: () => Promise<object>,
    by = counter,
    consentId?: () => string,
  ): Attack => ({
    id: `consent/${id}`,
    foothold: by === other ? 'other-counter' : 'dishonest-clerk',
    rule,
    try: async () => {
      const given = (await body()) as { consent: ConsentRecord };
      const params = { consentId: consentId?.() ?? given.consent.header.recordId };
      return withoutEffect(
        () => centralState(central),
        async () => judge(await by.raw('submitConsent', { params, body: given }), kinds),
      );
    },
  });
  const given = await submission(counter, draft);
  const altered = async (change: Change) => {
    const consent = await change(given.consent, service, given.evidence);
    return { ...given, consent, cms: await signConsent(consent, counter.identity) };
  };
  const fresh = { recordId: randomUUID(), nonce: toHex(randomBytes(16)) };
  return [
    refusedBy('sent-to-another-address', 'S6', ['consent-rejected'], async () => given, counter, randomUUID),
    refusedBy('signed-here-sent-by-another-counter', 'S6', ['consent-rejected'], async () => given, other),
    {
      control: 'dishonest-clerk/the-same-consent-unchanged-is-accepted',
      try: async () => {
        const params = { consentId: draft.consent.header.recordId };
        const answer = await counter.call('submitConsent', { params, body: given });
        return `accepted at ${answer.document.acceptedAt}`;
      },
    },
    refusedBy('scope-edited-after-acceptance', 'S6', ['consent-rejected'], () =>
      altered((c) => inScope(c, { categories: ['sms', 'call', 'transaction'] })),
    ),
    refusedBy('nonce-used-again', 'S6', ['consent-rejected'], () =>
      altered((c) => ({ ...c, header: { ...c.header, recordId: fresh.recordId } })),
    ),
    refusedBy('identity-check-used-again', 'S6', ['consent-rejected'], () =>
      altered((c) => ({ ...c, nonce: fresh.nonce, header: { ...c.header, recordId: randomUUID() } })),
    ),
    refusedBy('accepted-here-shown-by-another-counter', 'S6', ['consent-rejected'], async () => given, other),
    {
      id: 'consent/end-overtakes-it',
      foothold: 'dishonest-clerk',
      rule: 'S11',
      try: async () => {
        const late = await draftConsent(counter, askFor(ZHANG, service.now()), { now: service.now() });
        const params = { consentId: late.consent.header.recordId };
        await counter.call('endConsent', {
          params,
          body: { reason: 'withdrawn', at: new Date(service.now()).toISOString() },
        });
        const body = await submission(counter, late);
        return withoutEffect(
          () => centralState(central),
          async () => judge(await counter.raw('submitConsent', { params, body }), ['consent-expired']),
        );
      },
    },
    {
      id: 'consent/a-policy-that-changed-meanwhile',
      foothold: 'dishonest-clerk',
      rule: 'S18',
      try: async () => {
        const old = await draftConsent(counter, askFor(LI, service.now()), { now: service.now() });
        const body = await submission(counter, old);
        await central.publishPolicy((policy) => policy);
        const params = { consentId: old.consent.header.recordId };
        return withoutEffect(
          () => centralState(central),
          async () => judge(await counter.raw('submitConsent', { params, body }), ['policy-changed']),
        );
      },
    },
    {
      id: 'consent/an-identity-check-of-an-hour-ago',
      foothold: 'dishonest-clerk',
      rule: 'S6',
      try: async () => {
        const old = await draftConsent(counter, askFor(LI, service.now()), { now: service.now() });
        service.advance(60 * MINUTE_MS);
        const consent = movedBy(old.consent, 60 * MINUTE_MS);
        const cms = await signConsent(consent, counter.identity);
        const params = { consentId: consent.header.recordId };
        return withoutEffect(
          () => centralState(central),
          async () => {
            const answer = await counter.raw('submitConsent', {
              params,
              body: { evidence: old.evidence, consent, cms },
            });
            const outcome = judge(answer, ['consent-rejected', 'bad-input']);
            return outcome.reason.includes('too old') ? outcome : gotThrough(outcome.reason);
          },
        );
      },
    },
  ];
}

export const consents: Family = centralFamily('central: what was signed', async (service) => {
  const ask = askFor(ZHANG, service.now());
  const draft = await draftConsent(service.counter, ask, { now: service.now() });
  const another = await giveConsent(service.counter, askFor(LI, service.now()), service.now());
  return [
    {
      control: 'dishonest-clerk/an-honest-consent-is-accepted',
      try: async () => `accepted at ${another.acceptance.document.acceptedAt}`,
    },
    ...cases.map((one) => consentAttack(service, () => draft, one)),
    ...(await replays(service, draft)),
  ];
});
