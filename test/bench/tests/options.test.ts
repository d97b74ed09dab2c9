import { describe, expect, test } from 'vitest';
import { parts, readOptions, UsageError } from '../options.ts';
import { peerNames } from '../peers/names.ts';

describe('the command line of the bench', () => {
  test('everything by default', () => {
    expect(readOptions([])).toMatchObject({ quick: false, rounds: 3, parts, peers: peerNames });
    expect(readOptions([]).out).toMatch(/out[/\\]bench\.json$/);
  });

  test('the short form has fewer peers and parts, and each can be named', () => {
    expect(readOptions(['--quick'])).toMatchObject({
      quick: true,
      peers: ['dexie', 'sqlite3mc'],
      parts: ['store', 'typing'],
    });
    expect(readOptions(['--peers', 'sqlite,dexie', '--rounds', '5', '--parts', 'store,app'])).toMatchObject({
      peers: ['sqlite', 'dexie'],
      rounds: 5,
      parts: ['store', 'app'],
    });
  });

  test.each([
    [['--slow'], '--slow'],
    [['fast'], 'fast'],
    [['--rounds', '0'], '--rounds'],
    [['--rounds', 'two'], '--rounds'],
    [['--peers', 'dexie,mongo'], "'mongo'"],
    [['--parts', 'everything'], "'everything'"],
    [['--peers', 'sqlite'], 'dexie'],
    [['--parts', 'app'], 'store'],
  ])('what is wrong is named: %o', (args, named) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(named);
  });
});
