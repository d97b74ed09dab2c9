/** Ways to sealed pages and reports that are not this window's. SECURITY: S4 S5 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Counter } from '../../e2e/support/counter.ts';
import { type Attack, gotThrough, type Refusal, refused, withoutEffect } from '../attack.ts';
import type { Window } from './tools.ts';

/** The lookup that lives, as both views name it. */
export async function lookupId(window: Window): Promise<string> {
  const view = await window.call('getView');
  const id: unknown =
    view.ok && typeof view.value === 'object' ? Reflect.get(view.value ?? {}, 'lookupId') : undefined;
  if (typeof id !== 'string') throw new Error('no lookup is open');
  return id;
}

/** Fetches an address of the plane and expects no page. */
export async function fetchRefused(window: Window, path: string, method = 'GET'): Promise<Refusal> {
  const [status, text] = await window.page.evaluate(
    async ([address, verb]) => {
      const answer = await fetch(address, { method: verb });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return [answer.status, answer.ok ? `${bytes.length} bytes` : new TextDecoder().decode(bytes)] as const;
    },
    [path, method] as const,
  );
  return status >= 400 ? refused(`HTTP ${status} ${text}`) : gotThrough(`HTTP ${status} ${text}`);
}

export function sealedReaches(counter: Counter, window: Window, state: () => Promise<string>): Attack[] {
  const staff = window.foothold === 'staff-renderer';
  const layer = staff ? 'metadata' : 'content';
  const paths: [string, (id: string) => string, string?][] = [
    ['page-of-another-lookup', () => `/sealed/${randomUUID()}/${layer}/0`],
    ['page-past-the-last', (id) => `/sealed/${id}/${layer}/4000`],
    ['page-minus-one', (id) => `/sealed/${id}/${layer}/-1`],
    ['page-with-a-second-spelling', (id) => `/sealed/${id}/${layer}/00`],
    ['page-of-no-layer', (id) => `/sealed/${id}/secret/0`],
    ['layer-named-like-a-property', (id) => `/sealed/${id}/constructor/0`],
    ['lookup-in-capitals', (id) => `/sealed/${id.toUpperCase()}/${layer}/0`],
    ['page-put', (id) => `/sealed/${id}/${layer}/0`, 'PUT'],
    ['report-of-nobody', () => `/report/${randomUUID()}.pdf`],
    ['list-of-pages', (id) => `/sealed/${id}/${layer}/`],
    ...(staff
      ? ([
          ['content-page', (id) => `/sealed/${id}/content/0`],
          ['content-page-behind-metadata', (id) => `/sealed/${id}/metadata/0/content/0`],
          ['content-page-before-metadata', (id) => `/sealed/${id}/content/0/metadata/0`],
          ['content-page-through-metadata', (id) => `/sealed/${id}/metadata/../content/0`],
          ['content-page-escaped', (id) => `/sealed/${id}/%63ontent/0`],
        ] satisfies [string, (id: string) => string][])
      : []),
  ];
  return paths.map(([name, path, method]) => ({
    id: `sealed/${name}`,
    foothold: window.foothold,
    rule: staff ? 'S4' : 'S5',
    try: () =>
      withoutEffect(
        async () => `${await state()} pages ${await pagesGiven(counter)}`,
        async () => fetchRefused(window, path(await lookupId(window)), method),
      ),
  }));
}

/** How many sealed pages central has given out. */
export async function pagesGiven(counter: Counter): Promise<number> {
  const log = await readFile(counter.central.logPath, 'utf8');
  return log.split('\n').filter((line) => line.includes('/pages/') && line.includes('"status":200')).length;
}
