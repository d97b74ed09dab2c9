import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConsentParts, consentRecord } from '../../../electron/evidence/consent-record.ts';
import { coarseInk } from '../../../electron/evidence/ink.ts';
import { footerTemplate, pdfPages } from '../../../electron/evidence/pdf.ts';
import { fromBase64, utf8 } from '../../../shared/canonical/bytes.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import { purposeTypes } from '../../../shared/domain/consent.ts';
import { COARSE_TIMING_MS, inkSchema } from '../../../shared/domain/ink.ts';
import { noticeText } from '../../../shared/domain/policy.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const at = Date.parse('2026-11-22T02:00:00Z');
const policy = demoPolicy(at - 1000);
const parts: ConsentParts = {
  recordId: '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d01',
  sessionId: '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d',
  nonce: 'ab'.repeat(16),
  request: {
    subscriber: '13900010001',
    categories: ['sms'],
    period: { from: '2026-10-23', to: '2026-11-22' },
    purpose: 'own-copy',
  },
  representation: { kind: 'self' },
  method: 'signature',
  witnesses: undefined,
  policy,
  display: { language: 'en', largeType: true },
  grants: {
    lookup: true,
    analysis: false,
    release: false,
    keep: false,
    contact: false,
    marketing: false,
    richInk: false,
  },
  answerId: policy.questions.en.correct,
  picture: new Uint8Array([1, 2, 3]),
  ink: { width: 10, height: 10, device: 'pen', strokes: [[{ x: 1, y: 1, p: 1, t: 0 }]] },
  identityAssertion: '1f0e5a34-4a15-4f9a-9b57-0d7a4f9b1c11',
  withdrawalCodeSha256: 'cd'.repeat(32),
  recipientKey: 'A'.repeat(87),
  deviceId: 'counter-0001',
  staffId: '1024',
  at,
};

describe('consent record', () => {
  it('hashes exactly what goes along as evidence', async () => {
    const { record, evidence } = await consentRecord(parts);
    expect(evidence.noticeText).toBe(noticeText(policy, 'en'));
    expect(record.evidence).toEqual({
      noticeSha256: await sha256Hex(utf8(evidence.noticeText)),
      pictureSha256: await sha256Hex(fromBase64(evidence.picture)),
      inkSha256: await hashOf(evidence.ink),
      answersSha256: await hashOf(evidence.answers),
      scopeSha256: await hashOf(record.scope),
      identityAssertion: parts.identityAssertion,
    });
  });
  it('states the scope that was asked for, until it expires', async () => {
    const { scope, events } = (await consentRecord(parts)).record;
    const expiresAt = new Date(at + policy.consentMinutes * 60_000).toISOString();
    expect(scope).toEqual({ ...parts.request, recipients: ['subject'], expiresAt });
    expect(events).toEqual([
      { type: 'given', by: 'principal', at: new Date(at).toISOString(), validUntil: expiresAt },
    ]);
  });
  it('says until when records are kept exactly where that was ticked, in scope and words', async () => {
    const grants = { ...parts.grants, keep: true };
    const { scope, processing } = (await consentRecord({ ...parts, grants })).record;
    const heldUntil = new Date(at + 30 * 86_400_000).toISOString();
    expect(scope.heldUntil).toBe(heldUntil);
    expect(processing.retention).toContain(heldUntil);
    expect(processing.storageLocations[0]).toBe('counter: sealed, until the case is done');
    const plain = (await consentRecord(parts)).record;
    expect(plain.scope).not.toHaveProperty('heldUntil');
    expect(plain.processing.retention).toContain('until the visit ends');
    expect(plain.processing.storageLocations[0]).toBe('counter: sealed, while the visit lasts');
  });
  it('keeps nothing for a time that no policy states', async () => {
    const { caseDays, ...undated } = policy;
    expect(caseDays).toBeDefined();
    const grants = { ...parts.grants, keep: true };
    await expect(consentRecord({ ...parts, grants, policy: undated })).rejects.toThrow('caseDays');
  });
  it('names staff as a recipient only where that was ticked', async () => {
    const grants = { ...parts.grants, release: true };
    const { record } = await consentRecord({ ...parts, grants });
    expect(record.scope.recipients).toEqual(['subject', 'staff-released-rows']);
    expect(record.processing.purposes).toEqual(
      policy.grants.map((purpose) => ({
        purpose,
        purposeType: purposeTypes[purpose],
        given: grants[purpose],
      })),
    );
  });
  it('keeps signer and staff apart', async () => {
    const { parties } = (await consentRecord(parts)).record;
    expect(parties.find(({ role }) => role === 'principal')?.id).toBe('13900010001');
    expect(parties.find(({ role }) => role === 'staff')?.id).toBe('1024');
  });
});

describe('ink', () => {
  const point = fc.record({ x: fc.constant(1), y: fc.constant(2), p: fc.constant(0.5), t: fc.nat(600_000) });
  it('has coarse times and is otherwise as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(point, { minLength: 1 }), { minLength: 1 }), (strokes) => {
        const ink = { width: 10, height: 10, device: 'touch' as const, strokes };
        const coarse = coarseInk(ink);
        expect(inkSchema.safeParse(coarse).success).toBe(true);
        for (const [i, stroke] of coarse.strokes.entries()) {
          for (const [j, { t, ...rest }] of stroke.entries()) {
            const before = strokes[i]?.[j];
            expect(t % COARSE_TIMING_MS).toBe(0);
            expect((before?.t ?? 0) - t).toBeGreaterThanOrEqual(0);
            expect({ ...rest, t: before?.t }).toEqual(before);
          }
        }
        expect(coarseInk(coarse)).toEqual(coarse);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('PDF', () => {
  it('counts pages, not the tree of pages', () => {
    expect(pdfPages(utf8('%PDF-1.4 /Type /Pages /Count 2 <</Type /Page\n>> <</Type/Page>>'))).toBe(2);
    expect(pdfPages(utf8('<</Type /Page>>'))).toBe(0);
    expect(pdfPages(new Uint8Array())).toBe(0);
  });
  it('has a footer with consent, notice, time and page, in the customer’s language', () => {
    const facts = { language: 'zh-CN', consentId: 'c-1', policyVersion: 3, at } as const;
    expect(footerTemplate(facts)).toMatch(
      /c-1.*第 3 版.*2026-11-22 10:00.*第 <span class="pageNumber"><\/span> 页/,
    );
    expect(footerTemplate({ ...facts, language: 'en' })).toContain('Notice version 3');
    expect(footerTemplate({ ...facts, consentId: '<img>' })).not.toContain('<img>');
  });
});
