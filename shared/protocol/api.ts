/**
 * The central service's API as one object. The counter's client, the reference service's routes and the
 * OpenAPI document all derive from it.
 */
import type { z } from 'zod';
import { changesAnswerSchema, changesQuerySchema } from './changes.ts';
import * as doc from './documents.ts';
import * as withdrawals from './withdrawals.ts';

export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT';
  /** Path with `{name}` parameters. */
  path: string;
  summary: string;
  /** Whether a staff token (`Authorization: Bearer`) is needed besides the counter's certificate. */
  staff: boolean;
  request: z.ZodType | undefined;
  /** `undefined` for sealed bytes (application/octet-stream). */
  response: z.ZodType | undefined;
  /** Query parameters, where there are any. */
  query?: z.ZodObject;
  /** Answered as Server-Sent Events to who accepts `text/event-stream`. */
  events?: boolean;
}

export const api = {
  status: {
    method: 'GET',
    path: '/v1/status',
    summary: 'An authenticated answer: central time and the policy version in force',
    staff: false,
    request: undefined,
    response: doc.statusSchema,
  },
  signIn: {
    method: 'POST',
    path: '/v1/staff/sign-in',
    summary: 'Signs a member of staff in at this counter; limited tries',
    staff: false,
    request: doc.signInRequestSchema,
    response: doc.signInAnswerSchema,
  },
  signOut: {
    method: 'POST',
    path: '/v1/staff/sign-out',
    summary: 'Ends the staff token',
    staff: true,
    request: doc.emptySchema,
    response: doc.emptySchema,
  },
  policy: {
    method: 'GET',
    path: '/v1/policy',
    summary: 'Policy and notice in force, signed',
    staff: false,
    request: undefined,
    response: doc.signedPolicySchema,
  },
  challenge: {
    method: 'POST',
    path: '/v1/identity/challenges',
    summary: 'Starts an identity check: sends the one-time code to the number; a new one ends the one before',
    staff: true,
    request: doc.challengeRequestSchema,
    response: doc.challengeAnswerSchema,
  },
  prove: {
    method: 'POST',
    path: '/v1/identity/challenges/{challengeId}/proofs',
    summary: 'Checks the proofs of the subject; limited tries over all challenges of a number',
    staff: true,
    request: doc.proofsSchema,
    response: doc.identityAssertionSchema,
  },
  accesses: {
    method: 'POST',
    path: '/v1/identity/assertions/{assertionId}/accesses',
    summary: 'Who looked at the subject, refused attempts included: for the subject, while the check counts',
    staff: true,
    request: doc.accessesRequestSchema,
    response: doc.accessesAnswerSchema,
  },
  attest: {
    method: 'POST',
    path: '/v1/staff/attestations',
    summary: 'A second member of staff confirms a mark or a representative; limited tries',
    staff: true,
    request: doc.attestRequestSchema,
    response: doc.attestAnswerSchema,
  },
  submitConsent: {
    method: 'PUT',
    path: '/v1/consents/{consentId}',
    summary: 'Checks, countersigns and stores a consent; the same bytes again answer the same',
    staff: true,
    request: doc.consentSubmissionSchema,
    response: doc.signedAcceptanceSchema,
  },
  endConsent: {
    method: 'POST',
    path: '/v1/consents/{consentId}/end',
    summary: 'Ends a consent for good; idempotent',
    staff: false,
    request: doc.consentEndSchema,
    response: doc.emptySchema,
  },
  reopenHeld: {
    method: 'POST',
    path: '/v1/consents/{consentId}/reopen',
    summary: 'Whether what this counter keeps under a consent may be opened again, after an identity check',
    staff: true,
    request: withdrawals.reopenHeldRequestSchema,
    response: withdrawals.reopenHeldAnswerSchema,
  },
  standingConsents: {
    method: 'POST',
    path: '/v1/withdrawals/consents',
    summary: 'Consents that can be taken back with a receipt code or in person; limited tries at codes',
    staff: false,
    request: withdrawals.standingConsentsRequestSchema,
    response: withdrawals.standingConsentsAnswerSchema,
  },
  withdraw: {
    method: 'POST',
    path: '/v1/withdrawals',
    summary: 'Takes back a consent or purposes of it, for good; idempotent',
    staff: false,
    request: withdrawals.withdrawalRequestSchema,
    response: withdrawals.withdrawalAnswerSchema,
  },
  withdrawalState: {
    method: 'GET',
    path: '/v1/withdrawals/{withdrawalId}',
    summary: 'A withdrawal that this counter sent in, and whether the keys are gone by now',
    staff: false,
    request: undefined,
    response: withdrawals.withdrawalAnswerSchema,
  },
  reportErasure: {
    method: 'PUT',
    path: '/v1/erasures/{consentId}',
    summary: "A counter's signed evidence that the keys of a consent are destroyed; idempotent",
    staff: false,
    request: withdrawals.erasureSubmissionSchema,
    response: doc.emptySchema,
  },
  changes: {
    method: 'GET',
    path: '/v1/changes',
    summary: "This counter's changes after a number: at once, by long poll, or as Server-Sent Events",
    staff: false,
    request: undefined,
    response: changesAnswerSchema,
    query: changesQuerySchema,
    events: true,
  },
  lookup: {
    method: 'POST',
    path: '/v1/lookups',
    summary: 'Looks up records under a consent: signed manifest and wrapped layer secrets',
    staff: true,
    request: doc.lookupRequestSchema,
    response: doc.lookupAnswerSchema,
  },
  page: {
    method: 'GET',
    path: '/v1/lookups/{lookupId}/pages/{layer}/{pages}',
    summary:
      'Sealed pages of a lookup, one behind the other: a page number, or the first and last of up to 128',
    staff: true,
    request: undefined,
    response: undefined,
  },
  audit: {
    method: 'POST',
    path: '/v1/audit',
    summary: "Appends to this counter's audit chain; entries already held are skipped",
    staff: false,
    request: doc.auditBatchSchema,
    response: doc.auditHeadSchema,
  },
  auditHead: {
    method: 'GET',
    path: '/v1/audit/head',
    summary: "Head of this counter's audit chain as central holds it",
    staff: false,
    request: undefined,
    response: doc.auditHeadSchema,
  },
  auditWitness: {
    method: 'GET',
    path: '/v1/audit/witness',
    summary: "Keys that central cosigns counters' checkpoints and signs its own log with",
    staff: false,
    request: undefined,
    response: doc.signedWitnessSchema,
  },
  auditCheckpoint: {
    method: 'POST',
    path: '/v1/audit/checkpoints',
    summary: "Cosigns a checkpoint of this counter's audit tree; answers with proofs from central's own log",
    staff: false,
    request: doc.auditCheckpointRequestSchema,
    response: doc.auditCheckpointAnswerSchema,
  },
  recordCase: {
    method: 'PUT',
    path: '/v1/cases/{caseId}',
    summary: 'Stores a row of the day list; idempotent',
    staff: false,
    request: doc.caseSubmissionSchema,
    response: doc.emptySchema,
  },
  dayCases: {
    method: 'GET',
    path: '/v1/cases/days/{day}',
    summary: "Rows of this counter's day list of a day, for a counter whose own list is damaged",
    staff: false,
    request: undefined,
    response: doc.dayCasesSchema,
  },
} as const satisfies Record<string, Endpoint>;

export type ApiName = keyof typeof api;
export type ApiRequest<N extends ApiName> = (typeof api)[N]['request'] extends z.ZodType
  ? z.infer<(typeof api)[N]['request']>
  : undefined;
export type ApiResponse<N extends ApiName> = (typeof api)[N]['response'] extends z.ZodType
  ? z.infer<(typeof api)[N]['response']>
  : Uint8Array<ArrayBuffer>;

/** Parsed query of an endpoint that has one. */
export type ApiQuery<N extends ApiName> = (typeof api)[N] extends { query: infer Q extends z.ZodType }
  ? z.infer<Q>
  : undefined;

/** Fills `{name}` parameters; values are percent-encoded. */
export function apiPath(name: ApiName, parameters: Record<string, string | number> = {}): string {
  return api[name].path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = parameters[key];
    if (value === undefined) throw new TypeError(`${name}: missing path parameter ${key}`);
    return encodeURIComponent(String(value));
  });
}

/** Enrolment over Secure Transport (RFC 7030), on a listener of its own that asks for no certificate. */
export const estPaths = {
  cacerts: '/.well-known/est/cacerts',
  simpleenroll: '/.well-known/est/simpleenroll',
} as const;
