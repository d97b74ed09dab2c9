import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { syncFolder } from '../../durable-file.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/** Puts the report and what proves it into the hand-over folder: all of it or nothing. */
export async function saveReport(deps: VisitDeps, visit: Visit): Promise<EffectResults['saveReport']> {
  const { secrets } = visit;
  const { report, consent, lookup } = secrets;
  if (!report || !consent || !lookup) throw new Failure('wrong-state', { detail: 'no report' });
  const files: Record<string, Uint8Array | string> = {
    'report.pdf': report.bytes,
    'consent.json': consent.bytes,
    'consent.p7s': consent.cms,
    'manifest.json': canonicalBytes(lookup.manifest),
    'ca.pem': deps.settings.caPem,
  };
  // SECURITY: S12 named after the session: no number in a file name.
  const savedAs = await writeTogether(deps.settings.handoverFolder, secrets.sessionId, files);
  await deps.audit.append('report-saved', {
    ...auditFields(deps, visit),
    facts: { sha256: report.sha256, files: Object.keys(files).length },
  });
  return { savedAs };
}

/**
 * Writes a folder of files so that it is there whole or not at all.
 * @returns the folder's name: `name`, or `name-2` and so on when an earlier one is there.
 * @throws Failure 'save-failed'; nothing partial stays.
 */
export async function writeTogether(
  folder: string,
  name: string,
  files: Record<string, Uint8Array | string>,
): Promise<string> {
  const beside = join(folder, `.${name}.partial`);
  try {
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside);
    for (const [file, bytes] of Object.entries(files)) {
      const handle = await open(join(beside, file), 'wx');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    await syncFolder(beside);
    const free = await freeName(folder, name);
    await rename(beside, join(folder, free));
    await syncFolder(folder);
    return free;
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'write';
    throw new Failure('save-failed', { detail: code });
  }
}

async function freeName(folder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    const taken = await access(join(folder, candidate)).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
