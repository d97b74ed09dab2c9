/**
 * `npm run verify -- DIR [--qr TEXT] [--ca FILE]`: checks an evidence folder, or an auditor's export of a counter's
 * log, offline, a line a check. Exits 0 only if all hold, 1 where one fails, 2 where the command line is wrong.
 */
import { parseArgs } from 'node:util';
import { isAuditExport, verifyExport } from './checks/export.ts';
import { type Folder, readFolder, readRoot } from './read.ts';
import { lineOf } from './result.ts';
import { verifyFolder } from './verify.ts';

const usage = 'npm run verify -- DIR [--qr TEXT] [--ca FILE]';

async function main(): Promise<number> {
  let folder: Folder;
  let root: string | undefined;
  let qr: string | undefined;
  try {
    const { values, positionals } = parseArgs({
      options: { qr: { type: 'string' }, ca: { type: 'string' } },
      allowPositionals: true,
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new TypeError('one folder is needed');
    root = values.ca === undefined ? undefined : await readRoot(values.ca);
    folder = await readFolder(path);
    if (isAuditExport(folder.files) && values.qr !== undefined)
      throw new TypeError(`${path} is an export of a log, which has no code: --qr is of no use here`);
    qr = values.qr;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    return 2;
  }
  const { files, unread } = folder;
  const results = isAuditExport(files)
    ? await verifyExport(files, { root, unread })
    : await verifyFolder(files, { qr, root, unread });
  for (const result of results) process.stdout.write(`${lineOf(result)}\n`);
  const failed = results.filter(({ ok }) => !ok).length;
  const verdict =
    failed === 0 ? `all ${results.length} checks hold` : `${failed} of ${results.length} checks failed`;
  process.stdout.write(`${verdict}\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
