/**
 * Mutants of a source file: each protection in it weakened in turn, found in the syntax tree. The mutated text is run
 * as a module of its own whose imports are the real ones.
 */
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { parseSync } from 'vite';

export interface SourceMutant {
  /** Line and change, e.g. `look-up.ts:46 if (now >= …) left out`. */
  readonly name: string;
  /** Exports of the mutated module. */
  load(): Promise<Record<string, unknown>>;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly what: string;
}
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const boundary: Record<string, string> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const membership = new Set(['every', 'some', 'includes']);

const isNode = (value: unknown): value is Node & Record<string, unknown> =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** What can be weakened at a node. */
function changesAt(node: Node & Record<string, unknown>, text: string): Change[] {
  const source = (part: unknown) => (isNode(part) ? text.slice(part.start, part.end) : '');
  const short = (part: unknown) => source(part).replace(/\s+/g, ' ').slice(0, 60);
  const swap = (part: unknown, to: string, what: string): Change[] =>
    isNode(part) ? [{ start: part.start, end: part.end, text: to, what }] : [];
  switch (node.type) {
    case 'IfStatement':
      return swap(node.test, 'false', `if (${short(node.test)}) left out`);
    case 'LogicalExpression':
      if (node.operator === '??') return [];
      return [
        ...swap(node, `(${source(node.left)})`, `${String(node.operator)} ${short(node.right)} left out`),
        ...swap(node, `(${source(node.right)})`, `${short(node.left)} ${String(node.operator)} left out`),
      ];
    case 'ConditionalExpression':
      return [
        ...swap(node, `(${source(node.consequent)})`, `always ${short(node.consequent)}`),
        ...swap(node, `(${source(node.alternate)})`, `always ${short(node.alternate)}`),
      ];
    case 'BinaryExpression': {
      const operator = String(node.operator);
      const other = boundary[operator];
      if (other)
        return swap(node, `${source(node.left)} ${other} ${source(node.right)}`, `${short(node)}: ${other}`);
      if (operator === '===') return swap(node, 'true', `${short(node)} taken for granted`);
      return operator === '!==' ? swap(node, 'false', `${short(node)} never`) : [];
    }
    case 'CallExpression': {
      const callee = node.callee;
      const property = isNode(callee) && isNode(callee.property) ? callee.property.name : undefined;
      return membership.has(String(property)) ? swap(node, 'true', `${short(node)} taken for granted`) : [];
    }
    default:
      return [];
  }
}

function* walk(value: unknown): Generator<Node & Record<string, unknown>> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  else if (isNode(value)) {
    yield value;
    for (const child of Object.values(value)) yield* walk(child);
  }
}

/** Name that a declaration gives. */
function declared(node: Node & Record<string, unknown>): string | undefined {
  if (isNode(node.id)) return String(node.id.name);
  const [first] = Array.isArray(node.declarations) ? node.declarations : [];
  return isNode(first) && isNode(first.id) ? String(first.id.name) : undefined;
}

/**
 * All mutants of some declarations of a file.
 * @param path Absolute.
 * @param names Top-level declarations to weaken; all when left out.
 */
export async function mutantsOf(path: string, names?: readonly string[]): Promise<SourceMutant[]> {
  const text = await readFile(path, 'utf8');
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse`);
  const parts = (program.body as unknown as (Node & Record<string, unknown>)[]).map((part) =>
    isNode(part.declaration) ? part.declaration : part,
  );
  const chosen = parts.filter((part) => !names || names.includes(declared(part) ?? ''));
  if (names && chosen.length !== names.length)
    throw new Error(`${path}: not all of ${names.join(', ')} are there`);
  const file = path.split('/').at(-1) ?? path;
  return [...walk(chosen)]
    .flatMap((node) => changesAt(node, text))
    .map(({ start, end, text: put, what }) => ({
      name: `${file}:${text.slice(0, start).split('\n').length} ${what}`,
      load: () => run(path, text.slice(0, start) + put + text.slice(end)),
    }));
}

/** The file as it is, loaded as its mutants are: what judges them must find nothing wrong with it. */
export async function original(path: string): Promise<Record<string, unknown>> {
  return run(path, await readFile(path, 'utf8'));
}

/** Runs a module's text with its real imports; the answer is its exports. */
async function run(path: string, text: string): Promise<Record<string, unknown>> {
  const plain = stripTypeScriptTypes(text, { mode: 'strip' });
  const modules: Record<string, unknown> = {};
  const specifiers = [...plain.matchAll(/^import\s+[^;]*?from\s+'([^']+)';/gms)].map(
    (match) => match[1] ?? '',
  );
  for (const specifier of specifiers) {
    const target = specifier.startsWith('.') ? resolve(dirname(path), specifier) : specifier;
    modules[specifier] = await import(/* @vite-ignore */ target);
  }
  const names = [...plain.matchAll(/^export\s+(?:const|let|class|(?:async\s+)?function\*?)\s+(\w+)/gm)];
  const body = plain
    .replace(
      /^import\s+\{([^}]*)\}\s+from\s+'([^']+)';/gms,
      (_, list: string, from: string) =>
        `const {${list.replaceAll(/\s+as\s+/g, ': ')}} = __modules['${from}'];`,
    )
    .replace(/^import\s[^;]*;/gm, '')
    .replace(/^export\s+(?=const|let|class|async|function)/gm, '');
  const exported = names.map(([, name]) => name).join(', ');
  return compileFunction(`${body}\nreturn { ${exported} };`, ['__modules'])(modules) as Record<
    string,
    unknown
  >;
}
