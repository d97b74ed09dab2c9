/** Where a page of the list ended: an instant, and which entry of it. */
import { z } from 'zod';
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';

export interface Cursor {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Orders entries of one instant. */
  readonly key: string;
}

const cursorSchema = z.tuple([
  z.iso.datetime(),
  z
    .string()
    .regex(/^[ck][0-9]{20}/)
    .max(100),
]);

export function writeCursor({ at, key }: Cursor): string {
  return toBase64url(utf8(JSON.stringify([at, key])));
}

/** @throws Failure 'bad-input' for what this service has not written. */
export function readCursor(text: string): Cursor {
  try {
    const [at, key] = cursorSchema.parse(JSON.parse(fromUtf8(fromBase64url(text))));
    return { at, key };
  } catch {
    throw new Failure('bad-input', { detail: 'cursor' });
  }
}
