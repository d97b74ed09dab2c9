import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventParser } from '../../../electron/central/event-stream.ts';
import { Failure } from '../../../shared/domain/errors.ts';

describe('events as they arrive', () => {
  it('are whole, with their number; comments are nothing', () => {
    const parser = new EventParser();
    expect(parser.push(': beat\n\nid: 4\nevent: change\nda')).toEqual([]);
    expect(parser.push('ta: {"a":1}\ndata: 2\n\n: beat\n\n')).toEqual([
      { id: '4', type: 'change', data: '{"a":1}\n2' },
    ]);
  });

  it('are the same however the bytes are cut', () => {
    const text = 'id: 1\r\ndata: 甲\r\n\r\n: x\n\nid:2\ndata:乙\ndata\n\ndata: c\r\r';
    const whole = new EventParser().push(`${text}\n`);
    expect(whole.map(({ data }) => data)).toEqual(['甲', '乙\n', 'c']);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const parser = new EventParser();
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const found = at.slice(1).flatMap((end, i) => parser.push(text.slice(at[i], end)));
        expect([...found, ...parser.push('\n')]).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  it('never grow without end', () => {
    const parser = new EventParser();
    expect(() => {
      for (let i = 0; i < 300; i++) parser.push(`data: ${'x'.repeat(1024)}\n`);
    }).toThrow(Failure);
  });
});
