/** One line of a log is the canonical JSON (RFC 8785) of one entry. */
import { fromUtf8, utf8 } from '../../shared/canonical/bytes.ts';
import { canonicalJson } from '../../shared/canonical/json.ts';
import { type AuditEntry, auditEntrySchema } from '../../shared/domain/audit.ts';

/** What stands before the first entry. */
export const GENESIS = '0'.repeat(64);

/** An entry's line with its line feed. */
export function lineOf(entry: AuditEntry): Uint8Array<ArrayBuffer> {
  return utf8(`${canonicalJson(entry)}\n`);
}

/** The entry of a line, when it is one and spelt canonically. */
export function parseEntry(line: Uint8Array): AuditEntry | undefined {
  const { text, json } = read(line);
  const parsed = auditEntrySchema.safeParse(json);
  return parsed.success && canonicalJson(parsed.data) === text ? parsed.data : undefined;
}

/**
 * The entry of a line that a signed checkpoint covers: it was parsed when it was written, and other bytes give
 * another tree. Undefined when it is no JSON.
 */
export function readSigned(line: Uint8Array): AuditEntry | undefined {
  const { json } = read(line);
  return isEntry(json) ? json : undefined;
}

/** Lines with their offsets, without line feeds; what follows the last line feed is not among them. */
export function* linesIn(bytes: Uint8Array): Generator<{ line: Uint8Array; offset: number }> {
  for (let offset = 0; ; ) {
    const end = bytes.indexOf(0x0a, offset);
    if (end < 0) return;
    yield { line: bytes.subarray(offset, end), offset };
    offset = end + 1;
  }
}

/** The fields that reading a log goes by; the others are vouched for by the tree. */
function isEntry(json: unknown): json is AuditEntry {
  if (typeof json !== 'object' || json === null) return false;
  const { seq, previous, device, facts } = { seq: 0, previous: 0, device: 0, facts: 0, ...json };
  const texts = typeof previous === 'string' && typeof device === 'string';
  return typeof seq === 'number' && texts && typeof facts === 'object' && facts !== null;
}

function read(line: Uint8Array): { text?: string; json?: unknown } {
  try {
    const text = fromUtf8(line);
    return { text, json: JSON.parse(text) };
  } catch {
    return {};
  }
}
