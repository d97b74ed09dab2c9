/** How a consent is turned down. */
import { type Bytes, fromBase64 } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';

/** @throws Failure 'consent-rejected', always; the detail names the field, never its value. */
export function reject(field: string): never {
  throw new Failure('consent-rejected', { detail: field });
}

/** The bytes of a field in standard base64. @throws Failure 'consent-rejected' */
export function decodeBase64(text: string, field: string): Bytes {
  try {
    return fromBase64(text);
  } catch {
    return reject(field);
  }
}
