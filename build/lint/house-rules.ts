/**
 * The rules of the house that Biome can't say: who may import whom, and that raw IPC stays in the
 * gateway. Run as `node build/lint/house-rules.ts`; exits 1 and names file and line of each breach.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

export interface Breach {
  file: string;
  line: number;
  rule: string;
}

const planes = ['electron', 'renderer', 'shared'] as const;

/** Folder prefixes that a file under the first may import besides its own; everything else of ours is refused. */
const mayImport: readonly { from: string; may: readonly string[]; why: string }[] = [
  { from: 'shared/', may: ['shared/'], why: 'shared/ imports nothing from the others' },
  {
    from: 'electron/preload/',
    may: ['electron/preload/', 'shared/contract/'],
    why: 'preloads know the contract only',
  },
  { from: 'electron/', may: ['electron/', 'shared/'], why: 'electron/ imports only shared/' },
  {
    from: 'renderer/staff/',
    may: ['renderer/staff/', 'renderer/ui/', 'renderer/cache/', 'shared/'],
    why: 'the staff plane imports nothing of the customer plane, nor analysis',
  },
  {
    from: 'renderer/customer/',
    may: ['renderer/customer/', 'renderer/ui/', 'renderer/cache/', 'renderer/analysis/', 'shared/'],
    why: 'the customer plane imports nothing of the staff plane',
  },
  { from: 'renderer/cache/', may: ['renderer/cache/', 'shared/'], why: 'the cache imports only shared/' },
  {
    from: 'renderer/analysis/',
    may: ['renderer/analysis/', 'renderer/cache/records.ts', 'shared/'],
    why: 'analysis knows rows only',
  },
  {
    from: 'renderer/ui/',
    may: ['renderer/ui/', 'shared/'],
    why: 'ui is shared by both planes and knows neither',
  },
];

/** Names that only the gateway (and, for ipcRenderer, the preloads) may touch. */
const raw: readonly { pattern: RegExp; allowed: readonly string[]; rule: string }[] = [
  { pattern: /\bipcMain\b/, allowed: ['electron/ipc/'], rule: 'ipcMain belongs to electron/ipc' },
  {
    pattern: /\bipcRenderer\b/,
    allowed: ['electron/preload/'],
    rule: 'ipcRenderer belongs to electron/preload',
  },
  {
    pattern: /(?:webContents|contents|sender|mainFrame)(?:\?)?\.(?:send|postMessage|sendToFrame)\s*\(/,
    allowed: ['electron/ipc/'],
    rule: 'webContents.send belongs to electron/ipc',
  },
];

const importPattern =
  /(?<![\w.])(?:import|export)\s*(?:type\s+)?(?:[\w*{}\s,$]+?\s*from\s*)?['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]|new URL\(\s*['"]([^'"]+)['"]\s*,\s*import\.meta\.url/g;

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Comments blanked out (same length), so that words in them break no rule. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`])\/\/[^\n]*/g, (match) => match.replace(/[^\n]/g, ' '));
}

/** Breaches of one file. `file` is relative to the project with forward slashes. */
export function checkFile(file: string, source: string): Breach[] {
  const breaches: Breach[] = [];
  const text = withoutComments(source);
  const rule = mayImport.find((entry) => file.startsWith(entry.from));
  for (const match of text.matchAll(importPattern)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const line = lineAt(text, match.index);
    if (rule && specifier.startsWith('.')) {
      const target = posix.normalize(posix.join(posix.dirname(file), specifier));
      if (!rule.may.some((prefix) => target.startsWith(prefix)))
        breaches.push({ file, line, rule: `${rule.why} (${target})` });
    }
    if (
      specifier === 'electron' &&
      !file.startsWith('electron/') &&
      planes.some((plane) => file.startsWith(`${plane}/`))
    )
      breaches.push({ file, line, rule: 'only electron/ imports electron' });
    if (specifier.startsWith('node:') && /^(?:renderer|shared|electron\/preload)\//.test(file))
      breaches.push({ file, line, rule: 'shared/, renderer/ and preloads run without Node' });
  }
  if (planes.some((plane) => file.startsWith(`${plane}/`)))
    for (const entry of raw) {
      if (entry.allowed.some((prefix) => file.startsWith(prefix))) continue;
      for (const match of text.matchAll(new RegExp(entry.pattern, 'g')))
        breaches.push({ file, line: lineAt(text, match.index), rule: entry.rule });
    }
  return breaches;
}

/** Breaches of the whole tree under `root`. */
export function checkTree(root: string): { files: number; breaches: Breach[] } {
  const files = planes.flatMap((plane) => globSync(`${plane}/**/*.{ts,tsx}`, { cwd: root }));
  const breaches = files.flatMap((file) =>
    checkFile(file.split(sep).join('/'), readFileSync(join(root, file), 'utf8')),
  );
  return { files: files.length, breaches };
}

if (process.argv[1] && relative(process.argv[1], import.meta.filename) === '') {
  const { files, breaches } = checkTree(join(dirname(import.meta.filename), '..', '..'));
  for (const breach of breaches) console.error(`${breach.file}:${breach.line} ${breach.rule}`);
  console.log(`house rules: ${files} files, ${breaches.length} breaches`);
  process.exit(breaches.length === 0 && files > 0 ? 0 : 1);
}
