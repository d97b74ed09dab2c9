/** Whole visits through the two real windows by their API, against a real central. Needs the build in out/app. */
import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf } from '../../shared/canonical/hash.ts';
import { evidenceFiles, REPORT_FILE } from '../../shared/domain/receipt.ts';
import {
  CLERK,
  customerView,
  drawOnPad,
  fetchPage,
  flipped,
  ink,
  NAME,
  NUMBER,
  reaches,
  readAll,
  request,
  signIn,
  staffView,
  toIdentity,
  toReading,
  toSignature,
} from './support/customer.ts';
import { filesWith, type Kiosk, openKiosk, SENTINEL } from './support/kiosk.ts';

let kiosk: Kiosk;
beforeAll(async () => {
  kiosk = await openKiosk();
}, 180_000);
afterAll(() => kiosk?.close());

/** Entries that come when central is heard, at whatever step of the visit that is. */
const background = new Set(['policy-adopted', 'witness-adopted', 'erasure-evidenced']);

/** Actions logged while `work` ran. */
async function logged(work: () => Promise<void>): Promise<string[]> {
  const before = (await kiosk.audit()).length;
  await work();
  return (await kiosk.audit()).slice(before).map(({ action }) => action);
}

describe('a whole visit', () => {
  it('runs from sign-in to an empty counter', async () => {
    const actions = await logged(async () => {
      await toReading(kiosk);

      // What each plane is told.
      const staff = await staffView(kiosk);
      expect(staff.request?.maskedNumber).toBe('139****0001');
      expect(staff.identity).toBe('passed');
      expect(staff.counts?.rows).toBeGreaterThan(0);
      expect(JSON.stringify(staff)).not.toContain(NUMBER);
      expect(JSON.stringify(staff)).not.toContain(NAME);
      const customer = await customerView(kiosk);
      expect(customer.name).toBe(NAME);
      expect(JSON.stringify(customer)).not.toContain(NUMBER);

      // The metadata layer for staff, both for the customer.
      const metadata = await kiosk.ok('staff', 'openMetadata', {});
      expect(Object.keys(metadata).sort()).toEqual([
        'binding',
        'merkleRoot',
        'metadataSecret',
        'pageRoots',
        'pages',
        'rows',
      ]);
      const { lookupId } = metadata.binding;
      expect((await fetchPage(kiosk, 'staff', `/sealed/${lookupId}/metadata/0`)).status).toBe(200);
      expect((await fetchPage(kiosk, 'staff', `/sealed/${lookupId}/content/0`)).status).toBe(403);
      const access = await kiosk.ok('customer', 'openRecords', {});
      const rows = await readAll(kiosk, access);
      expect(rows).toHaveLength(staff.counts?.rows ?? -1);
      expect(rows.some(({ text }) => text.includes(SENTINEL))).toBe(true);

      // Two rows shown; a forged one is not taken.
      const [first, second] = rows;
      if (!first || !second) throw new Error('no rows');
      await kiosk.ok('customer', 'release', { rows: [{ ...first, showPeer: false }] });
      await kiosk.ok('customer', 'release', { rows: [{ ...second, showPeer: true }] });
      const forged = { ...first, text: `${first.text}!`, showPeer: true };
      expect(await kiosk.call('customer', 'release', { rows: [forged] })).toMatchObject({
        ok: false,
        error: { kind: 'not-released' },
      });
      const shown = (await staffView(kiosk)).released;
      expect(shown.map(({ index, peer, text }) => ({ index, peer, text }))).toEqual([
        { index: 0, peer: first.maskedPeer, text: first.text },
        { index: 1, peer: second.peer, text: second.text },
      ]);

      // Report.
      await kiosk.ok('customer', 'openReport', {});
      await kiosk.ok('customer', 'makeReport', { nameStyle: 'masked', texts: true, peers: 'masked' });
      await reaches(kiosk, 'serving.report.preview');
      const { report } = await customerView(kiosk);
      expect(report?.pages).toBeGreaterThan(0);
      const pdf = await fetchPage(kiosk, 'customer', `/report/${report?.reportId}.pdf`);
      expect(pdf.status).toBe(200);
      expect(Buffer.from(pdf.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
      expect((await fetchPage(kiosk, 'staff', `/report/${report?.reportId}.pdf`)).status).toBe(404);
      await kiosk.ok('customer', 'saveReport', {});
      await reaches(kiosk, 'serving.receipt');
      const { savedAs, consentId } = await customerView(kiosk);
      const folder = join(kiosk.handover, savedAs ?? '');
      expect((await readdir(folder)).sort()).toEqual(
        [...evidenceFiles, REPORT_FILE, 'receipt.json', 'receipt.p7s'].sort(),
      );
      // Anybody can check the consent with public tools.
      const checked = execFileSync(
        'openssl',
        [
          ...['cms', '-verify', '-binary', '-inform', 'DER', '-purpose', 'any', '-in', 'consent.p7s'],
          ...['-content', 'consent.json', '-CAfile', 'ca.pem', '-out', join(kiosk.base, 'verified.json')],
        ],
        { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      expect(checked).toBeDefined();
      const consent = JSON.parse(await readFile(join(folder, 'consent.json'), 'utf8'));
      expect(consent.header.recordId).toBe(consentId);
      expect(await hashOf(consent)).toBe(access.binding.consentHash);

      // The customer is done: the content is gone, the clerk writes and closes.
      await kiosk.ok('customer', 'finish', {});
      await reaches(kiosk, 'serving.followUp', 'staff');
      expect(await kiosk.call('customer', 'openRecords', {})).toMatchObject({ ok: false });
      expect((await fetchPage(kiosk, 'customer', `/sealed/${lookupId}/content/0`)).status).toBe(403);
      await kiosk.ok('staff', 'closeSession', { followUp: `回电 ${NUMBER},核对资费` });
      await reaches(kiosk, 'idle', 'staff');
      expect((await fetchPage(kiosk, 'staff', `/sealed/${lookupId}/metadata/0`)).status).toBe(403);
      expect(await kiosk.call('staff', 'openMetadata', {})).toMatchObject({ ok: false });
    });
    expect(actions.filter((action) => !background.has(action))).toEqual([
      'staff-signed-in',
      'session-started',
      'identity-challenged',
      'identity-passed',
      'consent-signed',
      'consent-accepted',
      'lookup-answered',
      'layer-opened',
      'layer-opened',
      'page-denied',
      'rows-released',
      'rows-released',
      'release-denied',
      'report-made',
      'receipt-made',
      'report-saved',
      'layer-denied',
      'page-denied',
      'keys-destroyed',
      'case-recorded',
      'session-ended',
      'page-denied',
      'layer-denied',
    ]);
    const day = (await staffView(kiosk)).today;
    const [row] = await kiosk.ok('staff', 'dayList', { day });
    expect(row).toMatchObject({
      serial: 1,
      customerName: '张*',
      maskedNumber: '139****0001',
      summary: { outcome: 'completed' },
      analysis: { released: 2 },
      followUp: '回电 139****0001,核对资费',
    });
  }, 120_000);

  it('leaves nothing of the customer in the profile, the logs or file names', async () => {
    // Chromium writes some of its files only when it ends.
    await kiosk.relaunch();
    const secrets = await kiosk.central.allSecrets();
    const needles = [NUMBER, NAME, SENTINEL, ...secrets];
    expect(await filesWith(kiosk.userData, needles)).toEqual([]);
    for (const needle of needles) expect(kiosk.output().includes(needle)).toBe(false);
    // What was delivered does not wait in the outbox.
    await expect
      .poll(async () => (await stat(join(kiosk.userData, 'outbox', 'outbox.jsonl'))).size, {
        timeout: 30_000,
      })
      .toBe(0);
  }, 120_000);
});

describe('what must not work', () => {
  it('refuses commands of the other plane and unknown ones', async () => {
    const answers = await kiosk.pages.staff.evaluate(async () => {
      const { zhiqing } = window as unknown as {
        zhiqing: { call: (n: string, a: unknown) => Promise<unknown> };
      };
      return Promise.all(
        ['sign', 'openRecords', 'constructor', '__proto__'].map((name) => zhiqing.call(name, {})),
      );
    });
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { kind: 'forbidden' } });
  });

  it('refuses arguments that are not the schema’s', async () => {
    const extra = { ...CLERK, admin: true };
    expect(await kiosk.call('staff', 'signIn', extra)).toMatchObject({
      ok: false,
      error: { kind: 'bad-input' },
    });
  });

  it('serves pages under a strict policy and nothing else', async () => {
    const answer = await kiosk.pages.customer.evaluate(async () => {
      const page = await fetch('/customer/index.html');
      const other = await fetch('/staff/index.html');
      const up = await fetch('/assets/..%2f..%2fmain.js');
      return {
        csp: page.headers.get('content-security-policy'),
        html: await page.text(),
        statuses: [page.status, other.status, up.status],
        store: page.headers.get('cache-control'),
      };
    });
    expect(answer.statuses).toEqual([200, 404, 404]);
    expect(answer.store).toBe('no-store');
    expect(answer.csp).not.toMatch(/unsafe-(inline|eval)/);
    const nonce = /'nonce-([^']+)'/.exec(answer.csp ?? '')?.[1];
    expect(answer.html).toContain(nonce);
    expect(answer.html).not.toContain('__CSP_NONCE__');
  });

  it('takes no lookup without signature, and no empty signature', async () => {
    await toIdentity(kiosk);
    await toSignature(kiosk);
    expect(await kiosk.call('customer', 'openRecords', {})).toMatchObject({
      ok: false,
      error: { kind: 'consent-required' },
    });
    // No hand has touched the pad: the ink of a script goes nowhere.
    expect(await kiosk.call('customer', 'sign', ink)).toMatchObject({
      ok: false,
      error: { kind: 'forbidden' },
    });
    await drawOnPad(kiosk);
    const dot = { ...ink, strokes: [[{ x: 1, y: 1, p: 1, t: 0 }]] };
    expect(await kiosk.call('customer', 'sign', dot)).toMatchObject({
      ok: false,
      error: { kind: 'signature-empty' },
    });
    const actions = await logged(async () => {
      await kiosk.ok('customer', 'refuse', {});
      await reaches(kiosk, 'ended', 'staff');
    });
    expect(actions).toEqual(['keys-destroyed', 'case-recorded', 'session-ended']);
    await kiosk.ok('staff', 'acknowledge', {});
    await reaches(kiosk, 'idle', 'staff');
  });

  it('counts wrong proofs, and ends when they are used up', async () => {
    const other = '13900010002';
    await toIdentity(kiosk, request({ subscriber: other }));
    const wrong = { servicePassword: '000000', oneTimeCode: '000000' };
    for (let tries = 4; tries > 0; tries--) {
      await kiosk.ok('customer', 'prove', wrong);
      await expect.poll(async () => (await staffView(kiosk)).triesLeft, { timeout: 20_000 }).toBe(tries);
    }
    await kiosk.ok('customer', 'prove', wrong);
    await reaches(kiosk, 'ended', 'staff');
    expect(await staffView(kiosk)).toMatchObject({ outcome: 'identity-failed', identity: 'failed' });
    await kiosk.ok('staff', 'acknowledge', {});
    await reaches(kiosk, 'idle', 'staff');
  });

  it('refuses a period longer than policy allows, and says so', async () => {
    await signIn(kiosk);
    const period = { from: '2020-01-01', to: '2020-02-01' };
    await kiosk.ok('staff', 'startSession', request({ period }));
    await reaches(kiosk, 'serving.prepareFailed', 'staff');
    expect((await staffView(kiosk)).error?.kind).toBe('period-too-long');
    await kiosk.ok('staff', 'cancel', {});
    await reaches(kiosk, 'ended', 'staff');
    await kiosk.ok('staff', 'acknowledge', {});
  });
});

describe('the log', () => {
  it('is one chain, and central holds the same', async () => {
    const entries = await kiosk.audit();
    let previous = '0'.repeat(64);
    for (const [i, entry] of entries.entries()) {
      expect(entry.seq).toBe(i);
      expect(entry.previous).toBe(previous);
      previous = await hashOf(entry);
    }
    expect(previous).not.toBe(flipped(previous));
    await expect
      .poll(
        async () => {
          const rows = await kiosk.central.context.db
            .selectFrom('audit_entries')
            .select('hash')
            .where('device_id', '=', 'counter-0001')
            .orderBy('seq', 'desc')
            .limit(1)
            .execute();
          return rows[0]?.hash;
        },
        { timeout: 30_000 },
      )
      .toBe(previous);
  });
});
