/** The whole audit log, where it lies beside the evidence: unbroken, and the one that the checkpoints state. */
import { fromUtf8, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { parseCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';
import { auditEntrySchema } from '../../../shared/domain/audit.ts';
import type { Evidence } from '../evidence.ts';
import { must } from '../result.ts';
import { LOG_FILE, LOG_HEAD } from './files.ts';
import { cosignedHead } from './head.ts';

const REWRITTEN = 'the log was rewritten, or entries were taken out';

/** Unbroken from its first entry, and the log that all three heads state. */
export async function checkLog(evidence: Evidence): Promise<string> {
  const receipt = evidence.document('receipt');
  const text = fromUtf8(evidence.bytes(LOG_FILE));
  must(text.endsWith('\n'), 'its last line is cut', REWRITTEN);
  const tree = new MerkleLog();
  const lines = text.slice(0, -1).split('\n');
  let previous = '0'.repeat(64);
  for (const [seq, line] of lines.entries()) {
    const entry = auditEntrySchema.parse(JSON.parse(line));
    must(canonicalJson(entry) === line, `line ${seq + 1} is not canonical`, REWRITTEN);
    must(entry.seq === seq && entry.previous === previous, `line ${seq + 1} does not follow`, REWRITTEN);
    must(entry.device === receipt.audit.entry.device, `line ${seq + 1} is of another counter`, REWRITTEN);
    previous = await sha256Hex(utf8(line));
    tree.append(leafHash(utf8(line)));
  }
  for (const { checkpoint, entry } of [receipt.audit, ...(receipt.report ? [receipt.report.audit] : [])]) {
    const { size, root } = parseCheckpoint(checkpoint);
    must(size <= tree.size, `it has ${tree.size} entries, ${size} were signed`, REWRITTEN);
    must(toHex(tree.root(size)) === toHex(root), `its first ${size} entries are others`, REWRITTEN);
    must(lines[entry.seq] === canonicalJson(entry), `entry ${entry.seq} is another`, REWRITTEN);
  }
  const note = fromUtf8(evidence.bytes(LOG_HEAD));
  const head = await cosignedHead(evidence, receipt.audit.entry.device, note, LOG_HEAD);
  const same = head.size === tree.size && toHex(head.root) === toHex(tree.root());
  must(same, `${LOG_HEAD} states ${head.size} entries, or others`, REWRITTEN);
  return `${tree.size} entries, unbroken, all signed, and cosigned by central`;
}
