/** Puts a visit's evidence together: every file that the customer takes along, the receipt over all of them. */
import { fromBase64, toBase64, utf8 } from '../../shared/canonical/bytes.ts';
import { signDetached } from '../../shared/canonical/cms.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../shared/canonical/json.ts';
import type { SignedDocument } from '../../shared/canonical/signed-document.ts';
import type { AuditProof } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { evidenceFiles, REPORT_FILE, type Receipt, receiptSchema } from '../../shared/domain/receipt.ts';
import type { Visit } from '../gate/visit.ts';
import type { Report } from '../gate/visit-secrets.ts';
import type { SignedPaper } from './print.ts';
import { visitProof } from './proof.ts';
import { verificationWords, withdrawalWords } from './receipt-words.ts';
import { rootPemOf } from './root-pem.ts';
import type { EvidenceDeps } from './sources.ts';

export type EvidenceFiles = Record<string, Uint8Array<ArrayBuffer>>;

type Deps = Omit<EvidenceDeps, 'customerWindow'>;

/** What the receipt is made of, beside what the visit holds. */
export interface Papers {
  receipt: SignedPaper;
  report: Report | undefined;
}

/**
 * All files, by name. The receipt names each of the others with its hash and is signed by the counter.
 * @throws Failure 'wrong-state' when the visit has not come that far; 'central-unreachable' without central's witness
 */
export async function composeEvidence(deps: Deps, visit: Visit, papers: Papers): Promise<EvidenceFiles> {
  const { context, secrets } = visit;
  const { consent, lookup, policy } = secrets;
  if (!consent || !lookup || !policy) throw new Failure('wrong-state', { detail: 'no lookup' });
  const { audit, qr } = await visitProof(deps, visit);
  const { report } = papers;
  const logged = report && (await reportOf(deps, report, audit));
  const files = await filesOf(deps, visit, papers, audit.checkpoint);
  const at = new Date(deps.clock.now());
  const receipt: Receipt = {
    schema: 'zhiqing-receipt/1',
    language: context.display.language,
    madeAt: at.toISOString(),
    consent: consent.record,
    consentCms: toBase64(consent.cms),
    manifestSha256: await sha256Hex(fileOf(files, 'manifest.json')),
    audit,
    ...(logged ? { report: logged } : {}),
    withdrawal: { code: secrets.withdrawalCode, how: withdrawalWords(policy.operator.contact) },
    verify: verificationWords(),
    qr,
    files: await hashesOf(files),
  };
  const bytes = canonicalBytes(receiptSchema.parse(receipt));
  const cms = await signDetached({
    content: bytes,
    privateKey: deps.deviceKey.privateKey,
    certificate: deps.connection.identity().certificate,
    // The second that the receipt states: a verifier holds both against each other.
    signingTime: at,
  });
  return { ...files, 'receipt.json': bytes, 'receipt.p7s': cms };
}

/** The report as it was logged, and that both heads of the log which the receipt carries are of one log. */
async function reportOf(
  { evidence }: Pick<Deps, 'evidence'>,
  { sha256, pages, auditSeq }: Report,
  before: AuditProof,
): Promise<NonNullable<Receipt['report']>> {
  const audit = await evidence.prove(auditSeq);
  const sizes = [before.size, audit.size];
  return { sha256, pages, audit, consistency: evidence.consistency(Math.min(...sizes), Math.max(...sizes)) };
}

async function filesOf(
  deps: Deps,
  { secrets }: Visit,
  { receipt, report }: Papers,
  checkpoint: string,
): Promise<EvidenceFiles> {
  const { consent, lookup, copies } = secrets;
  const witness = deps.evidence.witness();
  if (!consent || !lookup || !copies) throw new Failure('wrong-state', { detail: 'no acceptance' });
  // Without it the proof is the counter's word alone: central is asked again before the customer gets less.
  if (!witness) throw new Failure('central-unreachable', { detail: 'witness' });
  const { acceptance, evidence } = copies;
  const { certificate } = deps.connection.identity();
  const files: EvidenceFiles = {
    ...signed('acceptance', acceptance),
    'answers.json': canonicalBytes(evidence.answers),
    'ca.pem': utf8(await rootPemOf(deps.settings.caPem, certificate, deps.clock.now())),
    checkpoint: utf8(checkpoint),
    'consent.json': consent.bytes,
    'consent.p7s': consent.cms,
    'ink.json': canonicalBytes(evidence.ink),
    ...signed('manifest', lookup.manifest),
    'notice.txt': utf8(evidence.noticeText),
    'receipt.pdf': receipt.bytes,
    'window.png': fromBase64(evidence.picture),
    ...signed('witness', witness),
    ...(report ? { [REPORT_FILE]: report.bytes } : {}),
  };
  const missing = evidenceFiles.find((name) => !(name in files));
  if (missing !== undefined) throw new Failure('internal', { detail: missing });
  return files;
}

/** A signed document as two files: canonical bytes, and the CMS over them in DER. */
function signed(name: string, { document, cms }: SignedDocument<unknown>): EvidenceFiles {
  return { [`${name}.json`]: canonicalBytes(document), [`${name}.p7s`]: fromBase64(cms) };
}

async function hashesOf(files: EvidenceFiles): Promise<Record<string, string>> {
  const entries = Object.entries(files).map(async ([name, bytes]) => [name, await sha256Hex(bytes)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function fileOf(files: EvidenceFiles, name: string): Uint8Array<ArrayBuffer> {
  const bytes = files[name];
  if (!bytes) throw new Failure('internal', { detail: name });
  return bytes;
}
