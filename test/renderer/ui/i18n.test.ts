/** The catalogues of both windows, compared; and the sources, searched for words outside of them. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { endonyms } from '../../../renderer/ui/i18n/endonyms.ts';
import type { Words } from '../../../renderer/ui/i18n/words.ts';
import { errorKinds } from '../../../shared/domain/errors.ts';

const renderer = join(import.meta.dirname, '../../../renderer');
const catalogues = ['ui', 'staff', 'customer'].filter((name) =>
  existsSync(join(renderer, name, 'i18n/en.ts')),
);

async function load(name: string): Promise<{ zh: Map<string, string>; en: Map<string, string> }> {
  const { zhCN } = (await import(pathToFileURL(join(renderer, name, 'i18n/zh-CN.ts')).href)) as {
    zhCN: Words;
  };
  const { en } = (await import(pathToFileURL(join(renderer, name, 'i18n/en.ts')).href)) as { en: Words };
  return { zh: flat(zhCN), en: flat(en) };
}

function flat(words: Words, path = '', into = new Map<string, string>()): Map<string, string> {
  for (const [key, value] of Object.entries(words)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') into.set(here, value);
    else flat(value, here, into);
  }
  return into;
}

const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();
const han = /\p{Script=Han}/u;

describe.each(catalogues)('catalogue %s', async (name) => {
  const { zh, en } = await load(name);

  it('has the same keys in both languages', () => {
    expect([...en.keys()].toSorted()).toEqual([...zh.keys()].toSorted());
  });

  it('has the same placeholders for each key', () => {
    for (const [key, text] of zh) expect(placeholders(en.get(key) ?? ''), key).toEqual(placeholders(text));
  });

  it('has no empty words', () => {
    for (const [key, text] of [...zh, ...en]) expect(text.trim(), key).not.toBe('');
  });

  it('has no Chinese in the English, and no quotation marks that a Chinese font draws wide', () => {
    const ownNames: readonly string[] = Object.values(endonyms);
    for (const [key, text] of en) {
      // A language is called by its own name everywhere.
      if (ownNames.includes(text)) continue;
      expect(text, key).not.toMatch(han);
      expect(text, key).not.toMatch(/[‘’“”，。、：；！？]/);
    }
  });

  it('does not shout', () => {
    for (const [key, text] of [...zh, ...en]) expect(text, key).not.toMatch(/[!！]/);
  });
});

describe('the words for errors', () => {
  it('say what happened, what is safe and what to do for every kind', async () => {
    const { zh } = await load('ui');
    for (const kind of errorKinds) {
      for (const part of ['what', 'safe', 'do']) expect(zh.get(`errors.${kind}.${part}`), kind).toBeTruthy();
    }
  });
});

/** Source without comments. */
function code(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1');
}

describe('the sources of the windows', () => {
  const files = globSync('**/*.tsx', { cwd: renderer }).map((file) => join(renderer, file));

  it('hold no Chinese outside the catalogues', () => {
    const found = files.filter((file) => han.test(code(file)));
    expect(found).toEqual([]);
  });

  it('hold no English sentence as text of an element or as a name that is read out', () => {
    const text = />\s*([A-Z][a-z]+(?: [a-z]+)+[^<>{}=;()]*)</g;
    const attribute = /\b(?:aria-label|title|placeholder|alt|label)="[^"]*[A-Za-z]{2}[^"]*"/g;
    const found = files.flatMap((file) => {
      const source = code(file);
      return [...(source.match(text) ?? []), ...(source.match(attribute) ?? [])].map(
        (hit) => `${file}: ${hit}`,
      );
    });
    expect(found).toEqual([]);
  });

  it('use only keys that a catalogue has', async () => {
    const common = (await load('ui')).zh;
    for (const name of catalogues.filter((catalogue) => catalogue !== 'ui')) {
      const own = (await load(name)).zh;
      for (const file of globSync('**/*.{ts,tsx}', { cwd: join(renderer, name) })) {
        if (file.startsWith('i18n')) continue;
        for (const [, key = ''] of code(join(renderer, name, file)).matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
          expect(own.has(key) || common.has(key), `${name}/${file}: ${key}`).toBe(true);
        }
      }
    }
  });
});
