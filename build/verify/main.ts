/**
 * `npm run verify -- DIR [--qr TEXT] [--ca FILE]`: checks an evidence folder, or an auditor's export of a counter's
 * log, offline, a line a check. Exits 0 only if all hold, 1 where one fails, 2 where the command line is wrong.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bytes, fromBase64 } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { isAuditExport, verifyExport } from './checks/export.ts';
import { bystanders } from './checks/files.ts';
import { lineOf } from './result.ts';
import { verifyFolder } from './verify.ts';

const usage = 'npm run verify -- DIR [--qr TEXT] [--ca FILE]';

/** Everything that lies in a folder, folders too, by name: what is no file has no bytes that belong there. */
async function readFolder(folder: string): Promise<Map<string, Bytes>> {
  const files = new Map<string, Bytes>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const read = entry.isFile() && !bystanders.has(entry.name);
    files.set(entry.name, read ? new Uint8Array(await readFile(join(folder, entry.name))) : new Uint8Array());
  }
  return files;
}

async function rootOf(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8');
  const base64 = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem)?.[1] ?? '';
  return sha256Hex(fromBase64(base64.replaceAll(/\s/g, '')));
}

async function main(): Promise<number> {
  let files: Map<string, Bytes>;
  let root: string | undefined;
  let qr: string | undefined;
  try {
    const { values, positionals } = parseArgs({
      options: { qr: { type: 'string' }, ca: { type: 'string' } },
      allowPositionals: true,
    });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) throw new TypeError('one folder is needed');
    files = await readFolder(folder);
    if (isAuditExport(files) && values.qr !== undefined)
      throw new TypeError(`${folder} is an export of a log, which has no code: --qr is of no use here`);
    root = values.ca === undefined ? undefined : await rootOf(values.ca);
    qr = values.qr;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    return 2;
  }
  const results = isAuditExport(files)
    ? await verifyExport(files, { root })
    : await verifyFolder(files, { qr, root });
  for (const result of results) process.stdout.write(`${lineOf(result)}\n`);
  const failed = results.filter(({ ok }) => !ok).length;
  const verdict =
    failed === 0 ? `all ${results.length} checks hold` : `${failed} of ${results.length} checks failed`;
  process.stdout.write(`${verdict}\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
