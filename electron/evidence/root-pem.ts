/** The operator's root as customers and auditors get it. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { validateChain } from '../../shared/canonical/certificate-chain.ts';
import { derOf, parseCertificate } from '../../shared/canonical/x509.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { pemCertificates, toPem } from '../central/enrol.ts';

/**
 * Of the roots that IT has set, the one that the counter's certificate comes from, in the one spelling that
 * docs/verify.md takes: a file of IT may hold remarks, other line ends and the next root too.
 * @param at epoch ms
 * @throws Failure 'internal' when the certificate comes from none of them, or not directly
 */
export async function rootPemOf(caPem: string, certificate: Bytes, at: number): Promise<string> {
  const verdict = await validateChain({
    signer: parseCertificate(certificate),
    embedded: [],
    trusted: pemCertificates(caPem).map(parseCertificate),
    times: [new Date(at)],
  });
  const root = verdict.ok ? verdict.path.at(-1) : undefined;
  if (!root) throw new Failure('internal', { detail: 'root' });
  return toPem(derOf(root.toSchema()));
}
