/** What went wrong below HTTP, as one of our kinds. Classes of errors, not texts: BoringSSL words them otherwise. */
import { Failure } from '../../shared/domain/errors.ts';

const trustPrefixes = ['ERR_SSL', 'ERR_TLS', 'CERT_', 'UNABLE_TO_', 'SELF_SIGNED', 'DEPTH_ZERO', 'CRL_'];
const trustCodes: ReadonlySet<string> = new Set([
  'EPROTO',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
]);

/** The code of a Node error; only codes of its own alphabet, so that no text slips into a log. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z0-9_]{2,60}$/.test(code) ? code : 'NETWORK';
}

/** Maps an error of `https.request` to `central-untrusted` or `central-unreachable`. */
export function networkFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const untrusted = trustCodes.has(code) || trustPrefixes.some((prefix) => code.startsWith(prefix));
  return new Failure(untrusted ? 'central-untrusted' : 'central-unreachable', { detail: code });
}
