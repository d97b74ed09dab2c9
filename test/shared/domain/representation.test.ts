import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageOn, birthDay, checkDigit } from '../../../shared/domain/identity-number.ts';
import { grantsOffered, representationProblem, signerRule } from '../../../shared/domain/policy.ts';
import {
  documentKinds,
  documentSchema,
  type Representation,
  representationKinds,
  representationSchema,
  representativeKinds,
} from '../../../shared/domain/representation.ts';
import { purposes } from '../../../shared/domain/scope.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const policy = demoPolicy(0);
const noted = (kinds: readonly (typeof documentKinds)[number][]) =>
  kinds.map((kind) => ({ kind, reference: '编号-1' }));
const anyRepresentation: fc.Arbitrary<Representation> = fc.oneof(
  fc.constant<Representation>({ kind: 'self' }),
  fc.record({
    kind: fc.constantFrom(...representativeKinds),
    name: fc.constant('陈晓'),
    documents: fc.subarray([...documentKinds], { minLength: 1 }).map(noted),
  }),
);

describe('who may sign', () => {
  it('only who shows exactly the papers, with a purpose of theirs: anything else is denied', () => {
    fc.assert(
      fc.property(anyRepresentation, fc.constantFrom(...purposes), (representation, purpose) => {
        const rule = signerRule(policy, representation.kind);
        const papers = representation.kind === 'self' ? [] : representation.documents.map(({ kind }) => kind);
        const allowed =
          rule !== undefined &&
          [...papers].sort().join() === [...rule.documents].sort().join() &&
          rule.purposes.includes(purpose);
        expect(representationProblem(policy, representation, { purpose }) === undefined).toBe(allowed);
      }),
      { numRuns: 1_000 },
    );
  });
  it('nobody but the subject where the policy lists nobody', () => {
    const strict = { ...policy, representatives: [] };
    for (const kind of representationKinds) {
      expect(signerRule(strict, kind) !== undefined).toBe(kind === 'self');
      expect(grantsOffered(strict, kind).length > 0).toBe(kind === 'self');
    }
  });
});

describe('papers and names', () => {
  it.each([
    '110105199912310021',
    '1101 0519 9912 3100',
    '13900010001',
    'x',
    '\nabc',
    '<script>',
    'a'.repeat(41),
  ])('%j is no reference', (reference) => {
    expect(documentSchema.safeParse({ kind: 'identity-card', reference }).success).toBe(false);
  });
  it.each(['002X', '公证字（2026）77 号', 'A-12/3'])('%j is one', (reference) => {
    expect(documentSchema.safeParse({ kind: 'kinship-proof', reference }).success).toBe(true);
  });
  it('a paper noted twice is refused, and so is a name with digits', () => {
    const representation = {
      kind: 'agent',
      name: '陈晓',
      documents: noted(['identity-card', 'identity-card']),
    };
    expect(representationSchema.safeParse(representation).success).toBe(false);
    expect(
      representationSchema.safeParse({ ...representation, name: '陈1', documents: noted(['identity-card']) })
        .success,
    ).toBe(false);
  });
  it.each([
    ['𠮷田', true],
    ['田\ud842', false],
    ['\udfb7田', false],
  ])('%j is a name: %s', (name, isOne) => {
    const representation = { kind: 'agent', name, documents: noted(['identity-card']) };
    expect(representationSchema.safeParse(representation).success).toBe(isOne);
  });
});

describe('identity numbers', () => {
  const day = fc.date({ min: new Date('1930-01-01'), max: new Date('2026-01-01'), noInvalidDate: true });
  const number = fc.tuple(day, fc.integer({ min: 0, max: 999 })).map(([born, order]) => {
    const stem = `999999${born.toISOString().slice(0, 10).replaceAll('-', '')}${String(order).padStart(3, '0')}`;
    return { text: stem + checkDigit(stem), born: born.toISOString().slice(0, 10) };
  });
  it('say the day of birth; one changed digit is noticed', () => {
    fc.assert(
      fc.property(number, fc.nat(16), fc.integer({ min: 1, max: 9 }), ({ text, born }, at, by) => {
        expect(birthDay(text)).toBe(born);
        const digit = (Number(text[at]) + by) % 10;
        expect(birthDay(text.slice(0, at) + digit + text.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });
  it('a published example, and what is none', () => {
    // GB 11643-1999, annex A.
    expect(birthDay('11010519491231002X')).toBe('1949-12-31');
    expect(birthDay('440524188001010014')).toBe('1880-01-01');
    expect(birthDay('110105199902310020')).toBeUndefined();
    expect(birthDay('')).toBeUndefined();
  });
  it('a birthday counts from its day on', () => {
    expect(ageOn('2012-11-22', '2026-11-21')).toBe(13);
    expect(ageOn('2012-11-22', '2026-11-22')).toBe(14);
  });
});
