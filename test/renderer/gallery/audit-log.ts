/** A log with true proofs, as the core would answer it: synthetic, nobody's data. */
import { fromHex, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { checkpointText } from '../../../shared/canonical/checkpoint.ts';
import { sha256Sync } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';
import { formatNote } from '../../../shared/canonical/signed-note.ts';
import type { AuditDetail, AuditState } from '../../../shared/contract/audit.ts';
import type { CommandArgs, CommandResult } from '../../../shared/contract/contract.ts';
import type { AuditAction, AuditEntry } from '../../../shared/domain/audit.ts';

const sessionId = '0192f3aa-0000-7000-8000-000000000001';
const consentId = '0192f3aa-1c2d-7000-8000-000000000003';
const device = 'counter-0001';
const visit: readonly AuditAction[] = [
  'staff-signed-in',
  'session-started',
  'identity-challenged',
  'identity-passed',
  'consent-signed',
  'consent-accepted',
  'lookup-answered',
  'layer-opened',
  'rows-released',
  'report-made',
  'report-saved',
  'keys-destroyed',
  'session-ended',
];
const size = 640;

function makeEntries(): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let previous = '0'.repeat(64);
  for (let seq = 0; seq < size; seq++) {
    const action = visit[seq % visit.length] ?? 'core-started';
    const at = new Date(Date.parse('2026-11-21T06:00:00Z') - (size - seq) * 171_000).toISOString();
    const entry: AuditEntry = {
      schema: 'zhiqing-audit/1',
      seq,
      at,
      device,
      action,
      staffId: seq % 26 < 13 ? '1024' : '1025',
      ...(action === 'staff-signed-in' ? {} : { sessionId, subject: 'a3'.repeat(32) }),
      ...(seq % visit.length > 3 ? { consentId } : {}),
      facts: action === 'lookup-answered' ? { rows: 1286 } : {},
      salt: 'AAAAAAAAAAAAAAAAAAAAAA',
      previous,
    };
    previous = toHex(sha256Sync(utf8(canonicalJson(entry))));
    entries.push(entry);
  }
  return entries;
}

const entries = makeEntries();
const tree = new MerkleLog();
for (const entry of entries) tree.append(leafHash(utf8(canonicalJson(entry))));
const root = tree.root();
const signature = (name: string) => ({ name, id: new Uint8Array(4), signature: new Uint8Array(64) });
const checkpoint = formatNote({
  text: checkpointText(`zhiqing/audit/${device}`, { size, root }),
  signatures: [signature(`zhiqing/audit/${device}`), signature('zhiqing/central/witness')],
});

export const auditState: AuditState = {
  device,
  size,
  checkpoint: size,
  cosigned: { size: 612, at: '2026-11-21T05:58:10.000Z' },
  central: { size: 2048, at: '2026-11-21T05:58:11.000Z' },
  segments: { kept: 3, retired: 1, bytes: 8_612_004 },
  oldest: 0,
  retentionMonths: 6,
  intact: true,
  verified: { at: '2026-11-21T00:31:00.000Z', entries: 588, root: toHex(root), when: 'start' },
};

export function auditPage({
  filter,
  before = size,
  limit,
}: CommandArgs<'staff', 'auditPage'>): CommandResult<'staff', 'auditPage'> {
  const { action, staffId, id } = filter;
  const matching = entries
    .slice(0, before)
    .reverse()
    .filter(
      (entry) =>
        (action === undefined || entry.action === action) &&
        (staffId === undefined || entry.staffId === staffId) &&
        (id === undefined || entry.sessionId === id || entry.consentId === id),
    );
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  return { entries: page, ...(matching.length > limit && last ? { next: last.seq } : {}) };
}

export function auditDetail({ seq }: CommandArgs<'staff', 'auditDetail'>): AuditDetail {
  const entry = entries[seq];
  if (!entry) throw new RangeError('no such entry');
  const canonical = canonicalJson(entry);
  return {
    proof: { entry, index: seq, size, proof: tree.inclusion(seq, size).map(toHex), checkpoint },
    canonical,
    hash: toHex(sha256Sync(utf8(canonical))),
  };
}

/** A hash of the proof is another one. */
export function brokenDetail(args: CommandArgs<'staff', 'auditDetail'>): AuditDetail {
  const detail = auditDetail(args);
  const [first = '', ...rest] = detail.proof.proof;
  const flipped = fromHex(first);
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  return { ...detail, proof: { ...detail.proof, proof: [toHex(flipped), ...rest] } };
}
