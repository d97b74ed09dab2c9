/** A visit as a counter makes it, each part replaceable: what a test changes is what it is about. */
import { randomUUID } from 'node:crypto';
import { randomBytes, toBase64, toBase64url, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { signDetached } from '../../../shared/canonical/cms.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { subjectField } from '../../../shared/canonical/signed-document.ts';
import { makeWithdrawalCode, withdrawalCodeHash } from '../../../shared/canonical/withdrawal-code.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { Ink } from '../../../shared/domain/ink.ts';
import { dayOf, lastMonth } from '../../../shared/domain/period.ts';
import { noticeText, type Policy } from '../../../shared/domain/policy.ts';
import type { Grants, LookupRequest } from '../../../shared/domain/scope.ts';
import type { ConsentSubmission } from '../../../shared/protocol/documents.ts';
import type { Identity } from '../pki/identity.ts';
import { TestCounter } from './client.ts';

export const ZHANG = '13900010001';
export const LI = '13900010002';
export const ZHAO = '13900010004';
export const QIAN = '13900010005';

/** The smallest PNG: one transparent pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export const INK: Ink = {
  width: 600,
  height: 200,
  device: 'pen',
  strokes: [
    [
      { x: 10, y: 10, p: 0.5, t: 0 },
      { x: 200, y: 120, p: 0.7, t: 40 },
      { x: 400, y: 30, p: 0.6, t: 80 },
    ],
  ],
};

const ALL_GRANTS: Grants = {
  lookup: true,
  analysis: true,
  release: true,
  contact: false,
  marketing: false,
  richInk: false,
};

export interface Draft {
  readonly consent: ConsentRecord;
  readonly evidence: ConsentSubmission['evidence'];
  readonly recipient: CryptoKeyPair;
}

/** Challenge and proofs with the right answers. */
export async function proveIdentity(counter: TestCounter, subscriber: string, sessionId: string) {
  const challenge = await counter.call('challenge', { body: { sessionId, subscriber } });
  const { servicePassword, codes } = counter.central.secrets(subscriber);
  return counter.call('prove', {
    params: { challengeId: challenge.challengeId },
    body: { servicePassword, oneTimeCode: codes.at(-1) },
  });
}

export function askFor(
  subscriber: string,
  now = Date.now(),
  change: Partial<LookupRequest> = {},
): LookupRequest {
  return {
    subscriber,
    categories: ['sms'],
    period: lastMonth(dayOf(now)),
    purpose: 'own-copy',
    ...change,
  };
}

/** A consent that central accepts; proves the identity first. */
export async function draftConsent(
  counter: TestCounter,
  request: LookupRequest,
  options: { now?: number; staffId?: string } = {},
): Promise<Draft> {
  const now = options.now ?? Date.now();
  const sessionId = randomUUID();
  const assertion = await proveIdentity(counter, request.subscriber, sessionId);
  const policy: Policy = (await counter.call('policy')).document;
  const recipient = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', recipient.publicKey));
  const text = noticeText(policy, 'zh-CN');
  const answers = {
    questionId: policy.questions['zh-CN'].id,
    answerId: policy.questions['zh-CN'].correct,
    grants: ALL_GRANTS,
  };
  const expiresAt = new Date(now + policy.consentMinutes * 60_000).toISOString();
  const device = subjectField(counter.identity.certificate, 'CN') ?? '';
  const consent: ConsentRecord = {
    header: { schema: 'zhiqing-consent/1', recordId: randomUUID(), principalId: request.subscriber },
    processing: {
      privacyNotice: { policyVersion: policy.version, language: 'zh-CN', largeType: false },
      purposes: policy.grants.map((purpose) => ({ purpose, given: ALL_GRANTS[purpose] })),
      reason: request.purpose,
      lawfulBasis: 'consent',
      piiCategories: request.categories,
      controllers: [policy.operator.name],
      collectionMethod: 'in-person-counter',
      processingMethod: 'display-and-report-on-subject-screen',
      storageLocations: ['counter'],
      retention: 'until-visit-ends',
      processingLocations: ['CN'],
      jurisdictions: ['CN'],
      recipients: ['subject'],
      withdrawalMethod: 'counter-or-10000',
      privacyRights: ['access'],
    },
    parties: [
      { role: 'principal', id: request.subscriber },
      { role: 'controller', id: policy.operator.name },
      { role: 'counter', id: device },
      { role: 'staff', id: options.staffId ?? '1024' },
    ],
    events: [{ type: 'given', at: new Date(now).toISOString(), validUntil: expiresAt }],
    scope: { ...request, recipients: ['subject', 'staff-released-rows'], expiresAt },
    evidence: {
      noticeSha256: await sha256Hex(utf8(text)),
      pictureSha256: await sha256Hex(new Uint8Array(Buffer.from(PNG, 'base64'))),
      inkSha256: await hashOf(INK),
      answersSha256: await hashOf(answers),
      identityAssertion: assertion.assertionId,
    },
    withdrawalCodeSha256: await withdrawalCodeHash(makeWithdrawalCode()),
    recipientKey: toBase64url(point),
    sessionId,
    nonce: toHex(randomBytes(16)),
  };
  return { consent, evidence: { noticeText: text, picture: PNG, ink: INK, answers }, recipient };
}

export async function signConsent(
  consent: ConsentRecord,
  signer: Identity,
  signingTime = new Date(consent.events[0]?.at ?? Date.now()),
): Promise<string> {
  const { privateKey, certificate } = signer;
  return toBase64(
    await signDetached({ content: canonicalBytes(consent), privateKey, certificate, signingTime }),
  );
}

/** Signs with the counter's key and submits. */
export async function submission(counter: TestCounter, draft: Draft): Promise<ConsentSubmission> {
  const { consent, evidence } = draft;
  return { consent, cms: await signConsent(consent, counter.identity), evidence };
}

/** An accepted consent. */
export async function giveConsent(counter: TestCounter, request: LookupRequest, now?: number) {
  const draft = await draftConsent(counter, request, now === undefined ? {} : { now });
  const body = await submission(counter, draft);
  const consentId = draft.consent.header.recordId;
  const acceptance = await counter.call('submitConsent', { params: { consentId }, body });
  return { draft, body, consentId, acceptance };
}

/** A counter of its own, with a clerk signed in. */
export async function openCounter(
  central: TestCounter['central'],
  deviceId: string,
  staff: { id: string; pin: string } = { id: '1024', pin: '246810' },
): Promise<TestCounter> {
  const counter = new TestCounter(central, await central.makeDevice(deviceId));
  await counter.signIn(staff.id, staff.pin);
  return counter;
}
