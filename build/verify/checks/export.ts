/** An exported audit log: `audit-…` folders that an auditor has made. */
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import {
  type AuditCheck,
  exportFiles,
  verifyAuditExport,
} from '../../../shared/canonical/verify-audit-export.ts';
import { Evidence } from '../evidence.ts';
import { CheckList, type CheckResult, Wrong } from '../result.ts';
import type { VerifyOptions } from '../verify.ts';
import { checkRead } from './files.ts';
import { checkRoot } from './root.ts';

const meanings: Record<AuditCheck['name'], string> = {
  signature: 'the counter did not make this export, or it was changed',
  files: 'a file was changed, is missing, or was put in',
  entries: 'an entry was changed, left out or put in',
  checkpoints: 'the log is not the one that the counter signed',
  witness: "central's keys are not stated by the operator",
  cosignature: 'nobody else is known to have seen this log',
  central: "nothing shows that central's own log holds it",
};

/** Whether a folder is an export of a counter's audit log, and no customer's evidence. */
export function isAuditExport(files: ReadonlyMap<string, Bytes>): boolean {
  return files.has(exportFiles.statement);
}

/** All checks of an export. The root in the folder is an anchor only as far as it is the published one. */
export async function verifyExport(
  files: ReadonlyMap<string, Bytes>,
  options: Omit<VerifyOptions, 'qr'>,
): Promise<readonly CheckResult[]> {
  const evidence = new Evidence(files, options.unread);
  const list = new CheckList(options.first === true);
  await list.run('folder', () => checkRead(evidence));
  await list.run(exportFiles.root, () => checkRoot(evidence, options.root));
  const trustedCertificates = list.results.at(-1)?.ok ? [evidence.root] : [];
  for (const { name, ok, detail } of await verifyAuditExport(files, { trustedCertificates })) {
    await list.run(name, () => {
      if (!ok) throw new Wrong(detail, meanings[name]);
      return detail;
    });
  }
  return list.results;
}
