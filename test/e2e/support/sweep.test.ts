import { expect, test } from 'vitest';
import { stringsWith } from './sweep.ts';

const TYPES = ['object', 'string', 'number'];

/** A snapshot of an object, a number and strings; who points to each of them. */
function snapshotOf(
  strings: readonly (readonly [text: string, by: readonly ('object' | 'number')[]])[],
): string {
  const fields = ['type', 'name', 'edge_count'];
  const pointed = (owner: 'object' | 'number') =>
    strings.flatMap(([, by], i) => (by.includes(owner) ? [0, 0, (2 + i) * fields.length] : []));
  const [object, number] = [pointed('object'), pointed('number')];
  return JSON.stringify({
    snapshot: {
      meta: {
        node_fields: fields,
        node_types: [TYPES, 'string', 'number'],
        edge_fields: ['type', 'name_or_index', 'to_node'],
      },
    },
    nodes: [
      ...[0, 0, object.length / 3],
      ...[2, 1, number.length / 3],
      ...strings.flatMap((_, i) => [1, 2 + i, 0]),
    ],
    edges: [...object, ...number],
    strings: ['Object', 'int', ...strings.map(([text]) => text)],
  });
}

test('a word is found in every string but those that spell a number of the snapshot’s own', () => {
  const snapshot = snapshotOf([
    ['code 123456', ['object']],
    ['123456', ['number']],
    ['other', ['object']],
    // Nobody points to it: a name of something.
    ['named123456', []],
  ]);
  expect(stringsWith(snapshot, ['123456'])).toEqual(['code 123456', 'named123456']);
  expect(stringsWith(snapshot, ['other', 'Object'])).toEqual(['Object', 'other']);
});

test('what is a number and a string is a string', () => {
  expect(stringsWith(snapshotOf([['123456', ['number', 'object']]]), ['123456'])).toEqual(['123456']);
});
