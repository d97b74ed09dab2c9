/** The whole log with its proofs, in a folder that anybody can check: all of it or nothing. */
import { type Bytes, fromBase64, toHex, utf8 } from '../../shared/canonical/bytes.ts';
import { signDetached } from '../../shared/canonical/cms.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../shared/canonical/json.ts';
import { exportFiles } from '../../shared/canonical/verify-audit-export.ts';
import type { AuditExportStatement } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { dayOf } from '../../shared/domain/period.ts';
import type { Connection } from '../central/connection.ts';
import { rootPemOf } from '../evidence/root-pem.ts';
import { writeTogether } from '../evidence/write-together.ts';
import type { DeviceKey } from '../vault/vault.ts';
import type { AuditFiles } from './files.ts';
import type { AuditLog, Frozen } from './log.ts';
import { segmentName } from './segments.ts';
import type { AuditWitness } from './witness.ts';

export interface ExportOptions {
  log: Pick<AuditLog, 'hold'>;
  /** Where the log lies. */
  files: AuditFiles;
  witness: Pick<AuditWitness, 'document' | 'seen'>;
  connection: Pick<Connection, 'identity'>;
  deviceKey: Pick<DeviceKey, 'privateKey'>;
  deviceId: string;
  /** PEM of the operator's roots, as IT has set it. */
  caPem: string;
  /** Epoch ms. */
  now: () => number;
}

/**
 * Makes a folder within `folder`: segments, checkpoints, central's words, certificates, and a statement of it all
 * that the device key has signed.
 * @returns the new folder's name, and how many entries and files are in it.
 * @throws Failure 'not-enrolled', 'save-failed', 'audit-failed', 'internal' without a root; nothing partial stays.
 */
export async function exportAudit(
  options: ExportOptions,
  folder: string,
): Promise<{ folder: string; entries: number; files: number }> {
  const { log, deviceId, now } = options;
  const at = now();
  const { contents, statement } = await log.hold((frozen) => collect(options, frozen, at));
  const name = `audit-${deviceId}-${dayOf(at)}-${statement.size}`;
  return {
    folder: await writeTogether(folder, name, contents),
    entries: statement.size - statement.oldest,
    files: Object.keys(contents).length,
  };
}

async function collect(
  options: ExportOptions,
  frozen: Frozen,
  at: number,
): Promise<{ contents: Record<string, Bytes>; statement: AuditExportStatement }> {
  const { connection, deviceKey, deviceId, caPem } = options;
  const { certificate, pem } = connection.identity();
  const contents: Record<string, Bytes> = {
    ...(await segments(options.files, frozen)),
    ...notes(frozen),
    ...words(options.witness),
    [exportFiles.device]: utf8(pem),
    [exportFiles.root]: utf8(await rootPemOf(caPem, certificate, at)),
    [exportFiles.readme]: utf8(README),
  };
  const statement: AuditExportStatement = {
    schema: 'zhiqing-audit-export/1',
    device: deviceId,
    at: new Date(at).toISOString(),
    size: frozen.size,
    root: toHex(frozen.root),
    oldest: frozen.segments.find(({ name }) => name !== undefined)?.first ?? frozen.size,
    files: await Promise.all(
      Object.entries(contents)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(async ([name, bytes]) => ({ name, bytes: bytes.length, sha256: await sha256Hex(bytes) })),
    ),
  };
  const content = canonicalBytes(statement);
  contents[exportFiles.statement] = content;
  contents[exportFiles.signature] = await signDetached({
    content,
    privateKey: deviceKey.privateKey,
    certificate,
    signingTime: new Date(at),
  });
  return { contents, statement };
}

async function segments(files: AuditFiles, frozen: Frozen): Promise<Record<string, Bytes>> {
  const contents: Record<string, Bytes> = {};
  for (const { first, count, bytes, name } of frozen.segments) {
    if (count === 0) continue;
    const kind = name === undefined ? 'leaves' : 'jsonl';
    const read = await files.read(name ?? segmentName(first, 'leaves'));
    if (!read) throw new Failure('audit-failed', { detail: segmentName(first, kind) });
    contents[segmentName(first, kind)] = kind === 'jsonl' ? read.slice(0, bytes) : read;
  }
  return contents;
}

function notes({ size, checkpoints }: Frozen): Record<string, Bytes> {
  const own = checkpoints.findLast((one) => one.size === size);
  const cosigned = checkpoints.findLast(({ cosignedAt }) => cosignedAt !== undefined);
  return {
    [exportFiles.checkpoint]: utf8(own?.note ?? ''),
    ...(cosigned ? { [exportFiles.cosigned]: utf8(cosigned.note) } : {}),
    [exportFiles.checkpoints]: utf8(`${JSON.stringify(checkpoints.map(({ note }) => note))}\n`),
  };
}

function words({ document, seen }: ExportOptions['witness']): Record<string, Bytes> {
  return {
    ...(document
      ? {
          [exportFiles.witness]: canonicalBytes(document.document),
          [exportFiles.witnessSignature]: fromBase64(document.cms),
        }
      : {}),
    ...(seen === undefined ? {} : { [exportFiles.central]: utf8(seen) }),
  };
}

const README = `知情台审计日志导出。export.json 列出全部文件及其 SHA-256,由本柜台设备密钥签名(export.p7s)。
Audit log of a Zhiqing counter. export.json lists all files with their SHA-256; the counter's key has signed it (export.p7s):
  openssl cms -verify -binary -inform DER -in export.p7s -content export.json -CAfile ca.pem -purpose any
One canonical JSON entry a line (RFC 8785); leaves of the Merkle tree (RFC 6962) are the lines without line feed;
checkpoint.txt and cosigned.txt are signed notes (C2SP tlog-checkpoint); witness.json states central's keys.
没有 cosigned.txt 时,这份日志只是柜台一面之词:中心还没有见过它,核对不会通过。请在柜台连上中心后重新导出。
Without cosigned.txt this log is the word of the counter alone: central has not seen it, and a check of it fails. Export
it again once the counter has reached central.
`;
