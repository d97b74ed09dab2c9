/** What one process knows, the other knows: tries, tokens, the policy, changes, revocations. */
import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { expect, test } from 'vitest';
import { EventParser } from '../../../../electron/central/event-stream.ts';
import { type Change, changeSchema } from '../../../../shared/protocol/changes.ts';
import type { TestCounter } from '../client.ts';
import { told } from '../fixture.ts';
import { describeOnServer } from '../server.ts';
import { askFor, draftConsent, LI, submission, ZHANG } from '../visit.ts';
import { pairFixture } from './pair.ts';

/** Reads a stream until something has come, or its end. */
function listen(counter: TestCounter, after: number) {
  const { promise, resolve, reject } = Promise.withResolvers<Change | 'ended'>();
  const opened = Promise.withResolvers<void>();
  const parser = new EventParser();
  const outgoing = request(
    `${counter.central.url}/v1/changes?after=${after}`,
    { ...counter.tls, headers: { accept: 'text/event-stream' } },
    (incoming) => {
      opened.resolve();
      incoming.setEncoding('utf8');
      incoming.on('data', (text: string) => {
        const [event] = parser.push(text);
        if (!event) return;
        resolve(changeSchema.parse(JSON.parse(event.data)));
        outgoing.destroy();
      });
      incoming.on('end', () => resolve('ended'));
    },
  );
  outgoing.on('error', reject);
  outgoing.end();
  return { next: promise, opened: opened.promise };
}

describeOnServer('two processes', () => {
  const pair = pairFixture();

  test('count tries at a PIN together', async () => {
    const [one, other] = await pair.counter('counter-tries');
    const body = { staffId: '1025', pin: '000000' };
    const refusals = await Promise.all(
      [one, other, one, other, one, other, one, other].map((counter) =>
        counter.refused('signIn', { body, token: undefined }),
      ),
    );
    expect(refusals.filter(({ kind }) => kind === 'sign-in-refused')).toHaveLength(5);
    expect(refusals.filter(({ kind }) => kind === 'too-many-tries')).toHaveLength(3);
    const left = refusals.flatMap(({ triesLeft }) => triesLeft ?? []).toSorted();
    expect(left).toEqual([0, 0, 0, 0, 1, 2, 3, 4]);
  });

  test('count tries at proofs together, and know one challenge', async () => {
    const [one, other] = await pair.counter('counter-proofs');
    const { challengeId } = await one.call('challenge', {
      body: { sessionId: randomUUID(), subscriber: LI },
    });
    const wrong = { servicePassword: '000000', oneTimeCode: '000000' };
    const refusals = await Promise.all(
      Array.from({ length: 7 }, (_, i) =>
        (i % 2 ? one : other).refused('prove', { params: { challengeId }, body: wrong }),
      ),
    );
    expect(refusals.filter(({ kind }) => kind === 'identity-failed')).toHaveLength(5);
    expect(refusals.filter(({ kind }) => kind === 'too-many-tries')).toHaveLength(2);
  });

  test('send a number no more codes than one would', async () => {
    const [one, other] = await pair.counter('counter-codes');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 ? one : other).raw('challenge', { body: { sessionId: randomUUID(), subscriber: ZHANG } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(pair.both[1].phone(ZHANG)).toHaveLength(10);
    // Only the newest code counts, whichever process made it.
    const open = await pair.both[0].context.db
      .selectFrom('challenges')
      .select('id')
      .where('subscriber', '=', ZHANG)
      .where('ended_at', 'is', null)
      .execute();
    expect(open).toHaveLength(1);
  });

  test("take each other's tokens, and no ended one", async () => {
    const [one, other] = await pair.counter('counter-tokens');
    await other.call('signOut', { body: {} });
    expect(told(await one.refused('signOut', { body: {} }))).toBe('staff-session-expired');
  });

  test('have one policy in force', async () => {
    const [one, other] = await pair.counter('counter-policy');
    const draft = await draftConsent(one, askFor('13900010003'));
    const { policyVersion } = await other.call('status');
    await pair.both[0].publishPolicy((policy) => ({ ...policy, identityTries: 4 }));
    expect((await other.call('status')).policyVersion).toBe(policyVersion + 1);
    expect((await other.call('policy')).document.identityTries).toBe(4);
    const { recordId } = draft.consent.header;
    const body = await submission(other, draft);
    expect(told(await other.refused('submitConsent', { params: { consentId: recordId }, body }))).toBe(
      'policy-changed',
    );
  });

  test('two policies at once are two versions, or one is refused', async () => {
    const [first, second] = pair.both;
    const before = await first.context.policies.inForce();
    const done = await Promise.allSettled(
      [first, second].map((central) => central.publishPolicy((policy) => policy)),
    );
    const grown = done.filter(({ status }) => status === 'fulfilled').length;
    expect(grown).toBeGreaterThan(0);
    expect((await second.context.policies.inForce()).version).toBe(before.version + grown);
  });

  test('tell their counters what another process has changed: by stream and by long poll', async () => {
    const [one, other] = await pair.counter('counter-feed');
    const { head } = await one.call('changes', { query: { after: 0 } });
    const stream = listen(other, head);
    const poll = other.call('changes', { query: { after: head, wait: 25 } });
    await stream.opened;
    await pair.both[0].publishPolicy((policy) => policy);
    expect(await stream.next).toMatchObject({ seq: head + 1, kind: 'policy' });
    expect((await poll).changes).toMatchObject([{ seq: head + 1, kind: 'policy' }]);
  });

  test('number the changes of a counter without gaps, whoever writes them', async () => {
    const [one] = await pair.counter('counter-numbers');
    const { head } = await one.call('changes', { query: { after: 0 } });
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const { db, changes } = pair.both[i % 2 ? 0 : 1].context;
        const body = { kind: 'staff-revoked', staffId: String(5000 + i) } as const;
        return db.transaction().execute((tx) => changes.append(tx, ['counter-numbers'], body, Date.now()));
      }),
    );
    const { changes } = await one.call('changes', { query: { after: head } });
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => head + i + 1));
  });

  test('end the stream of a counter that another process has revoked', async () => {
    const [, other] = await pair.counter('counter-revoked');
    const { head } = await other.call('changes', { query: { after: 0 } });
    const stream = listen(other, head);
    await stream.opened;
    await pair.both[0].revokeDevice('counter-revoked');
    expect(await stream.next).toBe('ended');
    expect(told(await other.refused('status'))).toContain('forbidden');
  });

  test('sign out whom another process has revoked', async () => {
    const [one, other] = await pair.counter('counter-staff');
    await one.signIn('1024', '246810');
    other.token = one.token;
    await pair.both[0].revokeStaff('1024');
    expect(told(await other.refused('signOut', { body: {} }))).toBe('staff-session-expired');
  });
});
