import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { toBase64url } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import type { AccessPage } from '../../../shared/domain/accesses.ts';
import type { AuditAction, AuditEntry } from '../../../shared/domain/audit.ts';
import type { TestCounter } from './client.ts';
import { centralFixture, MINUTE, told } from './fixture.ts';
import {
  askFor,
  draftConsent,
  giveConsent,
  LI,
  openCounter,
  proveIdentity,
  submission,
  ZHANG,
  ZHAO,
} from './visit.ts';

const fixture = centralFixture();
let here: TestCounter;
let there: TestCounter;
beforeAll(async () => {
  here = await openCounter(fixture.central, 'counter-0001');
  there = await openCounter(fixture.central, 'counter-0002');
});

/** Proves the identity at a counter and answers with what the list is asked with. */
async function prove(subscriber: string, at = here) {
  const sessionId = randomUUID();
  const { assertionId } = await proveIdentity(at, subscriber, sessionId);
  const list = (change: { cursor?: string; limit?: number; refusedOnly?: boolean } = {}) =>
    at.call('accesses', {
      params: { assertionId },
      body: { sessionId, limit: 100, refusedOnly: false, ...change },
    });
  return { sessionId, assertionId, list };
}

const brief = ({ entries }: AccessPage) =>
  entries.map(({ kind, outcome, counter }) => `${kind} ${outcome} ${counter}`);

const byKind = (a: { kind: string }, b: { kind: string }) => (a.kind < b.kind ? -1 : 1);

/** Appends entries to a counter's chain as a counter would. */
async function report(
  at: TestCounter,
  device: string,
  entries: readonly (Partial<AuditEntry> & { action: AuditAction })[],
): Promise<void> {
  const { size, head } = await at.call('auditHead');
  let previous = head;
  const chain: AuditEntry[] = [];
  for (const [i, entry] of entries.entries()) {
    const next: AuditEntry = {
      schema: 'zhiqing-audit/1',
      seq: size + i,
      at: new Date(fixture.now()).toISOString(),
      device,
      facts: {},
      salt: toBase64url(crypto.getRandomValues(new Uint8Array(16))),
      previous,
      ...entry,
    };
    previous = await hashOf(next);
    chain.push(next);
  }
  await at.call('audit', { body: { entries: chain } });
}

describe('what the subject reads', () => {
  test('identity, consent, lookup, texts and their end, newest first, with hall, counter and staff number', async () => {
    const request = askFor(ZHAO, fixture.now());
    const { consentId } = await giveConsent(there, request, fixture.now());
    const lookupId = randomUUID();
    const { manifest } = await there.call('lookup', { body: { lookupId, consentId, request } });
    for (const ref of manifest.document.pages.content)
      await there.call('page', { params: { lookupId, layer: 'content', pages: ref.page } });
    await there.call('endConsent', {
      params: { consentId },
      body: { reason: 'visit-ended', at: new Date(fixture.now()).toISOString() },
    });
    const { list } = await prove(ZHAO);
    const page = await list();
    expect(brief(page).slice(0, 6)).toEqual([
      'identity-check allowed counter-0001',
      'identity-challenge allowed counter-0001',
      'consent-ended allowed counter-0002',
      'lookup allowed counter-0002',
      'consent allowed counter-0002',
      'identity-check allowed counter-0002',
    ]);
    expect(page.entries[0]).toMatchObject({
      here: true,
      thisVisit: true,
      source: 'central',
      staffId: '1024',
    });
    expect(page.entries[1]).toMatchObject({ thisVisit: true });
    expect(page.entries[3]).toMatchObject({
      here: false,
      thisVisit: false,
      consentId,
      rows: manifest.document.rows,
      scope: { categories: ['sms'], period: request.period, purpose: 'own-copy' },
    });
    expect(page.entries.every(({ hall }) => hall !== '')).toBe(true);
    expect(JSON.stringify(page)).not.toContain(ZHAO);
    // It says itself that it was read, once a visit.
    await list();
    const again = (await list()).entries.filter(({ kind }) => kind === 'accesses-viewed');
    expect(again).toMatchObject([{ thisVisit: true, counter: 'counter-0001' }]);
  });

  test('texts handed over are told once a lookup, however many pages', async () => {
    const request = askFor(ZHANG, fixture.now());
    const { consentId } = await giveConsent(here, request, fixture.now());
    const lookupId = randomUUID();
    await here.call('lookup', { body: { lookupId, consentId, request } });
    for (const layer of ['content', 'metadata', 'content'])
      await here.call('page', { params: { lookupId, layer, pages: 0 } });
    const { list } = await prove(ZHANG);
    const served = (await list()).entries.filter(({ kind }) => kind === 'content-served');
    expect(served).toMatchObject([{ outcome: 'allowed', consentId, staffId: '1024' }]);
  });

  test('refused attempts: without consent, out of scope, from the wrong counter, wrong proofs', async () => {
    const before = await (await prove(LI)).list();
    const request = askFor(LI, fixture.now());
    // No consent at all.
    await there.refused('lookup', { body: { lookupId: randomUUID(), consentId: randomUUID(), request } });
    // A consent of somebody else, asked for this number.
    const other = await giveConsent(there, askFor(ZHAO, fixture.now()), fixture.now());
    await there.refused('lookup', { body: { lookupId: randomUUID(), consentId: other.consentId, request } });
    // The subject's consent, from another counter and for more than it allows.
    const { consentId } = await giveConsent(here, request, fixture.now());
    await there.refused('lookup', { body: { lookupId: randomUUID(), consentId, request } });
    const wider = { ...request, categories: ['sms' as const, 'call' as const] };
    await here.refused('lookup', { body: { lookupId: randomUUID(), consentId, request: wider } });
    // Wrong proofs, and another counter at this one's challenge.
    const { challengeId } = await here.call('challenge', {
      body: { sessionId: randomUUID(), subscriber: LI },
    });
    const proofs = { servicePassword: 'not-it-0', oneTimeCode: '000000' };
    await here.refused('prove', { params: { challengeId }, body: proofs });
    await there.refused('prove', { params: { challengeId }, body: proofs });
    const { list } = await prove(LI);
    const page = await list({ refusedOnly: true });
    expect(page.refused - before.refused).toBe(6);
    expect(page.entries.slice(0, 6).map(({ kind, reason, counter }) => [kind, reason, counter])).toEqual([
      ['identity-check', 'bad-input', 'counter-0002'],
      ['identity-check', 'identity-failed', 'counter-0001'],
      ['lookup', 'scope-exceeded', 'counter-0001'],
      ['lookup', 'consent-required', 'counter-0002'],
      ['lookup', 'scope-exceeded', 'counter-0002'],
      ['lookup', 'consent-required', 'counter-0002'],
    ]);
    // Whose consent it was is nobody's business: only the subject's own are named.
    expect(page.entries.map((entry) => entry.consentId)).not.toContain(other.consentId);
    // And the other subject is told of the attempt under their consent, without the number.
    const others = await (await prove(ZHAO)).list({ refusedOnly: true });
    expect(others.entries[0]).toMatchObject({ kind: 'lookup', consentId: other.consentId });
  });

  test('an attempt before anything was answered: an auditor asks for a code', async () => {
    const auditor = await openCounter(fixture.central, 'counter-0003', { id: '2001', pin: '864209' });
    await auditor.refused('challenge', { body: { sessionId: randomUUID(), subscriber: ZHAO } });
    const { list } = await prove(ZHAO);
    expect((await list({ refusedOnly: true })).entries[0]).toMatchObject({
      kind: 'identity-challenge',
      reason: 'forbidden',
      staffId: '2001',
      counter: 'counter-0003',
    });
  });
});

describe("what counters' logs add", () => {
  test('only of sessions and consents that central knows to be of that number and that counter', async () => {
    const counter = await openCounter(fixture.central, 'counter-0011');
    const request = askFor(ZHAO, fixture.now());
    const { consentId, draft } = await giveConsent(counter, request, fixture.now());
    const of = { sessionId: draft.consent.sessionId, consentId, staffId: '1024' };
    await report(counter, 'counter-0011', [
      { ...of, action: 'layer-opened', facts: { plane: 'staff' } },
      { ...of, action: 'rows-released', facts: { rows: 3, shown: 3 } },
      { ...of, action: 'release-denied', facts: { rows: 1, kind: 'not-released' } },
      { ...of, action: 'report-saved', facts: {} },
      { ...of, action: 'case-recorded', facts: {} },
      { ...of, action: 'keys-destroyed', facts: {} },
    ]);
    // Another counter claims the same session and consent; and a session that nobody knows.
    const liar = await openCounter(fixture.central, 'counter-0012');
    await report(liar, 'counter-0012', [
      { ...of, action: 'layer-opened', facts: { plane: 'customer' } },
      { sessionId: randomUUID(), action: 'rows-released', facts: { rows: 1 } },
    ]);
    const page = await (await prove(ZHAO)).list();
    const told = page.entries.filter(({ source }) => source === 'counter');
    expect(
      told.map(({ kind, outcome, counter: at, rows, plane, reason }) => [
        kind,
        outcome,
        at,
        rows,
        plane,
        reason,
      ]),
    ).toEqual([
      ['erased', 'allowed', 'counter-0011', undefined, undefined, undefined],
      ['report-saved', 'allowed', 'counter-0011', undefined, undefined, undefined],
      ['rows-released', 'refused', 'counter-0011', 1, undefined, 'not-released'],
      ['rows-released', 'allowed', 'counter-0011', 3, undefined, undefined],
      ['layer-opened', 'allowed', 'counter-0011', undefined, 'staff', undefined],
    ]);
  });

  test('what central refused itself is not told twice; what the core refused alone is told', async () => {
    const counter = await openCounter(fixture.central, 'counter-0013');
    const request = askFor(ZHAO, fixture.now());
    const { consentId, draft } = await giveConsent(counter, request, fixture.now());
    const lookupId = randomUUID();
    await counter.refused('lookup', {
      body: { lookupId, consentId, request: { ...request, purpose: 'nuisance' } },
    });
    const of = { sessionId: draft.consent.sessionId, consentId, action: 'lookup-denied' as const };
    await report(counter, 'counter-0013', [
      { ...of, facts: { lookupId, kind: 'scope-exceeded' } },
      { ...of, facts: { lookupId: randomUUID(), kind: 'central-unreachable' } },
    ]);
    const { entries } = await (await prove(ZHAO)).list({ refusedOnly: true });
    expect(
      entries
        .filter((entry) => entry.counter === 'counter-0013')
        .map(({ source, reason }) => [source, reason]),
    ).toEqual([
      ['counter', 'central-unreachable'],
      ['central', 'scope-exceeded'],
    ]);
  });

  describe('an entry that no honest counter writes hides nothing and stops nobody', () => {
    const release = { action: 'rows-released' as const, facts: { rows: 3 } };
    test.each<[string, Partial<AuditEntry>, { rows?: number; staffId?: string }]>([
      ['rows that are a word', { facts: { rows: 'many' } }, {}],
      ['rows that are a word of digits', { facts: { rows: '7' } }, {}],
      ['more rows than there can be', { facts: { rows: 3e9 } }, {}],
      ['fewer rows than none', { facts: { rows: -1 } }, {}],
      ['half a row', { facts: { rows: 1.5 } }, {}],
      ['a time before there were any', { at: '0000-01-01T00:00:00.000Z' }, { rows: 3 }],
      ['a time before the first', { at: '1969-12-31T23:59:59.999Z' }, { rows: 3 }],
      ['a time after the last', { at: '9999-12-31T23:59:59.999Z' }, { rows: 3 }],
      ['a staff number of nine digits', { staffId: '123456789' }, { rows: 3 }],
      ['a staff number of eight signs', { staffId: '𠮷'.repeat(8) }, { rows: 3 }],
      ['no fault', { staffId: '1024' }, { rows: 3, staffId: '1024' }],
    ])('%s', async (_, entry, shown) => {
      const device = `counter-${randomUUID().slice(0, 8)}`;
      const counter = await openCounter(fixture.central, device);
      const { sessionId } = await prove(ZHANG, counter);
      await report(counter, device, [
        { ...release, sessionId, ...entry },
        { sessionId, action: 'report-made' },
      ]);
      const arrived = fixture.now();
      const page = await (await prove(ZHANG)).list();
      const told = page.entries.filter((one) => one.counter === device && one.source === 'counter');
      expect(told.map(({ kind, rows, staffId }) => ({ kind, rows, staffId })).toSorted(byKind)).toStrictEqual(
        [
          { kind: 'report-made', rows: undefined, staffId: undefined },
          { kind: 'rows-released', rows: shown.rows, staffId: shown.staffId },
        ],
      );
      for (const { at } of told) expect(Math.abs(Date.parse(at) - arrived)).toBeLessThan(MINUTE);
    });
  });

  test('a counter that has not reported a visit is named until it has', async () => {
    const counter = await openCounter(fixture.central, 'counter-0014');
    const { sessionId } = await prove(LI, counter);
    const unreported = async () =>
      (await (await prove(LI)).list()).unreported.find((one) => one.counter === 'counter-0014');
    expect(await unreported()).toMatchObject({ visits: 1 });
    await report(counter, 'counter-0014', [{ action: 'session-started', sessionId }]);
    expect(await unreported()).toMatchObject({ visits: 1 });
    await report(counter, 'counter-0014', [{ action: 'session-ended', sessionId }]);
    expect(await unreported()).toBeUndefined();
  });
});

describe('pages', () => {
  test('by cursor they make the whole list, none twice, and new entries do not shift them', async () => {
    const { list } = await prove(ZHANG);
    // The reading itself is in the list from the second time on.
    await list();
    const whole = await list();
    expect(whole.entries.length).toBe(whole.total);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: AccessPage = await list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.entries.length).toBeLessThanOrEqual(2);
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.next;
      await there.refused('lookup', {
        body: { lookupId: randomUUID(), consentId: randomUUID(), request: askFor(ZHANG, fixture.now()) },
      });
    } while (cursor !== undefined);
    expect(seen).toEqual(whole.entries.map(({ id }) => id));
  });

  test('a cursor that central has not written is refused', async () => {
    const { sessionId, assertionId } = await prove(ZHANG);
    for (const cursor of ['AAAA', toBase64url(new TextEncoder().encode('["2026-01-01T00:00:00Z","x1"]'))])
      expect(
        told(
          await here.refused('accesses', {
            params: { assertionId },
            body: { sessionId, limit: 10, refusedOnly: false, cursor },
          }),
        ),
      ).toBe('bad-input (cursor)');
  });
});

describe('who may ask', () => {
  const body = (sessionId: string) => ({ sessionId, limit: 10, refusedOnly: false });
  test('nobody without the check of this very counter and session', async () => {
    const { sessionId, assertionId } = await prove(ZHANG);
    const refusal = async (at: TestCounter, id: string, session: string) =>
      told(await at.refused('accesses', { params: { assertionId: id }, body: body(session) }));
    expect(await refusal(there, assertionId, sessionId)).toBe('forbidden (assertionId)');
    expect(await refusal(here, assertionId, randomUUID())).toBe('forbidden (assertionId)');
    expect(await refusal(here, randomUUID(), sessionId)).toBe('forbidden (assertionId)');
    const auditor = await openCounter(fixture.central, 'counter-0001', { id: '2001', pin: '864209' });
    expect(await refusal(auditor, assertionId, sessionId)).toBe('forbidden (role)');
    expect(
      (await here.refused('accesses', { params: { assertionId }, body: body(sessionId), token: undefined }))
        .kind,
    ).toBe('not-signed-in');
    // Trying to read somebody's list is an access too.
    const { list } = await prove(ZHANG);
    expect((await list({ refusedOnly: true })).entries[0]).toMatchObject({
      kind: 'accesses-viewed',
      outcome: 'refused',
    });
  });

  test('a guardian may read it for the child, an agent or a relative may not', async () => {
    for (const representation of ['guardian', 'agent', 'relative'] as const) {
      const { sessionId, assertionId } = await prove(ZHANG);
      await fixture.central.context.db
        .updateTable('challenges')
        .set({ representation })
        .where('assertion_id', '=', assertionId)
        .execute();
      const { status, body: answer } = await here.raw('accesses', {
        params: { assertionId },
        body: body(sessionId),
      });
      expect(status).toBe(representation === 'guardian' ? 200 : 403);
      if (status !== 200) expect(JSON.parse(answer.toString('utf8')).detail).toBe('representation');
    }
  });

  test('not after its time, unless a consent given with it still lives; not after the visit', async () => {
    const counter = await openCounter(fixture.central, 'counter-0015');
    const plain = await prove(ZHANG, counter);
    const draft = await draftConsent(counter, askFor(ZHAO, fixture.now()), { now: fixture.now() });
    const { assertion, sessionId } = {
      assertion: draft.consent.evidence.identityAssertion,
      sessionId: draft.consent.sessionId,
    };
    await counter.call('submitConsent', {
      params: { consentId: draft.consent.header.recordId },
      body: await submission(counter, draft),
    });
    fixture.advance(31 * MINUTE);
    expect(
      told(
        await counter.refused('accesses', {
          params: { assertionId: plain.assertionId },
          body: body(plain.sessionId),
        }),
      ),
    ).toBe('identity-expired');
    const read = { params: { assertionId: assertion }, body: body(sessionId) };
    expect((await counter.call('accesses', read)).total).toBeGreaterThan(0);
    await report(counter, 'counter-0015', [{ action: 'session-ended', sessionId }]);
    expect(told(await counter.refused('accesses', read))).toBe('identity-expired (visit is over)');
  });
});
