import { describe, expect, it } from 'vitest';
import { checkFile } from '../../build/lint/house-rules.ts';

const rules = (file: string, source: string) => checkFile(file, source).map((breach) => breach.rule);

describe('house rules', () => {
  it('lets planes import what is theirs', () => {
    expect(rules('electron/gate/x.ts', `import { a } from '../../shared/domain/scope.ts';`)).toEqual([]);
    expect(
      rules('renderer/staff/app.tsx', `import { a } from '../ui/theme.ts';\nimport x from 'react';`),
    ).toEqual([]);
    expect(
      rules('electron/ipc/gateway.ts', `import { ipcMain } from 'electron'; webContents.send('x');`),
    ).toEqual([]);
  });

  it.each([
    ['shared/domain/x.ts', `import { a } from '../../electron/main.ts';`, /shared\/ imports nothing/],
    ['shared/domain/x.ts', `import { readFile } from 'node:fs';`, /without Node/],
    ['renderer/staff/x.tsx', `import type { A } from '../customer/y.ts';`, /nothing of the customer/],
    ['renderer/staff/x.tsx', `const m = await import('../analysis/findings.ts');`, /nothing of the customer/],
    ['renderer/customer/x.tsx', `export * from '../staff/y.ts';`, /nothing of the staff/],
    [
      'renderer/customer/x.tsx',
      `new Worker(new URL('../staff/w.ts', import.meta.url))`,
      /nothing of the staff/,
    ],
    ['renderer/ui/x.ts', `import {\n  a,\n  b,\n} from '../../electron/x.ts';`, /ui is shared/],
    ['electron/gate/x.ts', `import { a } from '../../renderer/ui/theme.ts';`, /only shared/],
    ['electron/gate/x.ts', `import { ipcMain } from 'electron';`, /ipcMain belongs/],
    ['electron/gate/x.ts', `window.webContents.send('view', {});`, /webContents.send belongs/],
    ['renderer/ui/x.ts', `import { ipcRenderer } from 'electron';`, /only electron\/ imports electron/],
    ['electron/preload/x.ts', `import { a } from '../vault/key.ts';`, /contract only/],
  ])('refuses in %s: %s', (file, source, rule) => {
    expect(rules(file, source).join('\n')).toMatch(rule);
  });

  it('does not mistake a comment for code', () => {
    expect(
      rules('electron/gate/x.ts', `// ipcMain is elsewhere\n/* webContents.send( */ const a = 1;`),
    ).toEqual([]);
  });

  it('names the line', () => {
    expect(checkFile('shared/a.ts', `\n\nimport '../electron/b.ts';`)[0]?.line).toBe(3);
  });
});
