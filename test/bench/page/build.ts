/** Builds the bench's page and workers as the product's windows are built. */
import { join } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;

/** @param outDir made anew. */
export async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: here,
    base: '/',
    worker: { format: 'es' },
    resolve: {
      // Patched, see peers/dexie-encrypted.ts.
      alias: { '@stablelib/utf8': join(here, '..', 'peers', 'utf8.ts') },
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      modulePreload: false,
      chunkSizeWarningLimit: 10_000,
    },
  });
}
