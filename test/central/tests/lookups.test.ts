import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import { merkleRoot } from '../../../shared/canonical/merkle.ts';
import { rowCommitment } from '../../../shared/canonical/row.ts';
import {
  decodeContent,
  decodeMetadata,
  importLayerKey,
  openPage,
  type PageBinding,
  pageSalts,
} from '../../../shared/canonical/sealed-page.ts';
import { verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { layerSecretInfo, unwrapSecret } from '../../../shared/canonical/wrap.ts';
import { maskNumber } from '../../../shared/domain/mask.ts';
import { addDays, instantsOf } from '../../../shared/domain/period.ts';
import type { LookupRequest } from '../../../shared/domain/scope.ts';
import type { LookupAnswer } from '../../../shared/protocol/documents.ts';
import type { TestCounter } from './client.ts';
import { centralFixture, MINUTE, told } from './fixture.ts';
import {
  askFor,
  draftConsent,
  giveConsent,
  LI,
  openCounter,
  QIAN,
  submission,
  ZHANG,
  ZHAO,
} from './visit.ts';

const fixture = centralFixture({ heavyMessages: 20_000 });
let counter: TestCounter;
beforeAll(async () => {
  counter = await openCounter(fixture.central, 'counter-0001');
});

const ask = (subscriber: string, change: Partial<LookupRequest> = {}) =>
  askFor(subscriber, fixture.now(), change);
const consentTo = (request: LookupRequest, at = counter) => giveConsent(at, request, fixture.now());
const lookUp = (consentId: string, request: LookupRequest, lookupId: string = randomUUID()) =>
  counter.call('lookup', { body: { lookupId, consentId, request } });
const refusal = async (
  consentId: string,
  request: LookupRequest,
  at = counter,
  lookupId: string = randomUUID(),
) => told(await at.refused('lookup', { body: { lookupId, consentId, request } }));
const page = (lookupId: string, layer: string, pages: number | string) => ({
  params: { lookupId, layer, pages },
});

/** Fetches, opens and decodes all pages of a layer. */
async function openLayer<T>(
  answer: LookupAnswer,
  recipientKey: CryptoKeyPair,
  layer: 'metadata' | 'content',
  decode: (plain: Uint8Array<ArrayBuffer>, salts: (rows: number) => Promise<Uint8Array>) => T | Promise<T>,
): Promise<T[]> {
  const { document } = answer.manifest;
  const { consentHash, scopeHash, lookupId } = document;
  const binding: PageBinding = { consentHash, scopeHash, lookupId };
  const info = layerSecretInfo(binding, layer);
  const secret = await unwrapSecret({ recipientKey, info, wrapped: answer.secrets[layer] });
  const layerKey = await importLayerKey(secret, binding, layer, 'open');
  const decoded: T[] = [];
  for (const ref of document.pages[layer]) {
    const sealed = await counter.call('page', page(lookupId, layer, ref.page));
    expect([sealed.length, await sha256Hex(sealed)]).toEqual([ref.bytes, ref.sha256]);
    const plain = await openPage(layerKey, ref.page, sealed);
    decoded.push(await decode(plain, (rows) => pageSalts(layerKey, ref.page, rows)));
  }
  return decoded;
}

describe('a lookup', () => {
  test('answers a manifest of central about this consent, this counter and this scope', async () => {
    const { consentId, draft, body } = await consentTo(ask(ZHANG));
    const { manifest } = await lookUp(consentId, ask(ZHANG));
    const verdict = await verifyDocument(manifest, {
      trustedCertificates: [fixture.central.authority.root.certificate],
      expectedRole: 'central',
    });
    expect(verdict.ok).toBe(true);
    expect(manifest.document).toMatchObject({
      consentId,
      consentHash: await hashOf(body.consent),
      scopeHash: await hashOf(draft.consent.scope),
      scope: draft.consent.scope,
      device: await sha256Hex(counter.identity.certificate),
      policyVersion: 1,
    });
    const { rows, counts } = manifest.document;
    expect(rows).toBeGreaterThanOrEqual(60);
    expect(rows).toBeLessThanOrEqual(140);
    expect(counts).toEqual({
      received: expect.any(Number),
      sent: rows - counts.received,
      byCategory: { sms: rows },
    });
  });

  test('holds 20,000 rows completely: each page opens, and its rows are those under the signed root', async () => {
    const { consentId, draft } = await consentTo(ask(QIAN));
    const answer = await lookUp(consentId, ask(QIAN));
    expect(answer.manifest.document.rows).toBe(20_000);
    const metadata = await openLayer(answer, draft.recipient, 'metadata', decodeMetadata);
    const content = await openLayer(answer, draft.recipient, 'content', async (plain, saltsOf) => {
      const opened = decodeContent(plain);
      const salts = await saltsOf(opened.length);
      return { row: (i: number) => ({ ...opened.row(i), salt: salts.slice(16 * i, 16 * i + 16) }) };
    });
    const { from, until } = instantsOf(ask(QIAN).period);
    const commitments: Uint8Array[] = [];
    let last = from;
    for (const [i, meta] of metadata.entries()) {
      for (let k = 0; k < meta.length; k++) {
        const row = meta.row(k);
        const detail = content[i]?.row(k);
        if (!detail) throw new Error('the layers differ in length');
        commitments.push(rowCommitment(row, detail));
        if (row.maskedPeer !== maskNumber(detail.peer)) throw new Error(`mask of row ${k}`);
        if (row.at < last || row.at >= until) throw new Error(`time of row ${k}`);
        last = row.at;
      }
    }
    expect(commitments).toHaveLength(20_000);
    const { merkleRoot: root, pageRoots } = answer.manifest.document;
    expect(toHex(merkleRoot(commitments))).toBe(root);
    expect(pageRoots).toEqual(
      metadata.map((_, i) => toHex(merkleRoot(commitments.slice(512 * i, 512 * i + 512)))),
    );
  });

  test('without records is an empty manifest', async () => {
    const { consentId } = await consentTo(ask(ZHAO));
    const { document } = (await lookUp(consentId, ask(ZHAO))).manifest;
    expect(document).toMatchObject({ rows: 0, pageRoots: [], pages: { metadata: [], content: [] } });
    expect(document.merkleRoot).toBe(await sha256Hex(new Uint8Array(0)));
  });

  test('asked again by the same id answers the same; at once too', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const lookupId = randomUUID();
    const [first, second] = await Promise.all([
      lookUp(consentId, ask(ZHANG), lookupId),
      lookUp(consentId, ask(ZHANG), lookupId),
    ]);
    expect(second).toEqual(first);
    const third = await lookUp(consentId, ask(ZHANG), lookupId);
    expect(third).toEqual(first);
    // The pages are those of the answer.
    const sealed = await counter.call('page', page(lookupId, 'content', 0));
    expect(await sha256Hex(sealed)).toBe(first.manifest.document.pages.content[0]?.sha256);
  });

  test('is given three times under a consent, not four', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    for (let i = 0; i < 3; i++) await lookUp(consentId, ask(ZHANG));
    expect(await refusal(consentId, ask(ZHANG))).toBe('scope-exceeded (lookups)');
  });

  test('may ask for less than the scope', async () => {
    const wide = ask(ZHANG, { categories: ['sms', 'call'] });
    const { consentId } = await consentTo(wide);
    const narrow = {
      ...wide,
      categories: ['call' as const],
      period: { from: wide.period.to, to: wide.period.to },
    };
    const { document } = (await lookUp(consentId, narrow)).manifest;
    expect(Object.keys(document.counts.byCategory)).toEqual(['call']);
  });
});

describe('a lookup is refused', () => {
  test('without a consent', async () => {
    expect(await refusal(randomUUID(), ask(ZHANG))).toBe('consent-required');
  });

  test('without a staff token', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const body = { lookupId: randomUUID(), consentId, request: ask(ZHANG) };
    expect((await counter.refused('lookup', { body, token: undefined })).kind).toBe('not-signed-in');
  });

  test.each([
    ['another number', { subscriber: LI }],
    ['another category', { categories: ['sms' as const, 'call' as const] }],
    ['another purpose', { purpose: 'nuisance' as const }],
  ])('for %s', async (_, change) => {
    const { consentId } = await consentTo(ask(ZHANG));
    expect(await refusal(consentId, ask(ZHANG, change))).toBe('scope-exceeded');
  });

  test('for a day more', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const { from, to } = ask(ZHANG).period;
    const wider = ask(ZHANG, { period: { from: addDays(from, -1), to } });
    expect(await refusal(consentId, wider)).toBe('scope-exceeded');
  });

  test('at another counter, like one that does not exist', async () => {
    const other = await openCounter(fixture.central, 'counter-0002');
    const { consentId } = await consentTo(ask(ZHANG));
    expect(await refusal(consentId, ask(ZHANG), other)).toBe('consent-required');
  });

  test('by another member of staff once one has looked up', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    await lookUp(consentId, ask(ZHANG));
    const { token } = counter;
    await counter.signIn('1025', '135791');
    try {
      expect(await refusal(consentId, ask(ZHANG))).toBe('forbidden (staff)');
    } finally {
      counter.token = token;
    }
  });

  test('under the id of another request', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const lookupId = randomUUID();
    await lookUp(consentId, ask(ZHANG), lookupId);
    const { to } = ask(ZHANG).period;
    const other = ask(ZHANG, { period: { from: to, to } });
    expect(await refusal(consentId, other, counter, lookupId)).toBe(
      'scope-exceeded (lookupId: already used)',
    );
    const elsewhere = await consentTo(ask(LI));
    expect(await refusal(elsewhere.consentId, ask(LI), counter, lookupId)).toBe(
      'scope-exceeded (lookupId: already used)',
    );
  });

  test('after central’s clock has passed the end, whatever the counter’s says', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const { manifest } = await lookUp(consentId, ask(ZHANG));
    fixture.advance(60 * MINUTE);
    expect(await refusal(consentId, ask(ZHANG))).toBe('consent-expired');
    const late = await counter.refused('page', page(manifest.document.lookupId, 'content', 0));
    expect(late.kind).toBe('consent-expired');
  });

  test('and the denial is in the access log, without content', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    await refusal(consentId, ask(LI));
    const rows = await fixture.central.context.db
      .selectFrom('access_log')
      .selectAll()
      .where('consent_id', '=', consentId)
      .orderBy('id')
      .execute();
    expect(rows.map(({ action, outcome, staff_id }) => [action, outcome, staff_id])).toEqual([
      ['submitConsent', 'answered', '1024'],
      ['lookup', 'scope-exceeded', '1024'],
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/1390001/);
  });
});

describe('a page is refused', () => {
  test('at another counter', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const { manifest } = await lookUp(consentId, ask(ZHANG));
    const other = await openCounter(fixture.central, 'counter-0002');
    const input = page(manifest.document.lookupId, 'content', 0);
    expect(told(await other.refused('page', input))).toBe('consent-required');
  });

  test('that is not there', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const { lookupId } = (await lookUp(consentId, ask(ZHANG))).manifest.document;
    for (const [layer, pages] of [
      ['content', 1],
      ['content', '00'],
      ['content', '0-1'],
      ['content', '0-128'],
      ['content', '1-0'],
      ['content', '../metadata-0'],
      ['ink', 0],
    ] as const) {
      expect((await counter.refused('page', page(lookupId, layer, pages))).kind).toBe('bad-input');
    }
    expect((await counter.refused('page', page(randomUUID(), 'content', 0))).kind).toBe('consent-required');
  });
});

describe('the end of a consent', () => {
  const end = (consentId: string, at = counter) =>
    at.call('endConsent', {
      params: { consentId },
      body: { reason: 'withdrawn', at: new Date(fixture.now()).toISOString() },
    });

  test('destroys the secret and the pages, and is final', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const lookupId = randomUUID();
    await lookUp(consentId, ask(ZHANG), lookupId);
    const { db } = fixture.central.context;
    const lookup = await db
      .selectFrom('lookups')
      .selectAll()
      .where('id', '=', lookupId)
      .executeTakeFirstOrThrow();
    await end(consentId);
    await end(consentId);
    const consent = await db
      .selectFrom('consents')
      .selectAll()
      .where('id', '=', consentId)
      .executeTakeFirstOrThrow();
    expect(consent).toMatchObject({ secret: null, end_reason: 'withdrawn' });
    const after = await db
      .selectFrom('lookups')
      .selectAll()
      .where('id', '=', lookupId)
      .executeTakeFirstOrThrow();
    expect(after.secrets).toBeNull();
    expect(await readdir(join(fixture.central.dataDir, 'pages'))).not.toContain(lookup.page_set);
    expect(await refusal(consentId, ask(ZHANG), counter, lookupId)).toBe('consent-expired');
    expect(await refusal(consentId, ask(ZHANG))).toBe('consent-expired');
    expect((await counter.refused('page', page(lookupId, 'metadata', 0))).kind).toBe('consent-expired');
  });

  test('wins the race with a lookup', async () => {
    const { consentId } = await consentTo(ask(QIAN));
    const body = { lookupId: randomUUID(), consentId, request: ask(QIAN) };
    const [lookup] = await Promise.all([counter.raw('lookup', { body }), end(consentId)]);
    // Answered before the end or refused after it: either way nothing opens from here on.
    expect([200, 403]).toContain(lookup.status);
    expect(await refusal(consentId, ask(QIAN), counter, body.lookupId)).toBe('consent-expired');
    const { secret } = await fixture.central.context.db
      .selectFrom('consents')
      .select('secret')
      .where('id', '=', consentId)
      .executeTakeFirstOrThrow();
    expect(secret).toBeNull();
  });

  test('that comes before its consent wins too', async () => {
    const draft = await draftConsent(counter, ask(ZHANG), { now: fixture.now() });
    const consentId = draft.consent.header.recordId;
    await end(consentId);
    const body = await submission(counter, draft);
    expect((await counter.refused('submitConsent', { params: { consentId }, body })).kind).toBe(
      'consent-expired',
    );
  });

  test('is the counter’s own to declare', async () => {
    const { consentId } = await consentTo(ask(ZHANG));
    const other = await openCounter(fixture.central, 'counter-0002');
    const input = { params: { consentId }, body: { reason: 'visit-ended', at: new Date().toISOString() } };
    expect((await other.refused('endConsent', input)).kind).toBe('consent-required');
    await lookUp(consentId, ask(ZHANG));
  });
});
