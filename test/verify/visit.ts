/** A genuine evidence folder, put together by the core's own code over an operator of tests. */
import { consentRecord } from '../../electron/evidence/consent-record.ts';
import { printSigned } from '../../electron/evidence/print.ts';
import { visitProof } from '../../electron/evidence/proof.ts';
import { composeEvidence, type EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { VisitSecrets } from '../../electron/gate/visit-secrets.ts';
import { type Bytes, randomBytes, toBase64, toHex, utf8 } from '../../shared/canonical/bytes.ts';
import { signDetached } from '../../shared/canonical/cms.ts';
import { hashOf, sha256Hex } from '../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../shared/canonical/json.ts';
import { merkleRoot } from '../../shared/canonical/merkle.ts';
import { signDocument } from '../../shared/canonical/signed-document.ts';
import { withdrawalCodeHash } from '../../shared/canonical/withdrawal-code.ts';
import type { AuditAction, AuditEntry } from '../../shared/domain/audit.ts';
import type { ConsentRecord } from '../../shared/domain/consent.ts';
import type { Manifest } from '../../shared/domain/lookup.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { Grants } from '../../shared/domain/scope.ts';
import type { ConsentAcceptance, ConsentEvidence } from '../../shared/protocol/documents.ts';
import { emptyContext, type VisitContext } from '../../shared/session/machine.ts';
import { demoPolicy } from '../central/policy/demo-policy.ts';
import type { Counter, House } from './house.ts';
import { tinyPdf } from './tiny-pdf.ts';

export const AT = Date.parse('2026-11-22T02:00:00.000Z');
const MINUTE = 60_000;

export interface VisitOptions {
  readonly subscriber?: string;
  readonly report?: boolean;
  /** Leaves the whole log beside the evidence. */
  readonly log?: boolean;
  readonly language?: 'zh-CN' | 'en';
  /** What somebody with the real keys does otherwise. */
  readonly forge?: Forge;
  /** What else is ticked than lookup and analysis. */
  readonly grants?: Partial<Grants>;
}

/** A document before it is signed, changed in place. */
type Change<T> = (document: T) => void;

/** What counter and central could do together: each change is signed, hashed, logged and cosigned as if it were true. */
export interface Forge {
  readonly consent?: Change<ConsentRecord>;
  /** What is signed as the consent, where the receipt's own schema would not take it. */
  readonly signed?: Change<ConsentRecord>;
  readonly acceptance?: Change<ConsentAcceptance>;
  readonly manifest?: Change<Manifest>;
  readonly entry?: (entry: Partial<AuditEntry> & { action: AuditAction }) => void;
  /** Milliseconds that a CMS is signed after what its document states. */
  readonly late?: Partial<Record<'consent' | 'acceptance' | 'manifest', number>>;
  /** Milliseconds that the clock jumps before each paper is printed. */
  readonly papersLate?: number;
  /** Entries that are not written. */
  readonly without?: readonly AuditAction[];
  /** Ends the log that lies beside the evidence before this entry. */
  readonly cutBefore?: AuditAction;
}

/** Eight bytes that say PNG, and some that do not matter. */
const picture = (): Bytes => new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, ...randomBytes(200)]);

/** One visit at a counter, from signature to the folder that the customer takes along. */
export async function makeVisit(
  house: House,
  counter: Counter,
  options: VisitOptions = {},
): Promise<EvidenceFiles> {
  const { subscriber = '13900010001', report = true, language = 'zh-CN', forge = {} } = options;
  let now = AT;
  const clock = { now: () => now++ };
  const policy = demoPolicy(AT - 1000 * MINUTE);
  const secrets = await VisitSecrets.create(crypto.randomUUID());
  const context: VisitContext = {
    ...emptyContext,
    sessionId: secrets.sessionId,
    staffId: '1024',
    request: {
      subscriber,
      categories: ['sms'],
      period: { from: '2026-10-23', to: '2026-11-22' },
      purpose: 'own-copy',
    },
    display: { language, largeType: false },
    policyVersion: policy.version,
  };
  secrets.policy = policy;
  const { record, evidence } = await draft(secrets, context, counter, { policy, grants: options.grants });
  forge.consent?.(record);
  await agree(house, counter, secrets, { record, evidence, forge });
  const begun = { sessionId: secrets.sessionId, staffId: '1024', subject: toHex(randomBytes(32)) };
  const fields: Partial<AuditEntry> = { ...begun, consentId: record.header.recordId };
  const { log } = counter;
  const append = (action: AuditAction, what: Partial<AuditEntry>): Promise<AuditEntry> | undefined => {
    if (forge.without?.includes(action)) return undefined;
    const entry = { ...structuredClone(what), action, at: new Date(clock.now()).toISOString() };
    forge.entry?.(entry);
    return log.append(action, entry);
  };
  await append('session-started', begun);
  await append('identity-passed', { ...begun, facts: { assertion: record.evidence.identityAssertion } });
  const consentHash = secrets.consent?.hash ?? '';
  await append('consent-signed', { ...fields, facts: { consentHash } });
  await append('consent-accepted', { ...fields, facts: { consentHash } });
  now = AT + 1_000;
  const manifest = await answer(house, counter, secrets, { record, forge });
  const { lookupId, rows, merkleRoot: root } = manifest.document;
  const answered = await append('lookup-answered', {
    ...fields,
    facts: { lookupId, rows, merkleRoot: root },
  });
  if (!answered) throw new TypeError('the answer is always logged');
  const binding = { consentHash, scopeHash: manifest.document.scopeHash, lookupId };
  secrets.lookup = { manifest, binding, auditSeq: answered.seq };
  const deps = depsOf(house, counter, clock);
  const visit = { context, secrets };
  now = AT + 2 * MINUTE + (forge.papersLate ?? 0);
  // The code on the papers refers to the log as it was before there was a report.
  await visitProof(deps, visit);
  if (report) {
    const paper = await printSigned(deps, visit, 'report');
    const { sha256, pages } = paper;
    const entry = await append('report-made', { ...fields, facts: { sha256, pages } });
    if (!entry) throw new TypeError('the report is always logged');
    secrets.putReport({ ...paper, reportId: crypto.randomUUID(), auditSeq: entry.seq });
  }
  const receipt = await printSigned(deps, visit, 'receipt');
  const files = await composeEvidence(deps, visit, { receipt, report: secrets.report });
  const made = {
    sha256: await sha256Hex(files['receipt.json'] ?? new Uint8Array()),
    paperSha256: receipt.sha256,
    pages: receipt.pages,
  };
  await append('receipt-made', { ...fields, facts: made });
  for (const action of ['report-saved', 'keys-destroyed', 'session-ended'] as const) {
    if (forge.cutBefore === action) break;
    await append(action, fields);
  }
  // What the folder holds outlives the visit: its bytes are wiped with the secrets, copies are not.
  const kept = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.slice()]));
  secrets.destroy();
  if (!options.log) return kept;
  const { checkpoint } = await log.prove(answered.seq);
  return { ...kept, 'audit.jsonl': utf8(log.text()), 'audit.checkpoint': utf8(checkpoint) };
}

async function draft(
  secrets: VisitSecrets,
  context: VisitContext,
  counter: Counter,
  { policy, grants = {} }: { policy: Policy; grants: Partial<Grants> | undefined },
) {
  const { request, display } = context;
  if (!request) throw new TypeError('no request');
  return consentRecord({
    recordId: crypto.randomUUID(),
    sessionId: secrets.sessionId,
    nonce: toHex(randomBytes(16)),
    request,
    representation: { kind: 'self' },
    method: 'signature',
    witnesses: undefined,
    policy,
    display,
    grants: {
      lookup: true,
      analysis: true,
      release: false,
      keep: false,
      contact: false,
      marketing: false,
      richInk: false,
      ...grants,
    },
    answerId: policy.questions[display.language].correct,
    picture: picture(),
    ink: {
      width: 600,
      height: 240,
      device: 'pen',
      strokes: [
        Array.from({ length: 30 }, (_, i) => ({ x: 40 + i * 9.5, y: 100 + (i % 7) * 12, p: 0.5, t: i * 20 })),
      ],
    },
    identityAssertion: crypto.randomUUID(),
    recipientKey: secrets.recipientKey,
    deviceId: counter.deviceId,
    withdrawalCodeSha256: await withdrawalCodeHash(secrets.withdrawalCode),
    staffId: context.staffId,
    at: AT,
  });
}

async function agree(
  house: House,
  counter: Counter,
  secrets: VisitSecrets,
  { record, evidence, forge }: { record: ConsentRecord; evidence: ConsentEvidence; forge: Forge },
): Promise<void> {
  const signed = structuredClone(record);
  forge.signed?.(signed);
  const bytes = canonicalBytes(signed);
  const signingTime = new Date(AT + (forge.late?.consent ?? 0));
  const cms = await signDetached({ content: bytes, ...counter.signer, signingTime });
  const submission = { consent: record, cms: toBase64(cms), evidence };
  const hash = await sha256Hex(bytes);
  secrets.consent = { record, bytes, hash, cms, accepted: false, submission };
  const acceptance: ConsentAcceptance = {
    schema: 'zhiqing-acceptance/1',
    consentId: record.header.recordId,
    consentHash: hash,
    acceptedAt: new Date(AT + 500).toISOString(),
  };
  forge.acceptance?.(acceptance);
  const at = new Date(Date.parse(acceptance.acceptedAt) + (forge.late?.acceptance ?? 0));
  secrets.consentAccepted(await signDocument(acceptance, house.central, at));
}

async function answer(
  house: House,
  counter: Counter,
  secrets: VisitSecrets,
  { record, forge }: { record: ConsentRecord; forge: Forge },
) {
  const root = toHex(merkleRoot([randomBytes(32), randomBytes(32), randomBytes(32)]));
  const page = () => ({ page: 0, rows: 3, bytes: 900, sha256: toHex(randomBytes(32)) });
  const document: Manifest = {
    schema: 'zhiqing-manifest/1',
    lookupId: secrets.lookupId,
    consentId: record.header.recordId,
    consentHash: secrets.consent?.hash ?? '',
    scopeHash: await hashOf(record.scope),
    scope: record.scope,
    answeredAt: new Date(AT + 1_000).toISOString(),
    device: await sha256Hex(counter.signer.certificate),
    policyVersion: record.processing.privacyNotice.policyVersion,
    rows: 3,
    counts: { received: 2, sent: 1, byCategory: { sms: 3 } },
    merkleRoot: root,
    pageRoots: [root],
    pages: { metadata: [page()], content: [page()] },
  };
  forge.manifest?.(document);
  const at = new Date(Date.parse(document.answeredAt) + (forge.late?.manifest ?? 0));
  return signDocument(document, house.central, at);
}

function depsOf(house: House, counter: Counter, clock: { now(): number }) {
  const { signer, log } = counter;
  const { certificate, privateKey } = signer;
  return {
    clock,
    connection: { identity: () => ({ certificate, pem: '', notAfter: 0 }) },
    customerWindow: { print: async () => tinyPdf('Three records') },
    deviceKey: { privateKey },
    evidence: { prove: log.prove, consistency: log.consistency, witness: () => house.witnessDocument },
    settings: { caPem: house.rootPem },
  };
}
