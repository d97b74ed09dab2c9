import { describe, expect, test } from 'vitest';
import { fetchFrom } from '../../../renderer/cache/page-source.ts';
import { appError } from '../../../shared/domain/errors.ts';
import { expectFailure } from './sealed-lookup.ts';

const never = new AbortController().signal;
const ask = (answer: () => Response | Promise<Response>, signal = never) =>
  fetchFrom('https://counter.example', async () => answer())(
    'an-id',
    [{ layer: 'content', first: 7, last: 7 }],
    signal,
  );

describe('pages from the core', () => {
  test('asks this origin for a run of pages, and keeps it out of the browser cache', async () => {
    const asked: unknown[] = [];
    const get = fetchFrom('https://counter.example', async (input, init) => {
      asked.push(String(input), init?.cache, init?.redirect);
      return new Response(new Uint8Array([1, 2, 3]));
    });
    expect(await get('an-id', [{ layer: 'metadata', first: 0, last: 3 }], never)).toEqual(
      new Uint8Array([1, 2, 3]),
    );
    expect(asked).toEqual(['https://counter.example/sealed/an-id/metadata/0-3', 'no-store', 'error']);
  });

  test('asks for both layers in one address', async () => {
    const asked: string[] = [];
    const get = fetchFrom('https://counter.example', async (input) => {
      asked.push(String(input));
      return new Response(new Uint8Array([1, 2, 3]));
    });
    const runs = [
      { layer: 'metadata', first: 0, last: 3 },
      { layer: 'content', first: 3, last: 3 },
    ] as const;
    expect(await get('an-id', runs, never)).toEqual(new Uint8Array([1, 2, 3]));
    expect(asked).toEqual(['https://counter.example/sealed/an-id/metadata/0-3/content/3']);
  });

  test('an answer that says why is believed for its kind', async () => {
    const said = () => Response.json(appError('consent-expired', { detail: 'x' }), { status: 403 });
    await expectFailure(ask(said), 'consent-expired');
  });

  test.each([
    [401, 'central-refused'],
    [403, 'central-refused'],
    [404, 'records-incomplete'],
    [410, 'central-refused'],
    [500, 'central-failed'],
    [502, 'central-failed'],
    [503, 'central-unreachable'],
    [504, 'central-unreachable'],
  ] as const)('status %i without a reason: %s', async (status, kind) => {
    await expectFailure(
      ask(() => new Response('<html>', { status })),
      kind,
    );
  });

  test('no answer', async () => {
    await expectFailure(
      ask(() => Promise.reject(new TypeError('Failed to fetch'))),
      'central-unreachable',
    );
    await expectFailure(
      ask(() => Promise.reject(new DOMException('', 'AbortError')), AbortSignal.abort()),
      'wrong-state',
    );
  });
});
