import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '../../../shared/canonical/hash.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { Ink } from '../../../shared/domain/ink.ts';
import type { RepresentationKind } from '../../../shared/domain/representation.ts';
import type { TestCounter } from './client.ts';
import { centralFixture, MINUTE, told } from './fixture.ts';
import {
  AGENT_NUMBER,
  askFor,
  type Draft,
  type DraftOptions,
  draftConsent,
  INK,
  LI,
  openCounter,
  proveIdentity,
  representative,
  submission,
  WITNESS,
  ZHANG,
} from './visit.ts';

const CHILD = '13900010006';
const DOT: Ink = { ...INK, strokes: [[{ x: 5, y: 5, p: 0.5, t: 0 }]] };

const fixture = centralFixture();
let counter: TestCounter;
beforeAll(async () => {
  counter = await openCounter(fixture.central, 'counter-0001');
});
// Tries of one test are no concern of the next.
beforeEach(() => fixture.advance(31 * MINUTE));

const draft = (number: string, options: DraftOptions = {}, purpose: 'own-copy' | 'nuisance' = 'own-copy') =>
  draftConsent(counter, askFor(number, fixture.now(), { purpose }), { now: fixture.now(), ...options });
async function accepted(made: Draft): Promise<boolean> {
  const body = await submission(counter, made);
  const consentId = made.consent.header.recordId;
  const { document } = await counter.call('submitConsent', { params: { consentId }, body });
  return document.consentId === consentId;
}
async function refused(made: Draft, change: (consent: ConsentRecord) => ConsentRecord = (c) => c) {
  const consent = change(made.consent);
  const body = await submission(counter, { ...made, consent });
  return told(
    await counter.refused('submitConsent', { params: { consentId: consent.header.recordId }, body }),
  );
}
const rejected = (field: string) => `consent-rejected (${field})`;

describe('each way to sign', () => {
  test.each([
    ['by the subject', ZHANG, {}],
    ['by a mark', ZHANG, { signed: 'mark', ink: DOT }],
    ['by a guardian', CHILD, { representation: representative('guardian') }],
    ['by an agent', LI, { representation: representative('agent') }],
    ['by a relative', LI, { representation: representative('relative'), signed: 'witnessed' }],
  ] as const)('%s is accepted', async (_, number, options) => {
    expect(await accepted(await draft(number, options))).toBe(true);
  });
});

describe('what is not a signature', () => {
  test('a dot without witnesses', async () => {
    expect(await refused(await draft(ZHANG, { ink: DOT }))).toBe(rejected('evidence.ink'));
  });
  test('fine timing that nobody agreed to', async () => {
    const ink: Ink = { ...INK, strokes: [[...(INK.strokes[0] ?? []), { x: 500, y: 90, p: 0.5, t: 93 }]] };
    expect(await refused(await draft(ZHANG, { ink }))).toBe(rejected('evidence.ink: timing'));
    const grants = {
      lookup: true,
      analysis: true,
      release: true,
      keep: false,
      contact: false,
      marketing: false,
      richInk: true,
    };
    expect(await accepted(await draft(ZHANG, { ink, grants }))).toBe(true);
  });
  test('a scope that its hash does not say', async () => {
    const made = await draft(ZHANG);
    const wrong = (c: ConsentRecord) => ({ ...c, evidence: { ...c.evidence, scopeSha256: 'ab'.repeat(32) } });
    expect(await refused(made, wrong)).toBe(rejected('evidence.scopeSha256'));
  });
});

describe('witnesses', () => {
  const body = (change: object = {}) => ({
    ...WITNESS,
    sessionId: randomUUID(),
    subscriber: ZHANG,
    inkSha256: 'ab'.repeat(32),
    ...change,
  });
  test('are two people: not the one who serves, no auditor, nobody with a wrong PIN', async () => {
    const answer = (change: object) => counter.refused('attest', { body: body(change) });
    expect(told(await answer({ staffId: '1024', pin: '246810' }))).toBe('witness-refused (staffId)');
    expect(told(await answer({ staffId: '2001', pin: '864209' }))).toBe('witness-refused (role)');
    expect(await answer({ pin: '000000' })).toMatchObject({ kind: 'sign-in-refused', triesLeft: 4 });
    expect((await counter.call('attest', { body: body() })).witnesses.map(({ staffId }) => staffId)).toEqual([
      '1024',
      '1025',
    ]);
  });
  test('tries of a PIN are limited, here as at sign-in', async () => {
    for (let i = 0; i < 5; i++) await counter.refused('attest', { body: body({ pin: '000000' }) });
    expect((await counter.refused('attest', { body: body() })).kind).toBe('too-many-tries');
  });
  test.each<[string, (made: Draft) => Promise<(c: ConsentRecord) => ConsentRecord>]>([
    [
      'of another signature',
      async () => {
        const other = await draft(LI, { signed: 'mark' });
        return (c) => ({ ...c, signature: other.consent.signature });
      },
    ],
    [
      'nobody heard of',
      async () => (c) => ({
        ...c,
        signature: {
          method: 'witnessed-mark',
          witnesses: [
            { staffId: '1024', assertion: randomUUID() },
            { staffId: '1025', assertion: randomUUID() },
          ],
        },
      }),
    ],
  ])('%s count for nothing', async (_, change) => {
    const made = await draft(ZHANG, { signed: 'mark', ink: DOT });
    expect(await refused(made, await change(made))).toBe(rejected('signature.witnesses: assertion'));
  });
  test('a witness who is no party, and a party who is no witness', async () => {
    const made = await draft(ZHANG, { signed: 'mark', ink: DOT });
    const without = (c: ConsentRecord) => ({
      ...c,
      parties: c.parties.filter(({ role }) => role !== 'witness'),
    });
    expect(await refused(made, without)).toBe(rejected('parties.witness'));
    const more = await draft(LI);
    const party = { role: 'witness', type: 'natural-person', id: '1025' } as const;
    expect(await refused(more, (c) => ({ ...c, parties: [...c.parties, party] }))).toBe(
      rejected('parties.witness'),
    );
  });
  test('a witness of another ink has not seen this one', async () => {
    const made = await draft(ZHANG, { signed: 'mark', ink: DOT });
    const inkSha256 = await hashOf(INK);
    const swapped: Draft = {
      ...made,
      consent: { ...made.consent, evidence: { ...made.consent.evidence, inkSha256 } },
      evidence: { ...made.evidence, ink: INK },
    };
    expect(await refused(swapped)).toBe(rejected('signature.witnesses: assertion'));
  });
});

describe('representatives', () => {
  const challenge = (subscriber: string, representation: RepresentationKind) =>
    counter.refused('challenge', { body: { sessionId: randomUUID(), subscriber, representation } });

  test('a child does not consent alone; a guardian does for a child only', async () => {
    expect(told(await challenge(CHILD, 'self'))).toBe('representation-refused (a guardian is needed)');
    expect(told(await challenge(ZHANG, 'guardian'))).toBe('representation-refused (age of the subject)');
  });
  test('the guardian is the one of the register', async () => {
    const { challengeId } = await counter.call('challenge', {
      body: { sessionId: randomUUID(), subscriber: CHILD, representation: 'guardian' },
    });
    const { servicePassword, identityNumber } = fixture.central.secrets(CHILD);
    for (const representativeIdentityNumber of [AGENT_NUMBER, identityNumber, '999999198001010090']) {
      const body = { servicePassword, representativeIdentityNumber };
      expect((await counter.refused('prove', { params: { challengeId }, body })).kind).toBe(
        'identity-failed',
      );
    }
  });
  test('the phone of the subject is told, and only an agent gets a code', async () => {
    const codes = () => fixture.central.secrets(LI).codes.length;
    const before = codes();
    await proveIdentity(counter, LI, randomUUID(), 'relative');
    expect(codes()).toBe(before);
    expect(fixture.central.phone(LI).at(-1)).toContain('机主亲属');
    await proveIdentity(counter, LI, randomUUID(), 'agent');
    expect(codes()).toBe(before + 1);
    expect(fixture.central.phone(LI).at(-1)).toContain('授权委托书');
  });
  test('the proofs of one path are no pass on another', async () => {
    const agent = await draft(LI, { representation: representative('agent') });
    const asSelf = (c: ConsentRecord): ConsentRecord => ({
      ...c,
      representation: { kind: 'self' },
      parties: c.parties.filter(({ role }) => role !== 'representative'),
      events: c.events.map((event) => ({ ...event, by: 'principal' as const })),
      processing: { ...c.processing, purposes: [...c.processing.purposes] },
    });
    expect(await refused(agent, asSelf)).toMatch(/processing\.purposes|identityAssertion: representation/);
  });
  test.each<[string, string, (c: ConsentRecord) => ConsentRecord]>([
    [
      'a paper less',
      'representation: documents',
      (c) => ({
        ...c,
        representation:
          c.representation.kind === 'self'
            ? c.representation
            : { ...c.representation, documents: c.representation.documents.slice(1) },
      }),
    ],
    [
      'another name among the parties',
      'parties.representative',
      (c) => ({
        ...c,
        parties: c.parties.map((one) => (one.role === 'representative' ? { ...one, id: '王某' } : one)),
      }),
    ],
    [
      'as if the subject had given it',
      'events.0.by',
      (c) => ({ ...c, events: c.events.map((event) => ({ ...event, by: 'principal' as const })) }),
    ],
  ])('with %s is refused', async (_, field, change) => {
    expect(await refused(await draft(LI, { representation: representative('agent') }), change)).toBe(
      rejected(field),
    );
  });
  test('a relative without a witness, or for a purpose that is not theirs', async () => {
    const representation = representative('relative');
    expect(await refused(await draft(LI, { representation }))).toBe(rejected('signature.witnesses'));
    expect(await refused(await draft(LI, { representation, signed: 'witnessed' }, 'nuisance'))).toBe(
      rejected('representation: purpose'),
    );
  });
  test('nobody whom the policy does not list', async () => {
    await fixture.central.publishPolicy((policy) => ({ ...policy, representatives: [] }));
    expect(told(await challenge(LI, 'agent'))).toBe('representation-refused (kind)');
  });
});
