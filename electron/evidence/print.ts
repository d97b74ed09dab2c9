/** Prints what the customer's window has laid out for paper and signs the PDF. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Visit } from '../gate/visit.ts';
import { footerTemplate, pdfPages } from './pdf.ts';
import { signPdf } from './sign-pdf.ts';
import type { EvidenceDeps } from './sources.ts';

export interface SignedPaper {
  /** The signed PDF. */
  bytes: Bytes;
  sha256: string;
  pages: number;
}

/** What a PDF reader shows as the reason of the signature. ASCII: readers show it in whatever font they have. */
const reasons = { report: 'Report on communication records', receipt: 'Receipt of a consent' } as const;

/** @throws Failure 'report-failed', 'consent-required' */
export async function printSigned(
  deps: Pick<EvidenceDeps, 'clock' | 'connection' | 'customerWindow' | 'deviceKey'>,
  { context, secrets }: Visit,
  kind: keyof typeof reasons,
): Promise<SignedPaper> {
  const { consent } = secrets;
  if (!consent || context.policyVersion === undefined) throw new Failure('consent-required');
  const at = deps.clock.now();
  const footer = footerTemplate({
    language: context.display.language,
    consentId: consent.record.header.recordId,
    policyVersion: context.policyVersion,
    at,
  });
  const printed = await deps.customerWindow.print(footer).catch(() => {
    throw new Failure('report-failed', { detail: 'print' });
  });
  const pages = pdfPages(printed);
  if (pages === 0) throw new Failure('report-failed', { detail: 'no pages' });
  const signer = {
    privateKey: deps.deviceKey.privateKey,
    certificate: deps.connection.identity().certificate,
  };
  const bytes = await signPdf(printed, signer, reasons[kind], new Date(at)).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    throw new Failure('report-failed', { detail: 'signature' });
  });
  return { bytes, sha256: await sha256Hex(bytes), pages };
}
