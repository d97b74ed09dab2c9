/** A disk that is soon full: a small tmpfs, where root may mount one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why none can be mounted; undefined where one can. */
export async function whyNoMount(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'tmpfs is Linux only';
  if (process.getuid?.() !== 0) return 'only root may mount a small disk';
  const folder = mkdtempSync(join(tmpdir(), 'zhiqing-mount-'));
  try {
    mountSmall(folder, 65_536)();
    return undefined;
  } catch {
    return 'this machine does not let root mount a small disk';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns unmounts it again */
export function mountSmall(folder: string, bytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'tmpfs', folder], { stdio: 'pipe' });
  return () => void execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
}
