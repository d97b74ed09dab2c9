import { beforeAll, describe, expect, test } from 'vitest';
import { hashSecret } from '../secret-hash.ts';
import { TestCounter } from './client.ts';
import { centralFixture, MINUTE, told } from './fixture.ts';
import { openCounter, ZHANG } from './visit.ts';

const fixture = centralFixture();
let counter: TestCounter;
beforeAll(async () => {
  counter = new TestCounter(fixture.central, await fixture.central.makeDevice('counter-0001'));
});

const signIn = (staffId: string, pin: string) =>
  counter.refused('signIn', { body: { staffId, pin }, token: undefined });
const challengeBody = { sessionId: crypto.randomUUID(), subscriber: ZHANG };

describe('sign-in', () => {
  test('answers a token and who it is', async () => {
    const answer = await counter.call('signIn', { body: { staffId: '1024', pin: '246810' } });
    expect(answer.staff).toEqual({ id: '1024', name: '王芳', role: 'clerk', hall: '演示营业厅' });
    const hours = (Date.parse(answer.expiresAt) - fixture.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12);
  });

  test('refuses a wrong PIN and an unknown number alike, and counts tries of both', async () => {
    for (const staffId of ['1025', '99999']) {
      for (const left of [4, 3, 2, 1, 0]) {
        expect(await signIn(staffId, '000000')).toMatchObject({
          kind: 'sign-in-refused',
          status: 401,
          triesLeft: left,
        });
      }
      expect(await signIn(staffId, '135791')).toMatchObject({ kind: 'too-many-tries', status: 429 });
    }
    fixture.advance(15 * MINUTE);
    await counter.call('signIn', { body: { staffId: '1025', pin: '135791' } });
  });

  test('tries in parallel do not slip through', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('1025', '000000')));
    expect(answers.filter(({ kind }) => kind === 'sign-in-refused')).toHaveLength(5);
    expect(answers.filter(({ kind }) => kind === 'too-many-tries')).toHaveLength(7);
    fixture.advance(15 * MINUTE);
  });

  test('the right PIN forgets the wrong ones', async () => {
    for (let i = 0; i < 4; i++) await signIn('1024', '000000');
    await counter.call('signIn', { body: { staffId: '1024', pin: '246810' } });
    expect(await signIn('1024', '000000')).toMatchObject({ triesLeft: 4 });
  });

  test('refuses staff of another hall', async () => {
    const row = {
      id: '3001',
      name: '孙丽',
      role: 'clerk',
      hall: '别处',
      pin_hash: await hashSecret('112233'),
    };
    await fixture.central.context.db.insertInto('staff').values(row).execute();
    expect((await signIn('3001', '112233')).kind).toBe('sign-in-refused');
  });
});

describe('the staff token', () => {
  test('is needed', async () => {
    const problem = await counter.refused('challenge', { body: challengeBody, token: undefined });
    expect(problem).toMatchObject({ kind: 'not-signed-in', status: 401 });
  });

  test('counts over the certificate it was given to only', async () => {
    const other = await openCounter(fixture.central, 'counter-0002');
    await counter.signIn();
    const problem = await other.refused('challenge', { body: challengeBody, token: counter.token });
    expect(problem.kind).toBe('not-signed-in');
  });

  test('is refused when changed, unsigned or signed by another key', async () => {
    await counter.signIn();
    const [header = '', payload = '', signature = ''] = (counter.token ?? '').split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const promoted = Buffer.from(JSON.stringify({ ...claims, sub: '1025' })).toString('base64url');
    for (const token of [
      `${none}.${payload}.`,
      `${header}.${promoted}.${signature}`,
      'x',
      `${header}.${payload}`,
    ]) {
      expect((await counter.refused('challenge', { body: challengeBody, token })).kind).toBe('not-signed-in');
    }
  });

  test('ends with sign-out', async () => {
    await counter.signIn();
    expect(await counter.call('signOut', { body: {} })).toEqual({});
    expect((await counter.refused('challenge', { body: challengeBody })).kind).toBe('staff-session-expired');
  });

  test('ends after twelve hours', async () => {
    await counter.signIn();
    fixture.advance(12 * 60 * MINUTE + 1_000);
    expect((await counter.refused('challenge', { body: challengeBody })).kind).toBe('staff-session-expired');
  });

  test('of an auditor opens no visit', async () => {
    const auditor = await openCounter(fixture.central, 'counter-0003', { id: '2001', pin: '864209' });
    expect(told(await auditor.refused('challenge', { body: challengeBody }))).toBe('forbidden (role)');
  });
});
