/** Reading and verifying a chain of audit entries. */
import { open, readFile } from 'node:fs/promises';
import { fromUtf8 } from '../../shared/canonical/bytes.ts';
import { hashOf } from '../../shared/canonical/hash.ts';
import { canonicalJson } from '../../shared/canonical/json.ts';
import { type AuditEntry, auditEntrySchema } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';

/** What stands before the first entry. */
export const GENESIS = '0'.repeat(64);

/** SHA-256 (hex) of an entry's canonical bytes. */
export const entryHash = (entry: AuditEntry): Promise<string> => hashOf(entry);

export interface Chain {
  entries: AuditEntry[];
  hashes: string[];
  /** Whether the end of the file was an entry that a crash cut short; it is gone now. */
  tornLine: boolean;
}

/**
 * Reads a log and verifies every line. A last line without its line feed is completed when it is whole, and
 * cut when it is not: it was never acknowledged to anybody.
 * @throws Failure 'audit-failed' naming the line (1-based) at which the chain breaks.
 */
export async function readChain(path: string): Promise<Chain> {
  const bytes = await readFile(path);
  const lastFeed = bytes.lastIndexOf(0x0a);
  const chain: Chain = { entries: [], hashes: [], tornLine: false };
  const whole = decode(bytes.subarray(0, lastFeed + 1), 1);
  const lines = whole === '' ? [] : whole.slice(0, -1).split('\n');
  for (const line of lines) {
    const entry = await nextEntry(chain, line);
    // SECURITY: S10 S16 an altered chain proves nothing about what comes after it.
    if (entry === undefined) throw broken(chain.entries.length + 1);
    await push(chain, entry);
  }
  const rest = bytes.subarray(lastFeed + 1);
  if (rest.length > 0) await mendEnd(path, chain, rest, lastFeed + 1);
  return chain;
}

async function mendEnd(path: string, chain: Chain, rest: Uint8Array, offset: number): Promise<void> {
  let entry: AuditEntry | undefined;
  try {
    entry = await nextEntry(chain, fromUtf8(rest));
  } catch {
    // Cut in the middle of a character: not whole.
  }
  const file = await open(path, 'r+');
  try {
    if (entry) await file.write('\n', offset + rest.length);
    else await file.truncate(offset);
    await file.sync();
  } finally {
    await file.close();
  }
  if (entry) await push(chain, entry);
  else chain.tornLine = true;
}

async function push(chain: Chain, entry: AuditEntry): Promise<void> {
  chain.entries.push(entry);
  chain.hashes.push(await entryHash(entry));
}

/** The entry of a line, when it is canonical and continues the chain. */
async function nextEntry(chain: Chain, line: string): Promise<AuditEntry | undefined> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = auditEntrySchema.safeParse(json);
  if (!parsed.success || canonicalJson(parsed.data) !== line) return undefined;
  const { seq, previous } = parsed.data;
  const continues = seq === chain.entries.length && previous === (chain.hashes.at(-1) ?? GENESIS);
  return continues ? parsed.data : undefined;
}

function decode(bytes: Uint8Array, line: number): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw broken(line);
  }
}

function broken(line: number): Failure {
  return new Failure('audit-failed', { detail: `chain broken at line ${line}` });
}
