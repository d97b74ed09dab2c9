/** docs/verify.py over folders on the disk. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';

/** Writes a folder of evidence; its path. */
export async function put(base: string, name: string, files: EvidenceFiles): Promise<string> {
  const path = join(base, name);
  await mkdir(path);
  await Promise.all(Object.entries(files).map(([file, bytes]) => writeFile(join(path, file), bytes)));
  return path;
}

/** The verdict on each folder, 'ok' or 'FAIL', by its path. @param env more for its environment */
export async function python(
  paths: readonly string[],
  env: Record<string, string> = {},
): Promise<Map<string, string>> {
  const script = join(import.meta.dirname, '..', '..', 'docs', 'verify.py');
  const output = await new Promise<string>((resolve, reject) => {
    const settle = (error: Error | null, stdout: string) => {
      // It exits with 1 when a folder fails, as most here must.
      if (error && stdout === '') reject(error);
      else resolve(stdout);
    };
    const options = { maxBuffer: 16_000_000, env: { ...process.env, ...env } };
    execFile('python3', [script, ...paths], options, settle);
  });
  const lines = output.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.split(/\s+/)[1] ?? '', line.slice(0, 4).trim()] as const));
}
