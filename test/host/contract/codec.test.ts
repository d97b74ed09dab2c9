import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodec } from '../worlds/codec.ts';

const codec = createCodec();
const there = (value: unknown): unknown => codec.decode(codec.encode(value));

describe('the codec carries what structured clone carries', () => {
  it('any plain value', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: false,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(there(value)).toEqual(structuredClone(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('cycles and shared parts', () => {
    const shared = { n: 1 };
    const value: Record<string, unknown> = { a: shared, b: shared, list: [shared] };
    value.self = value;
    const back = there(value) as typeof value;
    expect(back.self).toBe(back);
    expect(back.a).toBe(back.b);
    expect((back.list as unknown[])[0]).toBe(back.a);
  });

  it('errors by kind and message, and their cause', () => {
    const back = there(new RangeError('too far', { cause: new TypeError('why') })) as Error;
    expect(back).toBeInstanceOf(RangeError);
    expect(back.message).toBe('too far');
    expect((back.cause as Error).name).toBe('TypeError');
  });

  it('values that look like its own tags', () => {
    for (const value of [['u'], ['ref', 0], [['o', []]], { tag: ['b', 'AAAA'] }])
      expect(there(value)).toEqual(value);
  });

  it("a key '__proto__' as a key", () => {
    const back = there(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(Object.keys(back)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(back.polluted).toBeUndefined();
  });

  it('bytes without what lies beside them', () => {
    const whole = new Uint8Array([1, 2, 3, 4, 5]);
    const back = there(whole.subarray(1, 3)) as Uint8Array;
    expect([...back]).toEqual([2, 3]);
    expect(back.buffer.byteLength).toBe(2);
  });
});

describe('the codec refuses', () => {
  it.each([
    ['a function', () => undefined],
    ['a symbol', Symbol('s')],
    ['a promise', Promise.resolve()],
    ['a weak map', new WeakMap()],
    ['a function inside', { deep: [() => undefined] }],
  ])('%s', (_name, value) => {
    expect(() => codec.encode(value)).toThrow('An object could not be cloned.');
  });

  it.each(['{}', '["x"]', '["ref",3]', '["v","constructor",""]', '["v","__proto__",""]'])(
    'the text %s',
    (text) => {
      expect(() => codec.decode(text)).toThrow();
    },
  );
});
