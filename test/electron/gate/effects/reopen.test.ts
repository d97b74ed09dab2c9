/** Opening what is kept: each thing that must hold, and what comes of it where one does not. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditFields } from '../../../../electron/audit/writer.ts';
import { reopen } from '../../../../electron/gate/effects/reopen.ts';
import type { HeldCases } from '../../../../electron/gate/held/held-cases.ts';
import type { Visit, VisitDeps } from '../../../../electron/gate/visit.ts';
import { VisitSecrets } from '../../../../electron/gate/visit-secrets.ts';
import type { HeldDetails } from '../../../../electron/vault/held/case-file.ts';
import { toBase64 } from '../../../../shared/canonical/bytes.ts';
import { signDetached } from '../../../../shared/canonical/cms.ts';
import { hashOf, sha256Hex } from '../../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../../shared/canonical/json.ts';
import { signDocument } from '../../../../shared/canonical/signed-document.ts';
import type { AuditAction } from '../../../../shared/domain/audit.ts';
import type { ConsentRecord } from '../../../../shared/domain/consent.ts';
import { Failure } from '../../../../shared/domain/errors.ts';
import type { Manifest } from '../../../../shared/domain/lookup.ts';
import { emptyContext } from '../../../../shared/session/machine.ts';
import { type Authority, openAuthority } from '../../../central/pki/authority.ts';
import type { Identity } from '../../../central/pki/identity.ts';
import { details, holdInput, Machine, SUBSCRIBER, secrets, UNTIL } from '../held/scene.ts';

const DEVICE = 'counter-0001';
const pages = { metadata: new Uint8Array(40).fill(3), content: new Uint8Array(97).fill(4) };

let folder: string;
let authority: Authority;
let device: Identity;
let machine: Machine;
let cases: HeldCases;
let caseId: string;
/** What central was asked, and what it answers. */
let asked: unknown[];
let answer: () => unknown;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-reopen-'));
  authority = await openAuthority(folder);
  device = await authority.makeDevice(DEVICE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Made {
  record?: Partial<ConsentRecord>;
  manifest?: Partial<Manifest>;
  signer?: Identity;
  centralSigner?: Identity;
}

/** Consent and manifest as they were signed, or not quite. */
async function signed(change: Made = {}): Promise<HeldDetails & { consentHash: string }> {
  const record = { ...details.consent.record, ...change.record };
  const bytes = canonicalBytes(record);
  const hash = await sha256Hex(bytes);
  const { privateKey, certificate } = change.signer ?? device;
  const cms = toBase64(
    await signDetached({ content: bytes, privateKey, certificate, signingTime: new Date() }),
  );
  const ref = async (layer: 'metadata' | 'content') => [
    { page: 0, rows: 3, bytes: pages[layer].length, sha256: await sha256Hex(pages[layer]) },
  ];
  const document: Manifest = {
    ...details.manifest.document,
    consentHash: hash,
    scope: record.scope,
    scopeHash: await hashOf(record.scope),
    device: await sha256Hex(device.certificate),
    policyVersion: record.processing.privacyNotice.policyVersion,
    pages: { metadata: await ref('metadata'), content: await ref('content') },
    pageRoots: [details.manifest.document.merkleRoot],
    ...change.manifest,
  };
  const manifest = await signDocument(document, change.centralSigner ?? authority.central);
  return { schema: 'zhiqing-held/1', consent: { record, hash, cms }, manifest, consentHash: hash };
}

/** A case of these, on a machine of its own. */
async function keep(change: Made = {}, kept: { until?: string; consentHash?: string } = {}): Promise<void> {
  const { consentHash, ...given } = await signed(change);
  machine = new Machine();
  cases = await machine.start();
  const input = holdInput({
    details: given,
    consentHash: kept.consentHash ?? consentHash,
    until: kept.until ?? UNTIL,
    pages: async function* (layer) {
      yield pages[layer];
    },
  });
  caseId = input.caseId;
  await cases.hold(input);
  await cases.keep(caseId);
  await cases.stop();
}

beforeEach(async () => {
  asked = [];
  answer = () => ({
    consentId: details.consent.record.header.recordId,
    heldUntil: UNTIL,
    purposes: ['lookup', 'keep'],
  });
  await keep();
});

/** The customer is back and has proved to be this number's. */
async function visit(subscriber = SUBSCRIBER): Promise<Visit> {
  const held = await VisitSecrets.create(randomUUID());
  held.assertion = {
    assertionId: randomUUID(),
    subscriber,
    name: '张三',
    verifiedAt: new Date().toISOString(),
  };
  const { purpose, categories, period } = details.consent.record.scope;
  return {
    context: {
      ...emptyContext,
      staffId: '1024',
      sessionId: held.sessionId,
      request: { subscriber: SUBSCRIBER, purpose, categories, period },
      kept: { caseId, until: UNTIL, again: true },
    },
    secrets: held,
  };
}

async function open(given: Visit, more: Partial<VisitDeps> = {}) {
  const deps = {
    held: cases,
    clock: machine.clock,
    settings: { deviceId: DEVICE },
    pseudonym: () => 'a'.repeat(64),
    audit: { append: (action: AuditAction, fields: AuditFields) => machine.note(action, fields) },
    connection: {
      trusted: [authority.root.certificate],
      call: async (_name: string, options: unknown) => {
        asked.push(options);
        return answer();
      },
    },
    ...more,
  };
  // Parts of the core that opening does not touch are left out.
  return reopen(deps as unknown as VisitDeps, given);
}

const refusal = (given: Promise<unknown>) =>
  given.then(
    () => 'opened',
    (error: unknown) =>
      error instanceof Failure ? `${error.error.kind} ${error.error.detail ?? ''}`.trim() : 'error',
  );

describe('what is kept', () => {
  it('opens for whose it is, once central has said so, and is in the log before', async () => {
    const given = await visit();
    const opened = await open(given);
    expect(asked).toEqual([
      {
        params: { consentId: opened.consentId },
        body: { sessionId: given.secrets.sessionId, assertionId: given.secrets.assertion?.assertionId },
      },
    ]);
    expect(opened.lookup).toMatchObject({ rows: 3 });
    // What was given then and still stands, nothing more.
    expect(opened.grants).toMatchObject({ lookup: true, keep: true, release: false, analysis: false });
    expect(machine.actions()).toEqual(['records-held', 'held-opened']);
    expect(given.secrets.layer('content')).toEqual(secrets().content);
    expect(
      await given.secrets.kept?.read('content', given.secrets.lookup?.manifest.document.pages.content ?? []),
    ).toEqual([pages.content]);
  });

  it('gives no purpose that was taken back since', async () => {
    answer = () => ({
      consentId: details.consent.record.header.recordId,
      heldUntil: UNTIL,
      purposes: ['keep'],
    });
    expect((await open(await visit())).grants).toMatchObject({ lookup: false, keep: true });
  });

  const denied = async (given: Visit, reason: string, more?: Partial<VisitDeps>) => {
    expect(await refusal(open(given, more))).toBe(reason);
    expect(machine.actions()).not.toContain('held-opened');
    expect(machine.actions().filter((action) => action.startsWith('held-denied'))).toHaveLength(1);
    expect([given.secrets.hasLayer('content'), given.secrets.hasLayer('metadata')]).toEqual([false, false]);
    expect(given.secrets.kept).toBeUndefined();
  };

  it('stays closed without a proof in this visit, and nobody is asked', async () => {
    const given = await visit();
    given.secrets.assertion = undefined;
    await denied(given, 'consent-required');
    expect(asked).toEqual([]);
    expect(cases.current(caseId)).toBeDefined();
  });

  it('stays closed to who has proved another number', async () => {
    await denied(await visit('13900010002'), 'identity-failed');
    expect(cases.current(caseId)).toBeDefined();
  });

  it('stays closed in a visit that did not come back for it', async () => {
    const given = await visit();
    given.context.kept = { caseId, until: UNTIL, again: false };
    await denied(given, 'consent-required');
  });

  it('stays closed past its date, whatever central would say', async () => {
    machine.time = Date.parse(UNTIL);
    await denied(await visit(), 'held-ended');
    expect(asked).toEqual([]);
  });

  it('stays closed while central’s changes were not heard', async () => {
    const heardChanges = async () => {
      throw new Failure('central-unreachable');
    };
    await denied(await visit(), 'central-unreachable', { heardChanges });
    expect(asked).toEqual([]);
  });

  it.each(['central-unreachable', 'identity-failed', 'forbidden'] as const)(
    'stays closed and stays kept when central answers %s',
    async (kind) => {
      answer = () => {
        throw new Failure(kind);
      };
      await denied(await visit(), kind);
      expect(cases.current(caseId)).toBeDefined();
    },
  );

  it.each([
    ['a later date', { heldUntil: '2027-12-22T02:00:00.000Z' }],
    ['another consent', { consentId: randomUUID() }],
    ['no keeping', { purposes: ['lookup'] }],
  ])('stays closed and stays kept when central speaks of %s', async (_, change) => {
    const honest = answer;
    answer = () => ({ ...Object(honest()), ...change });
    await denied(await visit(), 'central-garbage reopenHeld');
    expect(cases.current(caseId)).toBeDefined();
  });

  it.each(['consent-expired', 'consent-required'] as const)(
    'is destroyed when central answers %s',
    async (kind) => {
      answer = () => {
        throw new Failure(kind);
      };
      await denied(await visit(), 'held-ended central');
      expect(cases.current(caseId)).toBeUndefined();
      expect(machine.disk.names()).toEqual([]);
    },
  );

  it('stays closed to a visit that ended while central was asked', async () => {
    const given = await visit();
    const honest = answer;
    answer = () => {
      given.secrets.destroy();
      return honest();
    };
    expect(await refusal(open(given))).not.toBe('opened');
    expect(machine.actions()).not.toContain('held-opened');
    expect(cases.current(caseId)).toBeDefined();
  });
});

describe('what unseals and is not what was signed', () => {
  const other = '0'.repeat(64);
  const wrong: [string, string, () => Promise<void>][] = [
    [
      'a consent signed by another counter',
      'cms',
      async () => keep({ signer: await authority.makeDevice('counter-0002') }),
    ],
    ['a consent signed by central', 'cms', () => keep({ signer: authority.central })],
    ['a manifest signed by a counter', 'manifest', () => keep({ centralSigner: device })],
    ['another consent than the log’s', 'consentHash', () => keep({}, { consentHash: other })],
    [
      'a date that was not signed',
      'heldUntil',
      () =>
        keep({
          record: { scope: { ...details.consent.record.scope, heldUntil: '2026-12-01T00:00:00.000Z' } },
        }),
    ],
    ['a manifest of another consent', 'consentHash', () => keep({ manifest: { consentHash: other } })],
    ['a manifest for another counter', 'device', () => keep({ manifest: { device: other } })],
    ['a manifest of another scope', 'scopeHash', () => keep({ manifest: { scopeHash: other } })],
  ];
  it.each(wrong)('is destroyed and said: %s', async (_, detail, make) => {
    await make();
    expect(await refusal(open(await visit()))).toBe(`held-damaged ${detail}`);
    expect(machine.actions()).not.toContain('held-opened');
    expect(machine.actions()).toContain(`held-damaged ${detail}`);
    expect([machine.disk.names(), cases.current(caseId)]).toEqual([[], undefined]);
  });

  it.each(['metadata', 'content'] as const)(
    'is destroyed and said: a page of the %s with a bit turned',
    async (layer) => {
      machine.disk.tamper(`${caseId}.${layer}`, (bytes) => {
        const changed = bytes.slice();
        changed[20] = (changed[20] ?? 0) ^ 1;
        return changed;
      });
      expect(await refusal(open(await visit()))).toBe(`held-damaged ${layer}`);
      expect(machine.actions()).toContain(`held-damaged ${layer}`);
      expect(machine.disk.names()).toEqual([]);
    },
  );
});
