/** The bundles that the windows run, built when they are missing or older than their sources. */
import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

const newest = (patterns: string[]) =>
  Math.max(0, ...globSync(patterns, { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs));

/** Builds if need be. @throws Error when the build fails */
export function ensureBuilt(): void {
  const sources = newest([
    'electron/**/*.ts',
    'renderer/**/*.{ts,tsx,css,html}',
    'shared/**/*.ts',
    'electron.vite.config.ts',
    'package-lock.json',
  ]);
  const built = globSync('out/app/{main.js,preload/*.cjs,renderer/*/index.html}', { cwd: root });
  const oldest = Math.min(...built.map((file) => statSync(join(root, file)).mtimeMs));
  if (built.length === 5 && oldest > sources) return;
  const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const done = spawnSync(process.execPath, [builder, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (done.status !== 0) throw new Error('the build failed; see above');
}
