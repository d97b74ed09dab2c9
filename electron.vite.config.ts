import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

/** Core, preloads and renderers. `electron` alone stays outside the bundles: nothing is resolved at run time. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/app',
      emptyOutDir: false,
      externalizeDeps: false,
      rollupOptions: {
        input: { main: at('electron/main.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'core/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/app/preload',
      externalizeDeps: false,
      // A sandboxed preload can require 'electron' and nothing else: no chunk shared between the two.
      isolatedEntries: true,
      rollupOptions: {
        // Sandboxed preloads cannot be ES modules.
        input: { staff: at('electron/preload/staff.ts'), customer: at('electron/preload/customer.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    base: '/',
    plugins: [react()],
    // The core puts a fresh nonce in place of this word in every page it serves.
    html: { cspNonce: '__CSP_NONCE__' },
    worker: { format: 'es' },
    build: {
      outDir: at('out/app/renderer'),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      // electron-vite's own default is off; half the code to read at every start of a window and of its worker.
      minify: true,
      // Read from the disk, not over a network.
      chunkSizeWarningLimit: 1_000,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: { staff: at('renderer/staff/index.html'), customer: at('renderer/customer/index.html') },
      },
    },
  },
});
