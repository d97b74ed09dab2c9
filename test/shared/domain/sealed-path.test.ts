import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layerSchema } from '../../../shared/domain/lookup.ts';
import { RUN_PAGES } from '../../../shared/domain/page-run.ts';
import { parseSealedPath, sealedPath } from '../../../shared/domain/sealed-path.ts';

const LOOKUP = '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d01';

describe('paths of sealed pages', () => {
  it('are read back as they were written: of one layer, or of both in either order', () => {
    const run = fc
      .tuple(fc.integer({ min: 0, max: 9_999_000 }), fc.integer({ min: 0, max: RUN_PAGES - 1 }))
      .map(([first, more]) => ({ first, last: first + more }));
    const layers = fc.shuffledSubarray([...layerSchema.options], { minLength: 1 });
    const pages = fc.tuple(fc.uuid(), layers, run, run).map(([lookupId, names, ...runs]) => ({
      lookupId,
      runs: names.map((layer, i) => ({ layer, ...(runs[i] ?? runs[0]) })),
    }));
    fc.assert(
      fc.property(pages, (one) => {
        expect(parseSealedPath(sealedPath(one))).toEqual(one);
      }),
      { numRuns: 1_000 },
    );
  });
  it.each([
    '',
    'metadata',
    'metadata/',
    'metadata/01',
    'metadata/0-128',
    'secret/0',
    'metadata/0/',
    'metadata/0/content',
    'metadata/0/content/',
    'metadata/0/content/4-3',
    'metadata/0/secret/0',
    'secret/0/content/0',
    'metadata/0/metadata/1',
    'metadata/0/content/0/metadata/1',
    'metadata/0//content/0',
  ])('are no other: %s', (rest) => expect(parseSealedPath(`/sealed/${LOOKUP}/${rest}`)).toBeUndefined());
  it.each([
    `/sealed/x/metadata/0`,
    `/SEALED/${LOOKUP}/metadata/0`,
    `/sealed/${LOOKUP.toUpperCase()}/metadata/0`,
  ])('begin in no other way: %s', (path) => expect(parseSealedPath(path)).toBeUndefined());
});
