/**
 * Expected failures as typed data. Whatever crosses a boundary (IPC, HTTP, worker) fails with one of
 * these kinds, never with a thrown message: the UI turns the kind into words in both languages.
 */
import { z } from 'zod';

/** Every expected failure of the product. The code beside a kind is what a clerk reads out to IT. */
export const errorCodes = {
  'bad-input': 'ZQ-1001',
  'wrong-state': 'ZQ-1002',
  forbidden: 'ZQ-1003',
  'not-signed-in': 'ZQ-1101',
  'sign-in-refused': 'ZQ-1102',
  'pin-refused': 'ZQ-1103',
  'too-many-tries': 'ZQ-1104',
  'staff-session-expired': 'ZQ-1105',
  'central-unreachable': 'ZQ-2001',
  'central-refused': 'ZQ-2002',
  'central-failed': 'ZQ-2003',
  'central-garbage': 'ZQ-2004',
  'central-untrusted': 'ZQ-2005',
  'not-enrolled': 'ZQ-2006',
  'unknown-subscriber': 'ZQ-3001',
  'identity-failed': 'ZQ-3002',
  'code-expired': 'ZQ-3003',
  'identity-expired': 'ZQ-3004',
  'period-too-long': 'ZQ-3101',
  'period-not-valid': 'ZQ-3102',
  'policy-changed': 'ZQ-3103',
  'policy-expired': 'ZQ-3104',
  'representation-refused': 'ZQ-3105',
  'consent-required': 'ZQ-3201',
  'consent-rejected': 'ZQ-3202',
  'consent-expired': 'ZQ-3203',
  'scope-exceeded': 'ZQ-3204',
  'signature-empty': 'ZQ-3205',
  'witness-refused': 'ZQ-3207',
  'withdrawal-code-unknown': 'ZQ-3206',
  'manifest-rejected': 'ZQ-3301',
  'records-incomplete': 'ZQ-3302',
  'page-unreadable': 'ZQ-3303',
  'not-released': 'ZQ-3304',
  'held-damaged': 'ZQ-3305',
  'held-ended': 'ZQ-3306',
  'report-failed': 'ZQ-3401',
  'save-failed': 'ZQ-3402',
  'audit-failed': 'ZQ-4001',
  'storage-failed': 'ZQ-4002',
  'erase-failed': 'ZQ-4003',
  internal: 'ZQ-9001',
} as const;

export type ErrorKind = keyof typeof errorCodes;
export const errorKinds = Object.keys(errorCodes) as [ErrorKind, ...ErrorKind[]];

/** A failure as data. `retry` says whether trying the same thing again can help. */
export const appErrorSchema = z.strictObject({
  kind: z.enum(errorKinds),
  code: z.string(),
  retry: z.boolean(),
  /** Tries left, where tries are limited. */
  triesLeft: z.number().int().min(0).optional(),
  /** For IT, never for eyes at the counter: names a field or a status, never a value of a customer. */
  detail: z.string().max(300).optional(),
});
export type AppError = z.infer<typeof appErrorSchema>;

const retryable: ReadonlySet<ErrorKind> = new Set([
  'central-unreachable',
  'central-failed',
  'central-garbage',
  'report-failed',
  'save-failed',
  'storage-failed',
  'erase-failed',
  'code-expired',
  'identity-failed',
  'pin-refused',
  'sign-in-refused',
  'withdrawal-code-unknown',
]);

/** Builds an {@link AppError}; the code and whether a retry helps follow from the kind. */
export function appError(kind: ErrorKind, extra: { detail?: string; triesLeft?: number } = {}): AppError {
  return { kind, code: errorCodes[kind], retry: retryable.has(kind), ...extra };
}

/** An {@link AppError} on its way up through code that throws. Only gateways catch it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly error: AppError;
  constructor(kind: ErrorKind, extra: { detail?: string; triesLeft?: number } = {}) {
    // SECURITY: S12 the message is the kind and a field name, nothing of a customer.
    super(extra.detail ? `${kind}: ${extra.detail}` : kind);
    this.error = appError(kind, extra);
  }
}

/** What anything thrown means at a boundary. What is not a {@link Failure} is `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof Failure) return thrown.error;
  // SECURITY: S12 an unexpected error's message may quote data: only its class name goes on.
  return appError('internal', { detail: thrown instanceof Error ? thrown.name : typeof thrown });
}

/** The outcome of a call across a boundary. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: AppError };

/** For the default branch of a switch over a union: a compile error when a case is missing. */
export function assertNever(value: never): never {
  throw new Failure('internal', { detail: `unreachable case ${typeof value}` });
}
