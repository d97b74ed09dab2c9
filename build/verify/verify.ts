/** Checks a whole evidence folder. Pure: bytes in, one result a check out; nothing is asked of anybody. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { checkAnswerLogged, checkCheckpoint, checkOneLog } from './checks/audit.ts';
import { checkAcceptance, checkCode, checkReceiptConsent, checkShown } from './checks/consent.ts';
import { checkCounter } from './checks/counter.ts';
import { checkHashes, checkNames, LOG_FILE, LOG_HEAD } from './checks/files.ts';
import { checkLog } from './checks/log.ts';
import { checkManifest } from './checks/manifest.ts';
import { checkReceiptPaper, checkReport } from './checks/paper.ts';
import { checkParties } from './checks/parties.ts';
import { checkQr } from './checks/qr.ts';
import { checkRoot } from './checks/root.ts';
import { checkScope } from './checks/scope.ts';
import { checkStory } from './checks/story.ts';
import { checkCosignatures, checkTimes } from './checks/times.ts';
import { type DocumentName, documents, Evidence } from './evidence.ts';
import { CheckList, type CheckResult } from './result.ts';

export interface VerifyOptions {
  /** Text of a QR code, as read from a paper. */
  readonly qr?: string | undefined;
  /** SHA-256 (hex) of the operator's root certificate as published. */
  readonly root?: string | undefined;
  /** What lies there and was not read, by name, and why. */
  readonly unread?: ReadonlyMap<string, string>;
  /** Ends with the first check that fails: for whoever wants the verdict only. */
  readonly first?: boolean;
}

/** All checks in order: from who may be trusted to what follows from it. */
export async function verifyFolder(
  files: ReadonlyMap<string, Bytes>,
  options: VerifyOptions = {},
): Promise<readonly CheckResult[]> {
  const evidence = new Evidence(files, options.unread);
  const list = new CheckList(options.first === true);
  await list.run('folder', () => checkNames(evidence));
  await list.run('ca.pem', () => checkRoot(evidence, options.root));
  await list.run('receipt.json', () => checkHashes(evidence));
  for (const name of Object.keys(documents) as DocumentName[]) {
    await list.run(`${name}.p7s`, async () => {
      const { signer, signingTime } = await evidence.signature(name);
      evidence.document(name);
      return `signed by ${signer.subject} at ${signingTime.toISOString()}, over every byte of ${name}.json`;
    });
  }
  await list.run('consent.json', () => checkReceiptConsent(evidence));
  await list.run('parties', () => checkParties(evidence));
  await list.run('scope', () => checkScope(evidence));
  await list.run('shown', () => checkShown(evidence));
  await list.run('acceptance.json', () => checkAcceptance(evidence));
  await list.run('manifest.json', () => checkManifest(evidence));
  await list.run('times', () => checkTimes(evidence));
  await list.run('counter', () => checkCounter(evidence));
  await list.run('audit', () => checkAnswerLogged(evidence));
  await list.run('checkpoint', () => checkCheckpoint(evidence));
  await list.run('one log', () => checkOneLog(evidence));
  await list.run('cosigned', () => checkCosignatures(evidence));
  await list.run('withdrawal', () => checkCode(evidence));
  await list.run('receipt.pdf', () => checkReceiptPaper(evidence));
  await list.run('report.pdf', () => checkReport(evidence));
  await list.run('qr', () => checkQr(evidence));
  if (options.qr !== undefined) await list.run('--qr', () => checkQr(evidence, options.qr));
  if (evidence.has(LOG_FILE) || evidence.has(LOG_HEAD)) {
    await list.run(LOG_FILE, () => checkLog(evidence));
    await list.run('visit in log', () => checkStory(evidence));
  }
  return list.results;
}
