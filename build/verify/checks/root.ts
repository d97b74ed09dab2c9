/** The root certificate: the only anchor, and what it must be compared with. */
import { equal, fromHex } from '../../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { cryptoEngine, parseCertificate, subjectText } from '../../../shared/canonical/x509.ts';
import type { Evidence } from '../evidence.ts';
import { must } from '../result.ts';

/** @param published SHA-256 (hex) of the root as the operator publishes it, where the caller has it. */
export async function checkRoot(evidence: Evidence, published: string | undefined): Promise<string> {
  const der = evidence.root;
  const certificate = parseCertificate(der);
  const fingerprint = await sha256Hex(der);
  if (published !== undefined) {
    const same = equal(fromHex(published), fromHex(fingerprint));
    must(same, 'it is another root than the one given with --ca', 'everything here may be made up');
  }
  const self = await certificate.verify(certificate, cryptoEngine());
  must(self, 'it is not signed by itself', 'it is no root, or was changed');
  const spelt = fingerprint.toUpperCase().match(/../g)?.join(':');
  const compare = published === undefined ? '; compare it with the one that the operator publishes' : '';
  return `${subjectText(certificate)}, SHA-256 ${spelt}${compare}`;
}
