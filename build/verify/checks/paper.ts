/** Signed PDFs: whole, signed by this counter, and the ones that were logged. */
import { verifyPdf } from '../../../shared/canonical/pdf-signature.ts';
import { REPORT_FILE } from '../../../shared/domain/receipt.ts';
import { type Evidence, meanings, requireRole, short } from '../evidence.ts';
import { must, Wrong } from '../result.ts';
import { verifyProof } from './audit.ts';

/** What each paper says it is, as its signature's reason. */
const reasons = { 'report.pdf': 'Report on communication records', 'receipt.pdf': 'Receipt of a consent' };

async function checkSignature(evidence: Evidence, name: keyof typeof reasons): Promise<string> {
  const options = { trustedCertificates: [evidence.root], exact: true };
  const verdict = await verifyPdf(evidence.bytes(name), options);
  if (!verdict.ok) {
    throw new Wrong(`${verdict.reason} (${verdict.detail})`, meanings[verdict.reason] ?? 'it was changed');
  }
  requireRole(verdict.signer, 'device');
  const { signer } = await evidence.signature('consent');
  const same = verdict.signer.certificateSha256 === signer.certificateSha256;
  must(same, `signed by ${verdict.signer.subject}`, 'another counter made it');
  must(
    verdict.statedReason === reasons[name],
    `it is a '${verdict.statedReason}'`,
    'another paper lies here',
  );
  return `signed over the whole file at ${verdict.signedAt.toISOString()}`;
}

/** The printed receipt. */
export function checkReceiptPaper(evidence: Evidence): Promise<string> {
  return checkSignature(evidence, 'receipt.pdf');
}

/** The report, where there is one: as the receipt names it and as the counter logged it. */
export async function checkReport(evidence: Evidence): Promise<string> {
  const { report } = evidence.document('receipt');
  const present = evidence.has(REPORT_FILE);
  if (!report) {
    must(!present, 'the receipt knows of no report', 'it was put there afterwards');
    return 'none was made';
  }
  must(present, 'it is missing', 'evidence was taken away');
  const found = await checkSignature(evidence, REPORT_FILE);
  const sha256 = await evidence.sha256(REPORT_FILE);
  must(sha256 === report.sha256, `it is ${short(sha256)}`, 'another report lies here');
  const { facts } = report.audit.entry;
  const proved = await verifyProof(evidence, report.audit, 'report-made');
  must(facts.sha256 === sha256, 'another report was logged', 'it was exchanged after it had been made');
  must(facts.pages === report.pages, 'it was logged with another number of pages', 'it was changed');
  return `${report.pages} pages, ${found}; ${proved}`;
}
