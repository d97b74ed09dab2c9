import { describe, expect, test } from 'vitest';
import { OptionError, readOptions } from '../options.ts';

describe('options', () => {
  test('have values of their own; the quick form is small', () => {
    expect(readOptions([])).toMatchObject({ counters: 1_000, processes: 2, database: undefined });
    expect(readOptions(['--quick']).counters).toBeLessThan(100);
    expect(
      readOptions(['--quick', '--counters', '7', '--minutes', '0.2', '--database', 'postgres://h/d']),
    ).toMatchObject({ counters: 7, minutes: 0.2, database: 'postgres://h/d' });
  });

  test.each([
    [['--counters', '0'], '--counters: 0 is no number from 1 to 5000'],
    [['--counters', '1.5'], '--counters: 1.5 is no whole number'],
    [['--counters', ''], '--counters:  is no number from 1 to 5000'],
    [['--minutes', 'ten'], '--minutes: ten is no number from 0.1 to 600'],
    [['--processes', '17'], '--processes: 17 is no number from 1 to 16'],
    [['--database', 'mysql://h/d'], '--database: not a postgres:// address'],
  ])('%j are refused', (args, message) => {
    expect(() => readOptions(args)).toThrow(new OptionError(message));
  });

  test.each([[['--counter', '5']], [['--counters']], [['more']]])('%j are refused, too', (args) => {
    expect(() => readOptions(args)).toThrow(OptionError);
  });
});
