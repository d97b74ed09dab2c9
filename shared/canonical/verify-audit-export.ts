/** Checks an exported audit log offline, from its files and the operator's root alone. */
import {
  type AuditExportStatement,
  auditEntrySchema,
  auditExportStatementSchema,
  type Witness,
  witnessSchema,
} from '../domain/audit.ts';
import type { Bytes } from './bytes.ts';
import { equal, fromUtf8, toHex } from './bytes.ts';
import { auditOrigin, type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { verifyDetached } from './cms.ts';
import { HASH_BYTES, sha256Hex } from './hash.ts';
import { canonicalJson } from './json.ts';
import { leafHash } from './merkle.ts';
import { MerkleLog } from './merkle-log.ts';
import { type NoteKey, noteKey, parseVerifierKey, verifyNote } from './signed-note.ts';
import { publicKeyOf } from './verify-audit.ts';
import { subjectField } from './x509.ts';

/** Names of an export's files, besides the segments. */
export const exportFiles = {
  statement: 'export.json',
  signature: 'export.p7s',
  checkpoint: 'checkpoint.txt',
  cosigned: 'cosigned.txt',
  checkpoints: 'checkpoints.json',
  witness: 'witness.json',
  witnessSignature: 'witness.p7s',
  central: 'central-checkpoint.txt',
  device: 'device.pem',
  root: 'ca.pem',
  readme: 'README.txt',
} as const;

/** One line of the verdict. `detail` names what is wrong, or what was found. */
export interface AuditCheck {
  readonly name: 'signature' | 'files' | 'entries' | 'checkpoints' | 'witness' | 'cosignature' | 'central';
  readonly ok: boolean;
  readonly detail: string;
}

export interface VerifyExportOptions {
  /** DER; the only anchors. The export's own `ca.pem` is none. */
  readonly trustedCertificates: readonly Bytes[];
}

type Files = ReadonlyMap<string, Bytes>;
const SEGMENT = /^audit-(\d{12})\.(jsonl|leaves)$/;

/** Runs all checks; one that needs what an earlier one refused fails with it. Never throws on input. */
export async function verifyAuditExport(
  files: Files,
  options: VerifyExportOptions,
): Promise<readonly AuditCheck[]> {
  const checks: AuditCheck[] = [];
  const run = async <T>(name: AuditCheck['name'], work: () => Promise<readonly [T, string]>) => {
    try {
      const [value, detail] = await work();
      checks.push({ name, ok: true, detail });
      return value;
    } catch (error) {
      // SECURITY: S16 whatever hostile bytes make a parser throw means that the check does not hold.
      checks.push({ name, ok: false, detail: error instanceof CheckError ? error.message : 'unreadable' });
      return undefined;
    }
  };
  const signed = await run('signature', () => readStatement(files, options));
  await run('files', () => checkFiles(files, need(signed, 'signature').statement));
  const tree = await run('entries', () => readTree(files, need(signed, 'signature').statement));
  const key = await run('checkpoints', () =>
    checkCheckpoints(files, need(signed, 'signature'), need(tree, 'entries')),
  );
  const witness = await run('witness', () => readWitness(files, options));
  await run('cosignature', async () => {
    // SECURITY: S16 a log that nobody but its counter has seen proves nothing against that counter.
    must(files.has(exportFiles.cosigned), ALONE);
    return checkCosigned(files, need(key, 'checkpoints'), need(witness, 'witness'), need(tree, 'entries'));
  });
  await run('central', async () => {
    must(files.has(exportFiles.central), "no head of central's own log was seen");
    return checkCentral(files, need(witness, 'witness'));
  });
  return checks;
}

class CheckError extends Error {}

const ALONE = 'the word of the counter alone: central has cosigned no head of this log';

interface Signed {
  readonly statement: AuditExportStatement;
  readonly certificate: Bytes;
}

async function readStatement(files: Files, trust: VerifyExportOptions): Promise<[Signed, string]> {
  const content = file(files, exportFiles.statement);
  const cms = file(files, exportFiles.signature);
  const verdict = await verifyDetached({ content, cms, ...trust });
  if (!verdict.ok) throw new CheckError(verdict.reason);
  const { certificate } = verdict.signer;
  const statement = auditExportStatementSchema.parse(JSON.parse(fromUtf8(content)));
  const named = subjectField(certificate, 'OU') === 'device' && subjectField(certificate, 'CN');
  must(named === statement.device, 'signed by another counter');
  return [{ statement, certificate }, `${statement.device}, ${statement.at}`];
}

async function checkFiles(files: Files, { files: listed }: AuditExportStatement): Promise<[true, string]> {
  const expected = new Set<string>([exportFiles.statement, exportFiles.signature]);
  for (const { name, bytes, sha256 } of listed) {
    must(!expected.has(name), `${name} is listed twice`);
    expected.add(name);
    const found = file(files, name);
    must(found.length === bytes && (await sha256Hex(found)) === sha256, `${name} is not what was signed`);
  }
  for (const name of files.keys()) must(expected.has(name), `${name} is not part of it`);
  return [true, `${listed.length} files`];
}

/** Every entry in its place, chained, and the root that was stated. */
async function readTree(files: Files, statement: AuditExportStatement): Promise<[MerkleLog, string]> {
  const tree = new MerkleLog();
  let head: string | undefined = '0'.repeat(64);
  const names = [...files.keys()].filter((name) => SEGMENT.test(name)).sort();
  for (const name of names) {
    const bytes = file(files, name);
    must(Number(SEGMENT.exec(name)?.[1]) === tree.size, `entries are missing before ${name}`);
    if (name.endsWith('.leaves')) {
      must(bytes.length % HASH_BYTES === 0, `${name} does not end with a whole hash`);
      must(tree.size + bytes.length / HASH_BYTES <= statement.oldest, `${name} stands for entries`);
      for (let i = 0; i < bytes.length; i += HASH_BYTES) tree.append(bytes.subarray(i, i + HASH_BYTES));
      head = undefined;
      continue;
    }
    must(tree.size >= statement.oldest, `${name} is older than stated`);
    const lines = fromUtf8(bytes).split('\n');
    must(lines.pop() === '', `${name} does not end with a whole line`);
    for (const line of lines) {
      const entry = auditEntrySchema.parse(JSON.parse(line));
      const at = `entry ${tree.size}`;
      must(canonicalJson(entry) === line && entry.seq === tree.size, at);
      must(entry.device === statement.device, `${at}: another counter`);
      must(head === undefined || entry.previous === head, `${at}: chain`);
      const leaf = new TextEncoder().encode(line);
      tree.append(leafHash(leaf));
      head = await sha256Hex(leaf);
    }
  }
  must(tree.size === statement.size, `${tree.size} of ${statement.size} entries`);
  must(toHex(tree.root()) === statement.root, 'another root');
  return [tree, `${statement.size - statement.oldest} of ${statement.size} entries`];
}

async function checkCheckpoints(
  files: Files,
  { statement, certificate }: Signed,
  tree: MerkleLog,
): Promise<[NoteKey, string]> {
  const key = await noteKey(auditOrigin(statement.device), 'ecdsa', publicKeyOf(certificate));
  const last = await open(text(files, exportFiles.checkpoint), key);
  must(last.size === statement.size, 'the last checkpoint is over another size');
  const all: unknown = JSON.parse(text(files, exportFiles.checkpoints));
  must(Array.isArray(all), 'checkpoints');
  const notes = [text(files, exportFiles.checkpoint), ...(Array.isArray(all) ? all.map(String) : [])];
  for (const note of notes) requireHead(tree, await open(note, key));
  return [key, `${notes.length - 1} checkpoints`];
}

async function readWitness(files: Files, trust: VerifyExportOptions): Promise<[Witness, string]> {
  // A counter that has never reached central has none.
  must(files.has(exportFiles.witness), 'central was never heard');
  const content = file(files, exportFiles.witness);
  const verdict = await verifyDetached({ content, cms: file(files, exportFiles.witnessSignature), ...trust });
  if (!verdict.ok) throw new CheckError(verdict.reason);
  must(subjectField(verdict.signer.certificate, 'OU') === 'central', 'not signed by central');
  const witness = witnessSchema.parse(JSON.parse(fromUtf8(content)));
  return [witness, verdict.signer.subject];
}

async function checkCosigned(
  files: Files,
  key: NoteKey,
  { witnessKey }: Witness,
  tree: MerkleLog,
): Promise<[true, string]> {
  const checkpoint = await open(text(files, exportFiles.cosigned), key);
  const verdict = await verifyNote(checkpoint.note, await parseVerifierKey(witnessKey));
  must(verdict.ok && verdict.at !== undefined, "central's cosignature");
  requireHead(tree, checkpoint);
  return [true, `${checkpoint.size} of ${tree.size} entries, ${new Date(verdict.at).toISOString()}`];
}

async function checkCentral(files: Files, { logKey }: Witness): Promise<[true, string]> {
  const head = await open(text(files, exportFiles.central), await parseVerifierKey(logKey));
  return [true, `${head.size} entries in central's log`];
}

async function open(note: string, key: NoteKey): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(note, key);
  if (!checkpoint) throw new CheckError(`a checkpoint that ${key.name} has not signed`);
  return checkpoint;
}

function requireHead(tree: MerkleLog, { size, root }: Checkpoint): void {
  must(size <= tree.size && equal(tree.root(size), root), `the checkpoint over ${size} entries`);
}

function file(files: Files, name: string): Bytes {
  const bytes = files.get(name);
  if (!bytes) throw new CheckError(`${name} is missing`);
  return bytes;
}

function text(files: Files, name: string): string {
  return fromUtf8(file(files, name));
}

function must(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new CheckError(detail);
}

function need<T>(value: T | undefined, check: AuditCheck['name']): T {
  if (value === undefined) throw new CheckError(`needs ${check}`);
  return value;
}
