/** Consents, lookups and their ends at two processes at once: as if one came after the other. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../../../shared/canonical/hash.ts';
import { housekeeping } from '../../housekeeping.ts';
import { MINUTE, told } from '../fixture.ts';
import { describeOnServer } from '../server.ts';
import { askFor, draftConsent, giveConsent, QIAN, submission, ZHANG } from '../visit.ts';
import { waitingForLocks } from './locks.ts';
import { pairFixture } from './pair.ts';

describeOnServer('at two processes at once', () => {
  const pair = pairFixture();

  test('one consent is accepted once, with one answer', async () => {
    const [one, other] = await pair.counter('counter-once');
    const draft = await draftConsent(one, askFor(ZHANG));
    const body = await submission(one, draft);
    const params = { consentId: draft.consent.header.recordId };
    const [a, b] = await Promise.all(
      [one, other].map((counter) => counter.call('submitConsent', { params, body })),
    );
    expect(b).toEqual(a);
  });

  test('an identity check and a nonce serve one consent', async () => {
    const [one, other] = await pair.counter('counter-nonce');
    const draft = await draftConsent(one, askFor(ZHANG));
    const twin = {
      ...draft,
      consent: { ...draft.consent, header: { ...draft.consent.header, recordId: randomUUID() } },
    };
    const answers = await Promise.all(
      [
        { counter: one, given: draft },
        { counter: other, given: twin },
      ].map(async ({ counter, given }) =>
        counter.raw('submitConsent', {
          params: { consentId: given.consent.header.recordId },
          body: await submission(counter, given),
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422]);
  });

  test('an id of a lookup or of a withdrawal serves one consent', async () => {
    const [one, other] = await pair.counter('counter-ids');
    const request = askFor(ZHANG);
    const given = [await giveConsent(one, request), await giveConsent(one, request)];
    const lookupId = randomUUID();
    const lookups = await Promise.all(
      [one, other].map((counter, i) =>
        counter.raw('lookup', { body: { lookupId, consentId: given[i]?.consentId, request } }),
      ),
    );
    expect(lookups.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    const withdrawalId = randomUUID();
    const withdrawals = await Promise.all(
      [one, other].map((counter, i) => {
        const { consentId, draft } = given[i] ?? {};
        const authority = { by: 'code', code: draft?.withdrawalCode };
        return counter.raw('withdraw', { body: { withdrawalId, consentId, part: 'all', authority } });
      }),
    );
    expect(withdrawals.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  });

  test('one lookup is answered once, and its pages are had from either', async () => {
    const [one, other] = await pair.counter('counter-lookup');
    const request = askFor(QIAN);
    const { consentId } = await giveConsent(one, request);
    const body = { lookupId: randomUUID(), consentId, request };
    const [a, b] = await Promise.all([one, other].map((counter) => counter.call('lookup', { body })));
    expect(b).toEqual(a);
    const refs = a?.manifest.document.pages.content ?? [];
    expect(refs.length).toBeGreaterThan(1);
    for (const counter of [one, other]) {
      const params = { lookupId: body.lookupId, layer: 'content', pages: '0' };
      expect(await sha256Hex(await counter.call('page', { params }))).toBe(refs[0]?.sha256);
    }
    const at = new Date().toISOString();
    await other.call('endConsent', { params: { consentId }, body: { reason: 'visit-ended', at } });
    for (const counter of [one, other]) {
      const params = { lookupId: body.lookupId, layer: 'content', pages: '0' };
      expect(told(await counter.refused('page', { params }))).toBe('consent-expired');
    }
  });

  test('no more lookups under a consent than one process would give', async () => {
    const [one, other] = await pair.counter('counter-fourth');
    const request = askFor(ZHANG);
    const { consentId } = await giveConsent(one, request);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        (i % 2 ? one : other).raw('lookup', { body: { lookupId: randomUUID(), consentId, request } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  });

  test('an end wins against a lookup that is under way elsewhere', async () => {
    const [one, other] = await pair.counter('counter-race');
    const request = askFor(QIAN);
    const outcomes = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const { consentId } = await giveConsent(one, request);
      const lookup = { lookupId: randomUUID(), consentId, request };
      const at = new Date().toISOString();
      const [answer] = await Promise.all([
        one.raw('lookup', { body: lookup }),
        other.call('endConsent', { params: { consentId }, body: { reason: 'withdrawn', at } }),
      ]);
      outcomes.add(String(answer.status));
      // Whoever was first: nothing opens any more, and nothing is left that could.
      expect(told(await one.refused('lookup', { body: lookup }))).toBe('consent-expired');
      const left = await pair.both[0].context.db
        .selectFrom('consents')
        .leftJoin('lookups', 'lookups.consent_id', 'consents.id')
        .select(['secret', 'secrets'])
        .where('consents.id', '=', consentId)
        .execute();
      expect(left.every(({ secret, secrets }) => secret === null && secrets === null)).toBe(true);
    }
    expect([...outcomes].every((status) => ['200', '403'].includes(status))).toBe(true);
  });

  test('an end that comes before its consent is known to both', async () => {
    const [one, other] = await pair.counter('counter-early');
    const draft = await draftConsent(one, askFor(ZHANG));
    const params = { consentId: draft.consent.header.recordId };
    await other.call('endConsent', { params, body: { reason: 'withdrawn', at: new Date().toISOString() } });
    const body = await submission(one, draft);
    expect(told(await one.refused('submitConsent', { params, body }))).toBe('consent-expired');
  });

  test('a withdrawal at one ends what the other has given, and is told to its counter', async () => {
    const [one, other] = await pair.counter('counter-withdrawal');
    const [elsewhere] = await pair.counter('counter-elsewhere');
    const request = askFor(ZHANG);
    const { consentId, draft } = await giveConsent(one, request);
    await one.call('lookup', { body: { lookupId: randomUUID(), consentId, request } });
    const { head } = await other.call('changes', { query: { after: 0 } });
    const waiting = other.call('changes', { query: { after: head, wait: 25 } });
    await elsewhere.call('withdraw', {
      body: {
        withdrawalId: randomUUID(),
        consentId,
        part: 'all',
        authority: { by: 'code', code: draft.withdrawalCode },
      },
    });
    expect((await waiting).changes).toMatchObject([{ kind: 'consent-ended', consentId }]);
    const again = { lookupId: randomUUID(), consentId, request };
    expect(told(await other.refused('lookup', { body: again }))).toBe('consent-expired');
  });

  test('what housekeeping ends leaves nothing behind, also while a lookup is on its last step', async () => {
    const [counter] = await pair.counter('counter-expiring');
    const request = askFor(ZHANG);
    const [{ consentId }, another] = [
      await giveConsent(counter, request),
      await giveConsent(counter, request),
    ];
    const lookupId = randomUUID();
    const { context } = pair.both[1];
    const { db, policies } = context;
    const { consentMinutes } = await policies.inForce();
    const late = () => Date.now() + (consentMinutes + 1) * MINUTE;
    const house = housekeeping({ ...context, now: late });
    let answer: ReturnType<typeof counter.raw> | undefined;
    // A lookup of the same id that comes to nothing: ours waits for it, after it has found its consent alive.
    const undone = db.transaction().execute(async (tx) => {
      await tx
        .insertInto('lookups')
        .values({
          id: lookupId,
          consent_id: another.consentId,
          request_hash: '',
          answered_at: new Date(),
          rows: 0,
          manifest: '',
          manifest_cms: '',
          secrets: null,
          page_set: randomUUID(),
        })
        .execute();
      answer = counter.raw('lookup', { body: { lookupId, consentId, request } });
      await waitingForLocks(db, 1);
      await house.run();
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await answer;
    await house.run();
    const left = await db
      .selectFrom('consents')
      .leftJoin('lookups', 'lookups.consent_id', 'consents.id')
      .select(['end_reason', 'secret', 'secrets'])
      .where('consents.id', '=', consentId)
      .execute();
    expect(left).toEqual([{ end_reason: 'expired', secret: null, secrets: null }]);
  });
});
