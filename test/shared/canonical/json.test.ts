import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { hashOf, sha256Hex, sha256Sync } from '../../../shared/canonical/hash.ts';
import { CanonicalJsonError, canonicalBytes, canonicalJson } from '../../../shared/canonical/json.ts';

// Published test data of RFC 8785 (cyberphone/json-canonicalization, testdata).
const JCS: readonly (readonly [string, string, string])[] = [
  ['arrays', '[56,{"d":true,"10":null,"1":[ ]}]', '[56,{"1":[],"10":null,"d":true}]'],
  [
    'french',
    '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}',
    '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ingnore locale"}',
  ],
  [
    'structures',
    '{"1":{"f":{"f":"hi","F":5},"\\n":56.0},"10":{},"":"empty","a":{},"111":[{}],"A":{}}',
    '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
  ],
  ['unicode', '{"Unnormalized Unicode":"\\u1e0d\\u0307"}', '{"Unnormalized Unicode":"\u1e0d\u0307"}'],
  [
    'values',
    '{"numbers":[1E30,4.50,333333333.33333329,2e-3,0.000000000000000000000000001],"escaping":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    '{"escaping":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","literals":[null,true,false],"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}',
  ],
  [
    'weird',
    '{"\\u20ac":"Euro Sign","1":"One","\\u0080":"Control\\u007f","\\ud83d\\ude02":"Smiley","\\u00f6":"Latin Small Letter O With Diaeresis","\\ufb33":"Hebrew Letter Dalet With Dagesh","</script>":"Browser Challenge"}',
    '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😂":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
  [
    'the sorting example of section 3.2.3',
    '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis","</script>":"Browser Challenge"}',
    '{"\\r":"Carriage Return","1":"One","</script>":"Browser Challenge","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
];

// RFC 8785 appendix B: IEEE 754 bits and their text.
const NUMBERS: readonly (readonly [string, string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

function numberOf(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

describe('canonical JSON', () => {
  it.each(JCS)('makes the published output of %s', (_, input, output) => {
    expect(canonicalJson(JSON.parse(input))).toBe(output);
  });

  it.each(NUMBERS)('writes the number %s as %s', (bits, text) => {
    expect(canonicalJson(numberOf(bits))).toBe(text);
  });

  it('says the same whatever the order of the members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
        const backwards = Object.fromEntries(Object.entries(value).reverse());
        let text: string;
        try {
          text = canonicalJson(value);
        } catch (error) {
          // Only for a lone surrogate somewhere inside, and then in either order.
          expect(error).toMatchObject({ kind: 'lone-surrogate' });
          expect(() => canonicalJson(backwards)).toThrow(CanonicalJsonError);
          return;
        }
        expect(canonicalJson(backwards)).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes plain objects of another realm and objects without a prototype', () => {
    expect(canonicalJson(runInNewContext('({ b: [1], a: null })'))).toBe('{"a":null,"b":[1]}');
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  it('writes a member called __proto__ as any other', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  class Money {
    readonly amount = 1;
  }
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const holes: unknown[] = [1];
  holes[2] = 3;
  const deep = JSON.parse('['.repeat(100) + ']'.repeat(100)) as unknown;
  it.each<[string, unknown, CanonicalJsonError['kind'], string]>([
    ['undefined', undefined, 'not-json', ''],
    ['an undefined member', { a: { 'b/~': undefined } }, 'not-json', '/a/b~1~0'],
    ['a function', { f: () => 1 }, 'not-json', '/f'],
    ['a symbol', [Symbol('s')], 'not-json', '/0'],
    ['a bigint', [0, 1n], 'not-json', '/1'],
    ['NaN', { a: Number.NaN }, 'not-finite', '/a'],
    ['an infinity', [Number.NEGATIVE_INFINITY], 'not-finite', '/0'],
    ['a lone surrogate', { a: '\uD83D' }, 'lone-surrogate', '/a'],
    ['a lone surrogate in a name', { a: { '\uDC00': 1 } }, 'lone-surrogate', '/a'],
    ['a Date', { at: new Date(0) }, 'not-plain', '/at'],
    ['a Map', new Map(), 'not-plain', ''],
    ['bytes', new Uint8Array(1), 'not-plain', ''],
    ['a class instance', new Money(), 'not-plain', ''],
    ['a boxed number', Object(1), 'not-plain', ''],
    ['a sparse array', holes, 'not-plain', ''],
    ['an array with a name', Object.assign([1], { x: 1 }), 'not-plain', ''],
    ['a symbol member', { [Symbol('s')]: 1 }, 'not-plain', ''],
    ['toJSON', { toJSON: () => 1 }, 'not-plain', ''],
    ['a getter', Object.defineProperty({}, 'g', { enumerable: true, get: () => 1 }), 'not-plain', '/g'],
    ['a cycle', cycle, 'circular', '/self'],
    ['too deep a value', deep, 'too-deep', '/0'.repeat(64)],
  ])('refuses %s', (_, value, kind, path) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ kind, path }));
    expect(() => canonicalJson(value)).toThrow(CanonicalJsonError);
  });

  it('tells no value in its error', () => {
    expect(() => canonicalJson({ text: '密码是 1234\uD800' })).toThrow(
      /^canonical JSON refused: lone-surrogate at '\/text'$/,
    );
  });
});

describe('hashes', () => {
  // FIPS 180-4 example: 'abc'.
  const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('agree with the published digest, at once and through Web Crypto', async () => {
    expect(await sha256Hex(utf8('abc'))).toBe(ABC);
    expect(toHex(sha256Sync(utf8('abc')))).toBe(ABC);
  });

  it('of a document are over its canonical bytes', async () => {
    expect(await hashOf({ b: 1, a: '知情' })).toBe(await sha256Hex(utf8('{"a":"知情","b":1}')));
    expect(await hashOf({ a: 1 })).toBe(await sha256Hex(canonicalBytes({ a: 1 })));
  });
});
