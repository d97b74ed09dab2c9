/** The files of what is kept for cases: flat in one folder, each case under its id. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditFiles, codeOf, diskFiles } from '../../audit/files.ts';

export interface HeldFiles extends AuditFiles {
  /** Writes over a file's bytes where they lie, and syncs: what it held is not there any more. */
  overwrite(name: string, bytes: Uint8Array): Promise<void>;
  /** Bytes; undefined when there is no such file. */
  size(name: string): Promise<number | undefined>;
}

export function heldFiles(folder: string): HeldFiles {
  return {
    ...diskFiles(folder),
    async overwrite(name, bytes) {
      const file = await open(join(folder, name), 'r+');
      try {
        await file.write(bytes, 0, bytes.length, 0);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async size(name) {
      try {
        return (await stat(join(folder, name))).size;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}

/** Names of a case's files. SECURITY: S12 random ids, nothing of a customer. */
export const nameOf = {
  key: (caseId: string) => `${caseId}.key`,
  /** What was sealed and is no case yet. */
  fresh: (caseId: string) => `${caseId}.new`,
  /** A case of the list. Renamed to this: one step makes it one. */
  case: (caseId: string) => `${caseId}.case`,
  pages: (caseId: string, layer: 'metadata' | 'content') => `${caseId}.${layer}`,
} as const;

/** The case that a file belongs to; undefined for a name that is none of ours. */
export function caseOf(name: string): string | undefined {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?:key|new|case|metadata|content)(?:\.partial)?$/.exec(
    name,
  )?.[1];
}
