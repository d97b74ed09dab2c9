import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { consentJsonSchema, schemaPath } from '../../../build/schema/consent.ts';
import { consentRecord } from '../../../electron/evidence/consent-record.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { type ConsentRecord, consentRecordSchema, type Witnesses } from '../../../shared/domain/consent.ts';
import type { Representation } from '../../../shared/domain/representation.ts';
import { noGrants } from '../../../shared/domain/scope.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const at = Date.parse('2026-11-22T05:00:00Z');
const witnesses: Witnesses = [
  { staffId: '1024', assertion: '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d11' },
  { staffId: '1025', assertion: '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d12' },
];

/** A record as the core builds it. */
async function record(
  representation: Representation,
  method: 'signature' | 'witnessed-mark',
): Promise<ConsentRecord> {
  const policy = demoPolicy(at);
  const built = await consentRecord({
    recordId: '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d01',
    sessionId: '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d',
    nonce: 'ab'.repeat(16),
    request: {
      subscriber: '13900010001',
      categories: ['sms', 'transaction'],
      period: { from: '2026-10-23', to: '2026-11-22' },
      purpose: 'own-copy',
    },
    representation,
    method,
    witnesses: method === 'witnessed-mark' || representation.kind === 'relative' ? witnesses : undefined,
    policy,
    display: { language: 'zh-CN', largeType: false },
    grants: { ...noGrants, lookup: true, richInk: method === 'signature' },
    answerId: policy.questions['zh-CN'].correct,
    picture: new Uint8Array([1, 2, 3]),
    ink: { width: 10, height: 10, device: 'pen', strokes: [[{ x: 1, y: 1, p: 1, tx: 3, ty: -4, t: 0 }]] },
    identityAssertion: '1f0e5a34-4a15-4f9a-9b57-0d7a4f9b1c11',
    withdrawalCodeSha256: 'cd'.repeat(32),
    recipientKey: 'A'.repeat(87),
    deviceId: 'counter-0001',
    staffId: '1024',
    at,
  });
  return built.record;
}
const relative: Representation = {
  kind: 'relative',
  name: '陈晓',
  documents: [{ kind: 'death-certificate', reference: '浙死字-77' }],
};

describe('the JSON Schema of the consent record', () => {
  it('is the one that the zod schema makes: run build/schema/consent.ts when it is not', async () => {
    expect(JSON.parse(await readFile(schemaPath, 'utf8'))).toEqual(JSON.parse(consentJsonSchema()));
  });

  it.each([
    ['of the subject, signed', { kind: 'self' }, 'signature'],
    ['of the subject, by a mark', { kind: 'self' }, 'witnessed-mark'],
    ['of a relative', relative, 'signature'],
  ] as const)('takes a record %s, as its canonical bytes say it', async (_, representation, method) => {
    const schema = z.fromJSONSchema(JSON.parse(await readFile(schemaPath, 'utf8')));
    const built = await record(representation, method);
    const read: unknown = JSON.parse(new TextDecoder().decode(canonicalBytes(built)));
    expect(schema.safeParse(read).success).toBe(true);
    expect(consentRecordSchema.parse(read)).toEqual(built);
    expect(schema.safeParse({ ...built, more: 1 }).success).toBe(false);
  });
});

describe('a record', () => {
  it('marks what is sensitive: fine timing of a hand is', async () => {
    const sensitive = async (method: 'signature' | 'witnessed-mark') =>
      (await record({ kind: 'self' }, method)).processing.piiCategories.map(
        ({ category, sensitive: is }) => `${category} ${is}`,
      );
    expect(await sensitive('signature')).toEqual([
      'sms true',
      'transaction false',
      'identity-proof true',
      'signature-ink true',
    ]);
    expect(await sensitive('witnessed-mark')).toContain('signature-ink false');
  });

  it('names who acts, who serves and who witnessed, each once', async () => {
    const { parties, events, processing } = await record(relative, 'signature');
    expect(parties.map(({ role, id }) => `${role} ${id}`)).toEqual([
      'principal 13900010001',
      'representative 陈晓',
      'controller 演示通信',
      'counter counter-0001',
      'staff 1024',
      'witness 1025',
    ]);
    expect(events[0]?.by).toBe('representative');
    // Relatives are not asked about offers or calls.
    expect(processing.purposes.map(({ purpose }) => purpose)).toEqual(['lookup', 'analysis', 'release']);
  });

  it('says every way to withdraw', async () => {
    const { processing } = await record({ kind: 'self' }, 'signature');
    expect(processing.withdrawalMethods.map(({ method }) => method)).toEqual([
      'customer-screen',
      'any-counter',
      'receipt-code',
      'hotline',
    ]);
  });

  it('of a mark without two different witnesses is none', async () => {
    const built = await record({ kind: 'self' }, 'witnessed-mark');
    const [first] = witnesses;
    for (const bad of [[], [first], [first, first]]) {
      const signature = { method: 'witnessed-mark', witnesses: bad };
      expect(consentRecordSchema.safeParse({ ...built, signature }).success).toBe(false);
    }
  });
});
