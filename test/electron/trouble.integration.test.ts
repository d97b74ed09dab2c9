/** Visits under trouble: central gone, one display, a core that is killed. Needs the build in out/app. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CLERK,
  customerView,
  drawOnPad,
  fetchPage,
  ink,
  NAME,
  NUMBER,
  reaches,
  signIn,
  staffView,
  toIdentity,
  toReading,
  toSignature,
} from './support/customer.ts';
import { filesWith, type Kiosk, openKiosk } from './support/kiosk.ts';

/** What central does with a request of this kind; nothing when it is let through. */
let trouble: ((request: FastifyRequest, reply: FastifyReply) => boolean) | undefined;
const cut = (path: string) => (request: FastifyRequest) => {
  if (!request.url.startsWith(path)) return false;
  request.raw.socket.destroy();
  return true;
};

let kiosk: Kiosk;
beforeAll(async () => {
  kiosk = await openKiosk({
    screens: '1280x800',
    timeoutSeconds: 10,
    central: { intercept: (request, reply) => trouble?.(request, reply) ?? false },
  });
}, 180_000);
afterAll(() => kiosk?.close());

async function end(): Promise<void> {
  await kiosk.call('staff', 'cancel', {});
  await reaches(kiosk, 'ended', 'staff');
  await kiosk.ok('staff', 'acknowledge', {});
  await reaches(kiosk, 'idle', 'staff');
}
/** One display: the customer can answer only when it is theirs. */
const handOver = () => kiosk.ok('staff', 'handOver', {});

describe('one display', () => {
  it('changes hands, and comes back for the right PIN only', async () => {
    await signIn(kiosk);
    expect((await staffView(kiosk)).screen).toEqual({ mode: 'handover', holder: 'staff' });
    await kiosk.ok('staff', 'startSession', {
      subscriber: NUMBER,
      categories: ['sms'],
      period: { from: (await staffView(kiosk)).today, to: (await staffView(kiosk)).today },
      purpose: 'own-copy',
    });
    await reaches(kiosk, 'serving.request');
    // While staff have it, nothing counts that the customer's window says.
    expect(await kiosk.call('customer', 'acceptRequest', {})).toMatchObject({
      error: { kind: 'wrong-state' },
    });
    await handOver();
    expect((await customerView(kiosk)).screen.holder).toBe('customer');
    await kiosk.ok('customer', 'acceptRequest', {});
    expect(await kiosk.call('customer', 'returnScreen', { pin: '000000' })).toMatchObject({
      error: { kind: 'pin-refused', triesLeft: 4 },
    });
    expect((await staffView(kiosk)).screen.holder).toBe('customer');
    await kiosk.ok('customer', 'returnScreen', { pin: CLERK.pin });
    expect((await staffView(kiosk)).screen.holder).toBe('staff');
    await end();
    const actions = (await kiosk.audit()).map(({ action }) => action);
    for (const action of ['screen-handed-over', 'screen-return-refused', 'screen-returned']) {
      expect(actions.filter((one) => one === action)).toHaveLength(1);
    }
  }, 60_000);
});

describe('central in trouble', () => {
  it('loses nothing: the same consent, signed once, is submitted again', async () => {
    await signIn(kiosk);
    await handOver();
    await toIdentity(kiosk);
    await toSignature(kiosk);
    trouble = cut('/v1/consents/');
    await drawOnPad(kiosk);
    await kiosk.ok('customer', 'sign', ink);
    await reaches(kiosk, 'serving.submitFailed');
    expect((await customerView(kiosk)).error?.kind).toBe('central-unreachable');
    // On the disk, and not for anybody's eyes.
    const waiting = await stat(join(kiosk.userData, 'outbox', 'outbox.jsonl'));
    expect(waiting.size).toBeGreaterThan(1000);
    expect(await filesWith(join(kiosk.userData, 'outbox'), [NUMBER, NAME])).toEqual([]);
    trouble = undefined;
    await kiosk.ok('customer', 'retry', {});
    await reaches(kiosk, 'serving.reading');
    const entries = await kiosk.audit();
    const signed = entries.filter(({ action }) => action === 'consent-signed');
    const accepted = entries.filter(({ action }) => action === 'consent-accepted');
    expect([signed.length, accepted.length]).toEqual([1, 1]);
    expect(accepted[0]?.facts.consentHash).toBe(signed[0]?.facts.consentHash);
    await kiosk.ok('customer', 'stop', {});
    await reaches(kiosk, 'ended');
    await kiosk.ok('customer', 'returnScreen', { pin: CLERK.pin });
    await kiosk.ok('staff', 'acknowledge', {});
  }, 90_000);

  it.each<[string, (request: FastifyRequest, reply: FastifyReply) => boolean, string]>([
    ['cut off', cut('/v1/lookups'), 'central-unreachable'],
    [
      'failing',
      (request, reply) => request.url.startsWith('/v1/lookups') && Boolean(reply.code(503).send('')),
      'central-failed',
    ],
    [
      'answering garbage',
      (request, reply) => request.url.startsWith('/v1/lookups') && Boolean(reply.code(200).send('<html>')),
      'central-garbage',
    ],
  ])(
    '%s denies the lookup, says so once in the log, and can be tried again',
    async (_, what, kind) => {
      await signIn(kiosk);
      await handOver();
      const before = (await kiosk.audit()).length;
      await toIdentity(kiosk);
      await toSignature(kiosk);
      trouble = what;
      await drawOnPad(kiosk);
      await kiosk.ok('customer', 'sign', ink);
      await reaches(kiosk, 'serving.lookUpFailed');
      expect((await staffView(kiosk)).error?.kind).toBe(kind);
      expect(await kiosk.call('customer', 'openRecords', {})).toMatchObject({ ok: false });
      trouble = undefined;
      await kiosk.ok('customer', 'retry', {});
      await reaches(kiosk, 'serving.reading');
      const lookups = (await kiosk.audit())
        .slice(before)
        .filter(({ action }) => action.startsWith('lookup-'));
      expect(lookups.map(({ action, facts }) => [action, facts.kind])).toEqual([
        ['lookup-denied', kind],
        ['lookup-answered', undefined],
      ]);
      await kiosk.ok('customer', 'stop', {});
      await reaches(kiosk, 'ended');
      await kiosk.ok('customer', 'returnScreen', { pin: CLERK.pin });
      await kiosk.ok('staff', 'acknowledge', {});
    },
    90_000,
  );
});

describe('a core that is killed', () => {
  it('comes back empty, ends the visit it left, and its log still is one chain', async () => {
    await signIn(kiosk);
    await handOver();
    await toReading(kiosk);
    const { lookupId, consentId } = await customerView(kiosk);
    await kiosk.ok('customer', 'openRecords', {});
    const before = (await kiosk.audit()).length;
    await kiosk.crash();
    expect((await customerView(kiosk)).phase).toBe('idle');
    expect((await staffView(kiosk)).staff).toBeUndefined();
    expect((await fetchPage(kiosk, 'customer', `/sealed/${lookupId}/content/0`)).status).toBe(403);
    const since = async () => (await kiosk.audit()).slice(before).map(({ action }) => action);
    await expect.poll(async () => (await since()).length, { timeout: 20_000 }).toBe(5);
    // The window may ask before, while or after the visit that was left is ended.
    const written = await since();
    expect(written.filter((action) => action !== 'page-denied')).toEqual([
      'core-started',
      'keys-destroyed',
      'session-ended',
      'erasure-evidenced',
    ]);
    expect(written).toContain('page-denied');
    // Central is told, so that the consent opens nothing any more.
    await expect
      .poll(
        async () => {
          const consent = await kiosk.central.context.db
            .selectFrom('consents')
            .select('ended_at')
            .where('id', '=', consentId ?? '')
            .executeTakeFirst();
          return consent?.ended_at instanceof Date;
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    expect(await filesWith(join(kiosk.userData, 'audit'), [NUMBER, NAME])).toEqual([]);
  }, 120_000);

  it('refuses to serve on an altered log, and leaves the log alone', async () => {
    await kiosk.app.close();
    const path = join(kiosk.userData, 'audit', 'audit.jsonl');
    const whole = await readFile(path, 'utf8');
    const altered = whole.replace('session-ended', 'session-refused');
    await writeFile(path, altered);
    await expect(kiosk.relaunch()).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe(altered);
    await writeFile(path, whole);
    await kiosk.relaunch();
    expect((await customerView(kiosk)).phase).toBe('idle');
  }, 180_000);
});
