/** What is read from the disk: a folder, file by file, and the root that the operator publishes. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, fromBase64 } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { parseCertificate } from '../../shared/canonical/x509.ts';
import { bystanders } from './checks/files.ts';

/** A folder in memory. */
export interface Folder {
  readonly files: ReadonlyMap<string, Bytes>;
  /** What lies there and was not read, by name, and why: `is no regular file`. */
  readonly unread: ReadonlyMap<string, string>;
}

/** Reads every file of a folder; links are not followed, and what is no file is named. */
export async function readFolder(folder: string): Promise<Folder> {
  const files = new Map<string, Bytes>();
  const unread = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (bystanders.has(name) && (entry.isFile() || entry.isDirectory())) files.set(name, new Uint8Array());
    // SECURITY: S16 what a link or a pipe stands for may be another thing for the next who looks.
    else if (!entry.isFile()) unread.set(name, 'is no regular file');
    else
      await readFile(join(folder, name)).then(
        (bytes) => files.set(name, new Uint8Array(bytes)),
        (error: unknown) => unread.set(name, reasonOf(error)),
      );
  }
  return { files, unread };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
  return code === 'ERR_FS_FILE_TOO_LARGE' ? 'is larger than 2 GiB' : `cannot be read (${code})`;
}

/**
 * SHA-256 (hex) of the one certificate in a file, PEM or DER.
 * @throws Error in words for whoever gave the file
 */
export async function readRoot(file: string): Promise<string> {
  const bytes: Bytes = new Uint8Array(await readFile(file));
  const blocks = new TextDecoder().decode(bytes).split('-----BEGIN CERTIFICATE-----').slice(1);
  if (blocks.length > 1)
    throw new TypeError(
      `${file} holds ${blocks.length} certificates: give the one that the operator publishes`,
    );
  try {
    const [block] = blocks;
    const [base64 = '', end] = block?.split('-----END CERTIFICATE-----') ?? [];
    if (block !== undefined && end === undefined) throw new TypeError('cut');
    const der = block === undefined ? bytes : fromBase64(base64.replaceAll(/\s/g, ''));
    parseCertificate(der);
    return await sha256Hex(der);
  } catch {
    throw new TypeError(`${file} holds no certificate`);
  }
}
