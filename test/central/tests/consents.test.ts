import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fromBase64, randomBytes, toBase64, toHex } from '../../../shared/canonical/bytes.ts';
import { signDetached } from '../../../shared/canonical/cms.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { verifyDocument } from '../../../shared/canonical/signed-document.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import { addDays, dayOf, monthsBefore } from '../../../shared/domain/period.ts';
import { noticeText } from '../../../shared/domain/policy.ts';
import type { ConsentEvidence, ConsentSubmission } from '../../../shared/protocol/documents.ts';
import type { TestCounter } from './client.ts';
import { centralFixture, MINUTE, told } from './fixture.ts';
import {
  askFor,
  type Draft,
  draftConsent,
  giveConsent,
  INK,
  LI,
  openCounter,
  signConsent,
  submission,
  ZHANG,
} from './visit.ts';

const fixture = centralFixture();
let counter: TestCounter;
let draft: Draft;

beforeAll(async () => {
  counter = await openCounter(fixture.central, 'counter-0001');
  draft = await draftConsent(counter, askFor(ZHANG, fixture.now()), { now: fixture.now() });
});

const submit = ({ consent, cms, evidence }: ConsentSubmission, consentId: string = consent.header.recordId) =>
  counter.refused('submitConsent', { params: { consentId }, body: { consent, cms, evidence } });

/** The refusal of the draft with something changed, rightly signed all the same. */
async function refusalOf(
  changeConsent: (consent: ConsentRecord) => ConsentRecord,
  changeEvidence: (evidence: ConsentEvidence) => ConsentEvidence = (evidence) => evidence,
): Promise<string> {
  const consent = changeConsent(draft.consent);
  const cms = await signConsent(consent, counter.identity);
  return told(await submit({ consent, cms, evidence: changeEvidence(draft.evidence) }));
}

const rejected = (field: string) => `consent-rejected (${field})`;
const at = (offset: number) => new Date(Date.parse(draft.consent.events[0]?.at ?? '') + offset).toISOString();

describe('a consent', () => {
  test('is countersigned by central and kept with its evidence; the same again answers the same', async () => {
    const { consentId, acceptance, body } = await giveConsent(
      counter,
      askFor(LI, fixture.now()),
      fixture.now(),
    );
    const { authority, context } = fixture.central;
    const verdict = await verifyDocument(acceptance, {
      trustedCertificates: [authority.root.certificate],
      expectedRole: 'central',
    });
    expect(verdict.ok).toBe(true);
    expect(acceptance.document.consentHash).toBe(await hashOf(body.consent));
    fixture.advance(20 * MINUTE);
    // Long after: what is held is not judged anew.
    expect(await counter.call('submitConsent', { params: { consentId }, body })).toEqual(acceptance);
    fixture.advance(-20 * MINUTE);
    const row = await context.db
      .selectFrom('consent_evidence')
      .selectAll()
      .where('consent_id', '=', consentId)
      .executeTakeFirstOrThrow();
    expect(await sha256Hex(new Uint8Array(row.picture))).toBe(body.consent.evidence.pictureSha256);
    expect(JSON.parse(row.ink)).toEqual(INK);
  });

  test('of an id already used, with other bytes, is rejected', async () => {
    const { body } = await giveConsent(counter, askFor(LI, fixture.now()), fixture.now());
    const consent = { ...body.consent, nonce: toHex(randomBytes(16)) };
    const cms = await signConsent(consent, counter.identity);
    expect(told(await submit({ ...body, consent, cms }))).toBe(rejected('header.recordId: already used'));
  });

  test('sent twice at once is one consent', async () => {
    const twin = await draftConsent(counter, askFor(LI, fixture.now()), { now: fixture.now() });
    const body = await submission(counter, twin);
    const consentId = twin.consent.header.recordId;
    const send = () => counter.call('submitConsent', { params: { consentId }, body });
    const [a, b] = await Promise.all([send(), send()]);
    expect(a).toEqual(b);
  });

  test('with an unknown field or another path is refused', async () => {
    const body = await submission(counter, draft);
    expect(told(await submit(body, randomUUID()))).toBe(rejected('header.recordId'));
    const problem = await counter.refused('submitConsent', {
      params: { consentId: draft.consent.header.recordId },
      body: { ...body, consent: { ...body.consent, extra: true } },
    });
    expect(problem).toMatchObject({ kind: 'bad-input', detail: 'consent: unrecognized_keys' });
  });

  test('needs the staff token', async () => {
    const body = await submission(counter, draft);
    const params = { consentId: draft.consent.header.recordId };
    expect((await counter.refused('submitConsent', { params, body, token: undefined })).kind).toBe(
      'not-signed-in',
    );
  });
});

describe('the signature', () => {
  const signedBy = async (cms: string) => told(await submit({ ...draft, cms }));

  test('over other bytes is rejected', async () => {
    const cms = await signConsent({ ...draft.consent, sessionId: randomUUID() }, counter.identity);
    expect(await signedBy(cms)).toBe(rejected('cms: digest-mismatch'));
  });

  test('by another counter of the CA is rejected', async () => {
    const other = await fixture.central.makeDevice('counter-0002');
    expect(await signedBy(await signConsent(draft.consent, other))).toBe(rejected('cms: another signer'));
  });

  test('by this counter’s name on another key is rejected', async () => {
    const twin = await fixture.central.makeDevice('counter-0001');
    expect(await signedBy(await signConsent(draft.consent, twin))).toBe(rejected('cms: another signer'));
  });

  test('by central itself is rejected', async () => {
    const { central } = fixture.central.authority;
    expect(await signedBy(await signConsent(draft.consent, central))).toBe(rejected('cms: another signer'));
  });

  test('of another key under this certificate is rejected', async () => {
    const { privateKey } = await fixture.central.makeDevice('counter-0003');
    const forged = signDetached({
      content: canonicalBytes(draft.consent),
      privateKey,
      certificate: counter.identity.certificate,
      signingTime: new Date(fixture.now()),
    });
    // The signer may refuse a key that is not the certificate's; if not, central must.
    const cms = await forged.then(toBase64).catch(() => undefined);
    if (cms !== undefined) expect(await signedBy(cms)).toBe(rejected('cms: bad-signature'));
  });

  test('with a flipped bit or that is no CMS is rejected', async () => {
    const der = fromBase64(await signConsent(draft.consent, counter.identity));
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    expect(await signedBy(toBase64(der))).toMatch(/^consent-rejected \(cms: /);
    expect(await signedBy('AAAA')).toBe(rejected('cms: malformed'));
  });

  test('made at another time is rejected', async () => {
    const cms = await signConsent(draft.consent, counter.identity, new Date(fixture.now() - 10 * MINUTE));
    expect(await signedBy(cms)).toBe(rejected('cms: signing time'));
  });
});

describe('what a consent says', () => {
  test.each(scopeChanges())('%s', async (_, expected, change) => {
    expect(await refusalOf(change)).toBe(expected);
  });

  test('under an older policy is refused', async () => {
    await fixture.central.publishPolicy((policy) => policy);
    try {
      expect(await refusalOf((consent) => consent)).toBe('policy-changed');
    } finally {
      draft = await draftConsent(counter, askFor(ZHANG, fixture.now()), { now: fixture.now() });
    }
  });

  test('of a member of staff who is not signed in is rejected', async () => {
    const parties = draft.consent.parties.map((party) =>
      party.role === 'staff' ? { ...party, id: '1025' } : party,
    );
    expect(await refusalOf((consent) => ({ ...consent, parties }))).toBe(rejected('parties.staff'));
  });
});

/** [what, refusal, change] */
function scopeChanges(): [string, string, (consent: ConsentRecord) => ConsentRecord][] {
  const scope =
    (change: (scope: ConsentRecord['scope']) => Partial<ConsentRecord['scope']>) => (c: ConsentRecord) => ({
      ...c,
      scope: { ...c.scope, ...change(c.scope) },
    });
  const period = (from: (today: string) => string, to: (today: string) => string) =>
    scope(() => {
      const today = dayOf(fixture.now());
      return { period: { from: from(today), to: to(today) } };
    });
  const purposes =
    (map: (given: Record<string, boolean>) => Record<string, boolean>) => (c: ConsentRecord) => {
      const given = map(Object.fromEntries(c.processing.purposes.map((one) => [one.purpose, one.given])));
      const list = c.processing.purposes.filter(({ purpose }) => purpose in given);
      return {
        ...c,
        processing: {
          ...c.processing,
          purposes: list.map((one) => ({ ...one, given: given[one.purpose] === true })),
        },
      };
    };
  const party = (role: string, id: string) => (c: ConsentRecord) => ({
    ...c,
    parties: c.parties.map((one) => (one.role === role ? { ...one, id } : one)),
  });
  const event = (change: (c: ConsentRecord) => { at: string; validUntil: string }) => (c: ConsentRecord) => {
    const { at, validUntil } = change(c);
    return {
      ...c,
      scope: { ...c.scope, expiresAt: validUntil },
      events: [{ type: 'given' as const, by: 'principal' as const, at, validUntil }],
    };
  };
  return [
    [
      'of a policy to come',
      'policy-changed',
      (c) => ({
        ...c,
        processing: { ...c.processing, privacyNotice: { ...c.processing.privacyNotice, policyVersion: 9 } },
      }),
    ],
    [
      'given before its policy was in force',
      'policy-expired',
      event(() => ({ at: at(-6 * MINUTE), validUntil: at(0) })),
    ],
    [
      'valid longer than the policy allows',
      rejected('scope.expiresAt'),
      event((c) => ({ at: c.events[0]?.at ?? '', validUntil: at(61 * MINUTE) })),
    ],
    [
      'ended before it began',
      rejected('scope.expiresAt'),
      event((c) => ({ at: c.events[0]?.at ?? '', validUntil: at(-MINUTE) })),
    ],
    ['with two ends', rejected('events.0.validUntil'), scope(() => ({ expiresAt: at(30 * MINUTE) }))],
    [
      'of a period too long',
      'period-too-long (scope.period)',
      period(
        (today) => addDays(monthsBefore(today, 6), -1),
        (today) => today,
      ),
    ],
    [
      'of a period to come',
      'period-not-valid (scope.period)',
      period(
        (today) => today,
        (today) => addDays(today, 1),
      ),
    ],
    [
      'of a period from end to beginning',
      'period-not-valid (scope.period)',
      period(
        (today) => today,
        (today) => addDays(today, -1),
      ),
    ],
    [
      'of more categories than it names',
      rejected('processing.piiCategories'),
      scope(() => ({ categories: ['sms', 'call'] })),
    ],
    [
      'of another purpose than its reason',
      rejected('processing.reason'),
      scope(() => ({ purpose: 'nuisance' })),
    ],
    ['of another’s number', rejected('header.principalId'), scope(() => ({ subscriber: LI }))],
    [
      'of another’s number throughout',
      rejected('evidence.identityAssertion'),
      (c) =>
        party(
          'principal',
          LI,
        )({ ...c, header: { ...c.header, principalId: LI }, scope: { ...c.scope, subscriber: LI } }),
    ],
    ['by another principal', rejected('parties.principal'), party('principal', LI)],
    ['at another counter', rejected('parties.counter'), party('counter', 'counter-0002')],
    [
      'with two members of staff',
      rejected('parties.staff'),
      (c) => ({ ...c, parties: [...c.parties, { role: 'staff', type: 'natural-person', id: '1025' }] }),
    ],
    [
      'without a controller',
      rejected('parties.controller'),
      (c) => ({ ...c, parties: c.parties.filter(({ role }) => role !== 'controller') }),
    ],
    [
      'without the lookup',
      rejected('processing.purposes.lookup'),
      purposes((given) => ({ ...given, lookup: false })),
    ],
    ['with a grant left out', rejected('processing.purposes'), purposes(({ contact: _, ...given }) => given)],
    [
      'with a grant ticked that was not',
      rejected('evidence.answers.grants'),
      purposes((given) => ({ ...given, contact: true })),
    ],
    [
      'shown to staff without that grant',
      rejected('scope.recipients'),
      purposes((given) => ({ ...given, release: false })),
    ],
    [
      'shown to staff only',
      rejected('scope.recipients'),
      scope(() => ({ recipients: ['staff-released-rows'] })),
    ],
    [
      'of another session than its identity check',
      rejected('evidence.identityAssertion'),
      (c) => ({ ...c, sessionId: randomUUID() }),
    ],
    [
      'without an identity check',
      rejected('evidence.identityAssertion'),
      (c) => ({ ...c, evidence: { ...c.evidence, identityAssertion: randomUUID() } }),
    ],
    [
      'for a key that is no point',
      rejected('recipientKey'),
      (c) => ({ ...c, recipientKey: `B${'A'.repeat(86)}` }),
    ],
    [
      'with another notice’s hash',
      rejected('evidence.noticeSha256'),
      (c) => ({ ...c, evidence: { ...c.evidence, noticeSha256: 'a'.repeat(64) } }),
    ],
    [
      'with another picture’s hash',
      rejected('evidence.pictureSha256'),
      (c) => ({ ...c, evidence: { ...c.evidence, pictureSha256: 'a'.repeat(64) } }),
    ],
    [
      'with another ink’s hash',
      rejected('evidence.inkSha256'),
      (c) => ({ ...c, evidence: { ...c.evidence, inkSha256: 'a'.repeat(64) } }),
    ],
    [
      'with other answers’ hash',
      rejected('evidence.answersSha256'),
      (c) => ({ ...c, evidence: { ...c.evidence, answersSha256: 'a'.repeat(64) } }),
    ],
  ];
}

describe('the evidence', () => {
  test('of a notice that central never published is rejected', async () => {
    const { document } = await counter.call('policy');
    const text = noticeText(document, 'en');
    expect(
      await refusalOf(
        (c) => c,
        (e) => ({ ...e, noticeText: text }),
      ),
    ).toBe(rejected('evidence.noticeText'));
  });

  test('of a picture that is no PNG is rejected', async () => {
    expect(
      await refusalOf(
        (c) => c,
        (e) => ({ ...e, picture: 'AAAA' }),
      ),
    ).toBe(rejected('evidence.picture'));
  });

  test('of a dot for a signature is rejected', async () => {
    const ink = { ...INK, strokes: [[{ x: 1, y: 1, p: 0.5, t: 0 }]] };
    const inkSha256 = await hashOf(ink);
    const refusal = await refusalOf(
      (c) => ({ ...c, evidence: { ...c.evidence, inkSha256 } }),
      (e) => ({ ...e, ink }),
    );
    expect(refusal).toBe(rejected('evidence.ink'));
  });

  test.each([
    ['answerId', { answerId: 'staff' }],
    ['questionId', { questionId: 'another' }],
  ])('of a notice not understood is rejected (%s)', async (field, change) => {
    const answers = { ...draft.evidence.answers, ...change };
    const answersSha256 = await hashOf(answers);
    const refusal = await refusalOf(
      (c) => ({ ...c, evidence: { ...c.evidence, answersSha256 } }),
      (e) => ({ ...e, answers }),
    );
    expect(refusal).toBe(rejected(`evidence.answers.${field}`));
  });
});

describe('what is used once', () => {
  let used: Awaited<ReturnType<typeof giveConsent>>;
  let fresh: Draft;
  beforeEach(async () => {
    used = await giveConsent(counter, askFor(LI, fixture.now()), fixture.now());
    fresh = await draftConsent(counter, askFor(LI, fixture.now()), { now: fixture.now() });
  });

  const refused = async (consent: ConsentRecord) =>
    told(await submit({ ...fresh, consent, cms: await signConsent(consent, counter.identity) }));

  test('a nonce', async () => {
    expect(await refused({ ...fresh.consent, nonce: used.draft.consent.nonce })).toBe(
      rejected('nonce: already used'),
    );
  });

  test('an identity check', async () => {
    const { sessionId, evidence } = used.draft.consent;
    const { identityAssertion } = evidence;
    const consent = {
      ...fresh.consent,
      sessionId,
      evidence: { ...fresh.consent.evidence, identityAssertion },
    };
    expect(await refused(consent)).toBe(rejected('evidence.identityAssertion: already used'));
  });
});

describe('time', () => {
  test('an identity check counts for half an hour', async () => {
    const old = await draftConsent(counter, askFor(LI, fixture.now()), { now: fixture.now() });
    fixture.advance(30 * MINUTE + 1_000);
    const now = fixture.now();
    const validUntil = new Date(now + 10 * MINUTE).toISOString();
    const consent: ConsentRecord = {
      ...old.consent,
      events: [{ type: 'given', by: 'principal', at: new Date(now).toISOString(), validUntil }],
      scope: { ...old.consent.scope, expiresAt: validUntil },
    };
    const body = { ...old, consent, cms: await signConsent(consent, counter.identity) };
    expect(told(await submit(body))).toBe(rejected('evidence.identityAssertion: too old'));
  });

  test('a consent from a counter whose clock is off is rejected', async () => {
    const request = askFor(LI, fixture.now());
    const late = await draftConsent(counter, request, { now: fixture.now() + 6 * MINUTE });
    const cms = await signConsent(late.consent, counter.identity, new Date(fixture.now()));
    expect(told(await submit({ ...late, cms }))).toBe(rejected('cms: signing time'));
    const alike = await signConsent(late.consent, counter.identity, new Date(fixture.now() + 6 * MINUTE));
    expect(told(await submit({ ...late, cms: alike }))).toBe(rejected('cms: signing time'));
  });

  test('a notice past its review is refused', async () => {
    const current = await draftConsent(counter, askFor(LI, fixture.now()), { now: fixture.now() });
    await fixture.central.publishPolicy((policy) => ({
      ...policy,
      reviewBy: new Date(fixture.now() - 1_000).toISOString(),
    }));
    const { consent } = current;
    const privacyNotice = {
      ...consent.processing.privacyNotice,
      policyVersion: consent.processing.privacyNotice.policyVersion + 1,
    };
    const changed = { ...consent, processing: { ...consent.processing, privacyNotice } };
    const cms = await signConsent(changed, counter.identity);
    expect((await submit({ ...current, consent: changed, cms })).kind).toBe('policy-expired');
  });
});
