/**
 * Taking back, second signatures, representatives, erasure evidence and checkpoints, each by somebody who may not.
 * SECURITY: S6 S8 S10 S11 S17
 */
import { randomUUID } from 'node:crypto';
import { auditOrigin, signCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { signDocument, subjectField } from '../../../shared/canonical/signed-document.ts';
import { noteKey } from '../../../shared/canonical/signed-note.ts';
import { publicKeyOf } from '../../../shared/canonical/verify-audit.ts';
import { makeWithdrawalCode } from '../../../shared/canonical/withdrawal-code.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import { type ErasureEvidence, visitParts } from '../../../shared/domain/erasure.ts';
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import type { ApiName } from '../../../shared/protocol/api.ts';
import type { CallInput, TestCounter } from '../../central/tests/client.ts';
import {
  askFor,
  type Draft,
  draftConsent,
  giveConsent,
  INK,
  LI,
  proveIdentity,
  submission,
  WITNESS,
  ZHANG,
} from '../../central/tests/visit.ts';
import type { Attack, Family, Foothold, Rule, Step } from '../attack.ts';
import { call, centralFamily, type Service } from './scene.ts';

const DOT = { ...INK, strokes: [(INK.strokes[0] ?? []).slice(0, 1)] };

type Make<N extends ApiName> = () => Promise<CallInput<N>> | CallInput<N>;
const attack = <N extends ApiName>(
  service: Service,
  foothold: Foothold,
  id: string,
  rule: Rule,
  kinds: readonly ErrorKind[],
  by: TestCounter,
  name: N,
  input: Make<N>,
): Attack => call(service, { foothold, id, rule, kinds, by, name, input });

async function withdrawals(service: Service): Promise<Step[]> {
  const { counter, other, now } = service;
  const give = (number: string) => giveConsent(counter, askFor(number, now()), now());
  const [mine, theirs] = [await give(ZHANG), await give(LI)];
  const byCode = (code: string) => ({ by: 'code', code }) as const;
  const prove = async (at: TestCounter, number: string) => {
    const sessionId = randomUUID();
    const { assertionId } = await proveIdentity(at, number, sessionId);
    return { by: 'identity', sessionId, assertionId } as const;
  };
  const inPerson = await prove(counter, ZHANG);
  const take = (consentId: string, authority: object, withdrawalId: string = randomUUID()) => ({
    body: { withdrawalId, authority, consentId, part: 'all' },
  });
  const first = randomUUID();
  return [
    attack(
      service,
      'other-counter',
      'withdrawal/a-code-of-nobody',
      'S17',
      ['withdrawal-code-unknown'],
      other,
      'withdraw',
      () => take(mine.consentId, byCode(makeWithdrawalCode())),
    ),
    attack(
      service,
      'other-counter',
      'withdrawal/my-code-for-anothers-consent',
      'S6',
      ['consent-required'],
      other,
      'withdraw',
      () => take(theirs.consentId, byCode(mine.draft.withdrawalCode)),
    ),
    attack(
      service,
      'dishonest-clerk',
      'withdrawal/my-identity-for-anothers-consent',
      'S6',
      ['consent-required'],
      counter,
      'withdraw',
      () => take(theirs.consentId, inPerson),
    ),
    attack(
      service,
      'other-counter',
      'withdrawal/an-identity-proved-at-another-counter',
      'S6',
      ['identity-failed'],
      other,
      'standingConsents',
      () => ({ body: { authority: inPerson } }),
    ),
    attack(
      service,
      'dishonest-clerk',
      'withdrawal/an-identity-nobody-proved',
      'S6',
      ['identity-failed'],
      counter,
      'standingConsents',
      () => ({ body: { authority: { ...inPerson, assertionId: randomUUID() } } }),
    ),
    attack(
      service,
      'dishonest-clerk',
      'withdrawal/a-code-half-written',
      'S3',
      ['bad-input'],
      counter,
      'standingConsents',
      () => ({ body: { authority: byCode('AAAA') } }),
    ),
    {
      control: 'other-counter/the-code-on-the-receipt-withdraws',
      try: async () => {
        const answer = await other.call(
          'withdraw',
          take(mine.consentId, byCode(mine.draft.withdrawalCode), first) as never,
        );
        return `${answer.withdrawal.document.by}, keys at ${answer.counters.map(({ device, state }) => `${device} ${state}`).join()}`;
      },
    },
    attack(
      service,
      'dishonest-clerk',
      'withdrawal/looks-up-all-the-same',
      'S11',
      ['consent-expired'],
      counter,
      'lookup',
      () => ({ body: { lookupId: randomUUID(), consentId: mine.consentId, request: askFor(ZHANG, now()) } }),
    ),
    attack(
      service,
      'other-counter',
      'withdrawal/its-id-for-another-consent',
      'S6',
      ['bad-input'],
      other,
      'withdraw',
      () => take(theirs.consentId, byCode(theirs.draft.withdrawalCode), first),
    ),
    attack(
      service,
      'other-counter',
      'withdrawal/state-of-another-counters',
      'S6',
      ['consent-required'],
      counter,
      'withdrawalState',
      () => ({ params: { withdrawalId: first } }),
    ),
    attack(
      service,
      'dishonest-clerk',
      'withdrawal/a-code-that-stands-in-another-consent',
      'S6',
      ['consent-rejected'],
      counter,
      'submitConsent',
      async () => {
        const draft = await draftConsent(counter, askFor(LI, now()), { now: now() });
        const { withdrawalCodeSha256 } = theirs.draft.consent;
        const body = await submission(counter, {
          ...draft,
          consent: { ...draft.consent, withdrawalCodeSha256 },
        });
        return { params: { consentId: draft.consent.header.recordId }, body };
      },
    ),
    ...(await erasures(service, mine.consentId)),
    attack(
      service,
      'network',
      'withdrawal/codes-guessed',
      'S17',
      ['too-many-tries'],
      other,
      'standingConsents',
      async () => {
        for (let i = 0; i < 12; i++)
          await other.raw('standingConsents', { body: { authority: byCode(makeWithdrawalCode()) } });
        return { body: { authority: byCode(theirs.draft.withdrawalCode) } };
      },
    ),
  ];
}

async function erasures(service: Service, consentId: string): Promise<Attack[]> {
  const { counter, other, central, now } = service;
  const { hash } = await central.context.db
    .selectFrom('consents')
    .select('hash')
    .where('id', '=', consentId)
    .executeTakeFirstOrThrow();
  const evidence: ErasureEvidence = {
    schema: 'zhiqing-erasure/1',
    consentId,
    consentHash: hash,
    reason: 'withdrawn',
    destroyed: [...visitParts],
    at: new Date(now()).toISOString(),
    device: subjectField(counter.identity.certificate, 'CN') ?? '',
    auditEntry: { seq: 3, sha256: 'a'.repeat(64) },
  };
  const report = (
    id: string,
    kinds: readonly ErrorKind[],
    by: TestCounter,
    change: object,
    signer = by,
  ): Attack =>
    attack(
      service,
      by === other ? 'other-counter' : 'dishonest-clerk',
      `erasure/${id}`,
      'S11',
      kinds,
      by,
      'reportErasure',
      async () => {
        const document = { ...evidence, ...change };
        const { cms } = await signDocument(document, signer.identity, new Date());
        return { params: { consentId }, body: { evidence: document, cms } };
      },
    );
  return [
    report('in-the-name-of-another-counter', ['bad-input'], other, {}),
    report('by-a-counter-that-held-nothing', ['consent-required'], other, { device: 'counter-0002' }),
    report('signed-by-another-counter', ['bad-input'], counter, {}, other),
    report('of-other-bytes', ['bad-input'], counter, { consentHash: '0'.repeat(64) }),
    report('from-tomorrow', ['bad-input'], counter, { at: new Date(now() + 86_400_000).toISOString() }),
    report('of-nothing-destroyed', ['bad-input'], counter, { destroyed: [] }),
  ];
}

async function witnesses(service: Service): Promise<Step[]> {
  const { counter, now } = service;
  const body = (change: object = {}) => ({
    body: { ...WITNESS, sessionId: randomUUID(), subscriber: ZHANG, inkSha256: 'a'.repeat(64), ...change },
  });
  const ask = (id: string, kinds: readonly ErrorKind[], change: object) =>
    attack(service, 'dishonest-clerk', `witness/${id}`, 'S8', kinds, counter, 'attest', () => body(change));
  const marked = await draftConsent(counter, askFor(ZHANG, now()), { now: now(), signed: 'mark', ink: DOT });
  const another = await draftConsent(counter, askFor(LI, now()), { now: now(), signed: 'mark', ink: DOT });
  const inkSha256 = await hashOf(INK);
  const consent = (id: string, change: (consent: ConsentRecord) => object, ink = DOT) =>
    attack(
      service,
      'dishonest-clerk',
      `mark/${id}`,
      'S8',
      ['consent-rejected', 'bad-input'],
      counter,
      'submitConsent',
      async () => {
        const draft: Draft = {
          ...marked,
          consent: { ...marked.consent, ...change(marked.consent) } as ConsentRecord,
          evidence: { ...marked.evidence, ink },
        };
        return {
          params: { consentId: draft.consent.header.recordId },
          body: await submission(counter, draft),
        };
      },
    );
  const witnessed = marked.consent.signature.witnesses ?? [];
  return [
    ask('of-ones-own-visit', ['witness-refused'], { staffId: '1024', pin: '246810' }),
    ask('an-auditor', ['witness-refused'], { staffId: '2001', pin: '864209' }),
    ask('with-a-wrong-pin', ['sign-in-refused'], { pin: '000000' }),
    consent('without-witnesses', () => ({ signature: { method: 'witnessed-mark' } })),
    consent('with-one-witness', ({ signature }) => ({
      signature: { ...signature, witnesses: witnessed.slice(0, 1) },
    })),
    consent('with-one-witness-twice', ({ signature }) => ({
      signature: { ...signature, witnesses: [witnessed[0], witnessed[0]] },
    })),
    consent('with-witnesses-of-another-visit', () => ({ signature: another.consent.signature })),
    consent('with-witnesses-nobody-heard', ({ signature }) => ({
      signature: { ...signature, witnesses: witnessed.map((one) => ({ ...one, assertion: randomUUID() })) },
    })),
    consent('that-is-called-a-signature', () => ({
      signature: { method: 'signature' },
      parties: marked.consent.parties.filter(({ role }) => role !== 'witness'),
    })),
    consent(
      'with-ink-exchanged-afterwards',
      ({ evidence }) => ({ evidence: { ...evidence, inkSha256 } }),
      INK,
    ),
    {
      control: 'dishonest-clerk/a-mark-with-two-witnesses-is-accepted',
      try: async () => {
        const params = { consentId: marked.consent.header.recordId };
        const answer = await counter.call('submitConsent', {
          params,
          body: await submission(counter, marked),
        });
        return `accepted at ${answer.document.acceptedAt}`;
      },
    },
  ];
}

async function representatives(service: Service): Promise<Step[]> {
  const { counter, now } = service;
  const own = await draftConsent(counter, askFor(ZHANG, now()), { now: now() });
  const agent = (change: object = {}) => ({
    kind: 'agent',
    name: '陈晓',
    documents: [{ kind: 'identity-card', reference: '编号-1' }],
    ...change,
  });
  const consent = (id: string, change: (consent: ConsentRecord) => object) =>
    attack(
      service,
      'dishonest-clerk',
      `representative/${id}`,
      'S6',
      ['consent-rejected', 'bad-input'],
      counter,
      'submitConsent',
      async () => {
        const draft = { ...own, consent: { ...own.consent, ...change(own.consent) } as ConsentRecord };
        return {
          params: { consentId: draft.consent.header.recordId },
          body: await submission(counter, draft),
        };
      },
    );
  return [
    attack(
      service,
      'dishonest-clerk',
      'representative/a-guardian-of-a-grown-up',
      'S6',
      ['representation-refused'],
      counter,
      'challenge',
      () => ({ body: { sessionId: randomUUID(), subscriber: ZHANG, representation: 'guardian' } }),
    ),
    consent('an-agent-who-proved-as-the-subject', () => ({ representation: agent() })),
    consent('a-party-who-represents-nobody', ({ parties }) => ({
      parties: [...parties, { role: 'representative', type: 'natural-person', id: '陈晓' }],
    })),
    consent('given-by-a-representative-of-nobody', ({ events }) => ({
      events: events.map((event) => ({ ...event, by: 'representative' })),
    })),
    consent('an-agent-without-papers', () => ({ representation: agent({ documents: [] }) })),
  ];
}

async function checkpoints(service: Service): Promise<Step[]> {
  const { counter, other } = service;
  const signed = async (by: TestCounter, device: string, size: number) => {
    const key = await noteKey(auditOrigin(device), 'ecdsa', publicKeyOf(by.identity.certificate));
    return signCheckpoint(
      { size, root: new Uint8Array(32).fill(7) },
      { ...key, privateKey: by.identity.privateKey },
    );
  };
  const send = (foothold: Foothold, id: string, make: () => Promise<string>, by = counter) =>
    attack(
      service,
      foothold,
      `checkpoint/${id}`,
      'S10',
      ['bad-input', 'audit-failed'],
      by,
      'auditCheckpoint',
      async () => ({ body: { checkpoint: await make(), seen: 0 } }),
    );
  return [
    send('cloned-profile', 'that-is-none', async () => 'x'),
    send('cloned-profile', 'of-entries-that-were-never-sent', () => signed(counter, 'counter-0001', 9)),
    send('other-counter', 'in-the-name-of-another-counter', () => signed(other, 'counter-0001', 1), other),
    send('other-counter', 'signed-by-another-counter', () => signed(other, 'counter-0001', 1)),
    send(
      'cloned-profile',
      'with-the-signature-cut-off',
      async () => `${(await signed(counter, 'counter-0001', 1)).split('\n\n')[0]}\n\n`,
    ),
  ];
}

export const endings: Family = centralFamily(
  'central: taken back, witnessed, represented',
  async (service) => [
    ...(await witnesses(service)),
    ...(await representatives(service)),
    ...(await checkpoints(service)),
    ...(await withdrawals(service)),
  ],
);
