import { describe, expect, it } from 'vitest';
import {
  appError,
  appErrorSchema,
  errorCodes,
  errorKinds,
  Failure,
  toAppError,
} from '../../../shared/domain/errors.ts';
import { problem, problemSchema, problemToError } from '../../../shared/protocol/problem.ts';

describe('errors as data', () => {
  it('every kind has a code of its own', () => {
    expect(new Set(Object.values(errorCodes)).size).toBe(errorKinds.length);
    for (const kind of errorKinds) expect(appErrorSchema.safeParse(appError(kind)).success).toBe(true);
  });

  it('a failure keeps its kind on the way up', () => {
    expect(toAppError(new Failure('too-many-tries', { triesLeft: 0 }))).toEqual({
      kind: 'too-many-tries',
      code: 'ZQ-1104',
      retry: false,
      triesLeft: 0,
    });
  });

  it('an unexpected error gives away its class and nothing else', () => {
    const error = toAppError(new TypeError('cannot read 13900010001 of undefined'));
    expect(error).toMatchObject({ kind: 'internal', detail: 'TypeError' });
    expect(JSON.stringify(error)).not.toContain('13900010001');
    expect(toAppError('13900010001')).toMatchObject({ kind: 'internal', detail: 'string' });
  });

  it('problems and errors say the same', () => {
    for (const kind of errorKinds) {
      const doc = problem(kind, { triesLeft: 2 });
      expect(problemSchema.safeParse(doc).success).toBe(true);
      const error = problemToError(doc);
      expect(error.kind).toBe(kind === 'internal' ? 'central-failed' : kind);
      expect(error.triesLeft).toBe(2);
    }
  });
});
