/** A visit as a counter makes it, each part replaceable: what a test changes is what it is about. */
import { randomUUID } from 'node:crypto';
import { randomBytes, toBase64, toBase64url, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { signDetached } from '../../../shared/canonical/cms.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { subjectField } from '../../../shared/canonical/signed-document.ts';
import { makeWithdrawalCode, withdrawalCodeHash } from '../../../shared/canonical/withdrawal-code.ts';
import {
  type ConsentRecord,
  purposeTypes,
  type Signature,
  sensitiveCategories,
} from '../../../shared/domain/consent.ts';
import { checkDigit } from '../../../shared/domain/identity-number.ts';
import type { Ink } from '../../../shared/domain/ink.ts';
import { dayOf, lastMonth } from '../../../shared/domain/period.ts';
import { grantsOffered, noticeText, type Policy, type ProofKind } from '../../../shared/domain/policy.ts';
import {
  type DocumentKind,
  type Representation,
  type RepresentationKind,
  type RepresentativeKind,
  self,
} from '../../../shared/domain/representation.ts';
import type { Grants, LookupRequest, Scope } from '../../../shared/domain/scope.ts';
import type { ConsentSubmission, Proofs } from '../../../shared/protocol/documents.ts';
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

const DAY = 86_400_000;

export const ALL_GRANTS: Grants = {
  lookup: true,
  analysis: true,
  release: true,
  keep: false,
  contact: false,
  marketing: false,
  richInk: false,
};

export interface Draft {
  readonly consent: ConsentRecord;
  readonly evidence: ConsentSubmission['evidence'];
  readonly recipient: CryptoKeyPair;
  /** What the receipt says. */
  readonly withdrawalCode: string;
}

/** An adult's identity number that is nobody's in the demo. */
const AGENT_STEM = '99999919800101009';
export const AGENT_NUMBER = AGENT_STEM + checkDigit(AGENT_STEM);

/** A second member of staff who serves. */
export const WITNESS = { staffId: '1025', pin: '135791' };

/** Challenge and proofs with the right answers, of the subject or of who acts for them. */
export async function proveIdentity(
  counter: TestCounter,
  subscriber: string,
  sessionId: string,
  representation: RepresentationKind = 'self',
) {
  const challenge = await counter.call('challenge', { body: { sessionId, subscriber, representation } });
  const { servicePassword, guardianNumber, codes } = counter.central.secrets(subscriber);
  const proofs: Record<ProofKind, Proofs> = {
    'service-password': { servicePassword },
    'one-time-code': { oneTimeCode: codes.at(-1) },
    'identity-number': {},
    'representative-identity-number': {
      representativeIdentityNumber: representation === 'guardian' ? guardianNumber : AGENT_NUMBER,
    },
  };
  return counter.call('prove', {
    params: { challengeId: challenge.challengeId },
    body: Object.assign({}, ...challenge.proofs.map((kind) => proofs[kind])),
  });
}

/** A representative with the papers that the demo's policy asks for. */
export function representative(kind: RepresentativeKind): Representation {
  const papers = {
    guardian: ['identity-card', 'household-register'],
    agent: ['identity-card', 'subject-identity-card', 'power-of-attorney'],
    relative: ['identity-card', 'death-certificate', 'kinship-proof'],
  } as const satisfies Record<RepresentativeKind, readonly DocumentKind[]>;
  return {
    kind,
    name: '陈晓',
    documents: papers[kind].map((paper, i) => ({ kind: paper, reference: `编号-${i}1` })),
  };
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

export interface DraftOptions {
  readonly now?: number;
  readonly staffId?: string;
  readonly representation?: Representation;
  /** `mark`: witnessed. `witnessed`: a signature with witnesses. */
  readonly signed?: 'signature' | 'mark' | 'witnessed';
  readonly ink?: Ink;
  readonly grants?: Grants;
}

/** A consent that central accepts; proves the identity first. */
export async function draftConsent(
  counter: TestCounter,
  request: LookupRequest,
  options: DraftOptions = {},
): Promise<Draft> {
  const { staffId = '1024', representation = self, ink = INK, grants = ALL_GRANTS } = options;
  const { kind } = representation;
  const now = options.now ?? Date.now();
  const sessionId = randomUUID();
  const assertion = await proveIdentity(counter, request.subscriber, sessionId, kind);
  const signature = await signatureOf(counter, request.subscriber, sessionId, ink, options);
  const policy: Policy = (await counter.call('policy')).document;
  const recipient = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', recipient.publicKey));
  const text = noticeText(policy, 'zh-CN');
  const answers = {
    questionId: policy.questions['zh-CN'].id,
    answerId: policy.questions['zh-CN'].correct,
    grants,
  };
  const expiresAt = new Date(now + policy.consentMinutes * 60_000).toISOString();
  const scope: Scope = {
    ...request,
    recipients: ['subject', 'staff-released-rows'],
    expiresAt,
    ...(grants.keep ? { heldUntil: new Date(now + (policy.caseDays ?? 0) * DAY).toISOString() } : {}),
  };
  const device = subjectField(counter.identity.certificate, 'CN') ?? '';
  const withdrawalCode = makeWithdrawalCode();
  const consent: ConsentRecord = {
    header: { schema: 'zhiqing-consent/1', recordId: randomUUID(), principalId: request.subscriber },
    processing: {
      privacyNotice: { policyVersion: policy.version, language: 'zh-CN', largeType: false },
      purposes: grantsOffered(policy, kind).map((purpose) => ({
        purpose,
        purposeType: purposeTypes[purpose],
        given: grants[purpose],
      })),
      reason: request.purpose,
      lawfulBasis: 'consent',
      piiCategories: [
        ...request.categories.map((category) => ({ category, sensitive: sensitiveCategories[category] })),
        { category: 'identity-proof', sensitive: true },
        { category: 'signature-ink', sensitive: grants.richInk },
      ],
      controllers: [policy.operator.name],
      service: 'own-records-lookup',
      collectionMethod: 'in-person-counter',
      processingMethod: 'display-and-report-on-subject-screen',
      storageLocations: ['counter'],
      retention: 'until-visit-ends',
      processingLocations: ['CN'],
      geographicRestrictions: ['not-outside-CN'],
      jurisdictions: ['CN'],
      recipients: ['subject'],
      withdrawalMethods: [{ method: 'any-counter', at: 'any counter' }],
      privacyRights: ['access'],
    },
    parties: [
      { role: 'principal', type: 'natural-person', id: request.subscriber },
      ...(representation.kind === 'self'
        ? []
        : [{ role: 'representative', type: 'natural-person', id: representation.name } as const]),
      { role: 'controller', type: 'organisation', id: policy.operator.name },
      { role: 'counter', type: 'device', id: device },
      { role: 'staff', type: 'natural-person', id: staffId },
      ...(signature.witnesses ?? [])
        .filter((witness) => witness.staffId !== staffId)
        .map((witness) => ({ role: 'witness', type: 'natural-person', id: witness.staffId }) as const),
    ],
    events: [
      {
        type: 'given',
        by: kind === 'self' ? 'principal' : 'representative',
        at: new Date(now).toISOString(),
        validUntil: expiresAt,
      },
    ],
    representation,
    signature,
    scope,
    evidence: {
      noticeSha256: await sha256Hex(utf8(text)),
      pictureSha256: await sha256Hex(new Uint8Array(Buffer.from(PNG, 'base64'))),
      inkSha256: await hashOf(ink),
      answersSha256: await hashOf(answers),
      scopeSha256: await hashOf(scope),
      identityAssertion: assertion.assertionId,
    },
    withdrawalCodeSha256: await withdrawalCodeHash(withdrawalCode),
    recipientKey: toBase64url(point),
    sessionId,
    nonce: toHex(randomBytes(16)),
  };
  return { consent, evidence: { noticeText: text, picture: PNG, ink, answers }, recipient, withdrawalCode };
}

/** How it is signed; witnesses are asked for where they are wanted. */
async function signatureOf(
  counter: TestCounter,
  subscriber: string,
  sessionId: string,
  ink: Ink,
  { signed = 'signature' }: DraftOptions,
): Promise<Signature> {
  if (signed === 'signature') return { method: 'signature' };
  const inkSha256 = await hashOf(ink);
  const { witnesses } = await counter.call('attest', {
    body: { ...WITNESS, sessionId, subscriber, inkSha256 },
  });
  return { method: signed === 'mark' ? 'witnessed-mark' : 'signature', witnesses };
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
