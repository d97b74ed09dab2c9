/**
 * The OpenAPI 3.1 document of the central service, derived from `shared/protocol/api.ts`.
 *
 * `node test/central/openapi.ts` writes docs/central-api.openapi.json; a test fails when it differs.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { auditEntrySchema } from '../../shared/domain/audit.ts';
import { caseRowSchema } from '../../shared/domain/case.ts';
import { consentRecordSchema } from '../../shared/domain/consent.ts';
import { erasureEvidenceSchema } from '../../shared/domain/erasure.ts';
import { inkSchema } from '../../shared/domain/ink.ts';
import { manifestSchema, wrappedSecretSchema } from '../../shared/domain/lookup.ts';
import { noticeSchema, policySchema, questionSchema } from '../../shared/domain/policy.ts';
import { grantsSchema, requestSchema, scopeSchema } from '../../shared/domain/scope.ts';
import { staffSchema } from '../../shared/domain/staff.ts';
import { standingConsentSchema, withdrawalSchema } from '../../shared/domain/withdrawal.ts';
import { type ApiName, api, type Endpoint } from '../../shared/protocol/api.ts';
import { changeSchema, changesAnswerSchema } from '../../shared/protocol/changes.ts';
import * as documents from '../../shared/protocol/documents.ts';
import { problemSchema, problemStatus } from '../../shared/protocol/problem.ts';
import * as withdrawals from '../../shared/protocol/withdrawals.ts';

type Json = Record<string, unknown>;

/** Where the document lies in the repository. */
export const OPENAPI_FILE = fileURLToPath(new URL('../../docs/central-api.openapi.json', import.meta.url));

/** Names of the schemas in the document. */
const names: readonly (readonly [z.ZodType, string])[] = [
  [documents.statusSchema, 'Status'],
  [documents.signInRequestSchema, 'SignInRequest'],
  [documents.signInAnswerSchema, 'SignInAnswer'],
  [documents.signedPolicySchema, 'SignedPolicy'],
  [documents.challengeRequestSchema, 'ChallengeRequest'],
  [documents.challengeAnswerSchema, 'ChallengeAnswer'],
  [documents.proofsSchema, 'Proofs'],
  [documents.identityAssertionSchema, 'IdentityAssertion'],
  [documents.accessesRequestSchema, 'AccessesRequest'],
  [documents.accessesAnswerSchema, 'AccessPage'],
  [documents.consentSubmissionSchema, 'ConsentSubmission'],
  [documents.consentEvidenceSchema, 'ConsentEvidence'],
  [documents.consentAcceptanceSchema, 'ConsentAcceptance'],
  [documents.signedAcceptanceSchema, 'SignedAcceptance'],
  [documents.consentEndSchema, 'ConsentEnd'],
  [documents.lookupRequestSchema, 'LookupCall'],
  [documents.lookupAnswerSchema, 'LookupAnswer'],
  [documents.auditBatchSchema, 'AuditBatch'],
  [documents.auditHeadSchema, 'AuditHead'],
  [documents.signedWitnessSchema, 'SignedWitness'],
  [documents.auditCheckpointRequestSchema, 'AuditCheckpoint'],
  [documents.auditCheckpointAnswerSchema, 'CosignedCheckpoint'],
  [changesAnswerSchema, 'Changes'],
  [changeSchema, 'Change'],
  [withdrawals.standingConsentsRequestSchema, 'StandingConsentsRequest'],
  [withdrawals.standingConsentsAnswerSchema, 'StandingConsents'],
  [withdrawals.withdrawalRequestSchema, 'WithdrawalRequest'],
  [withdrawals.withdrawalAnswerSchema, 'WithdrawalAnswer'],
  [withdrawals.reopenHeldRequestSchema, 'ReopenHeldRequest'],
  [withdrawals.reopenHeldAnswerSchema, 'ReopenHeldAnswer'],
  [withdrawals.erasureSubmissionSchema, 'ErasureSubmission'],
  [erasureEvidenceSchema, 'ErasureEvidence'],
  [withdrawalSchema, 'Withdrawal'],
  [standingConsentSchema, 'StandingConsent'],
  [documents.attestRequestSchema, 'AttestRequest'],
  [documents.attestAnswerSchema, 'AttestAnswer'],
  [documents.emptySchema, 'Empty'],
  [caseRowSchema, 'CaseRow'],
  [documents.dayCasesSchema, 'DayCases'],
  [documents.dayCasesSchema, 'DayCases'],
  [auditEntrySchema, 'AuditEntry'],
  [consentRecordSchema, 'ConsentRecord'],
  [inkSchema, 'Ink'],
  [manifestSchema, 'Manifest'],
  [wrappedSecretSchema, 'WrappedSecret'],
  [policySchema, 'Policy'],
  [noticeSchema, 'Notice'],
  [questionSchema, 'Question'],
  [grantsSchema, 'Grants'],
  [requestSchema, 'LookupRequest'],
  [scopeSchema, 'Scope'],
  [staffSchema, 'Staff'],
  [problemSchema, 'Problem'],
];

const tags: Readonly<Record<ApiName, string>> = {
  status: 'Service',
  policy: 'Service',
  signIn: 'Staff',
  signOut: 'Staff',
  challenge: 'Identity',
  prove: 'Identity',
  attest: 'Consent',
  accesses: 'Identity',
  submitConsent: 'Consent',
  endConsent: 'Consent',
  reopenHeld: 'Consent',
  lookup: 'Lookup',
  page: 'Lookup',
  audit: 'Evidence',
  auditHead: 'Evidence',
  auditWitness: 'Evidence',
  auditCheckpoint: 'Evidence',
  recordCase: 'Evidence',
  dayCases: 'Evidence',
  standingConsents: 'Consent',
  withdraw: 'Consent',
  withdrawalState: 'Consent',
  reportErasure: 'Evidence',
  changes: 'Service',
};

const tagDescriptions: Readonly<Record<string, string>> = {
  Service: 'Whether central answers, and the rules in force.',
  Staff: 'Who works at the counter.',
  Identity: 'That the customer is the subscriber; staff learn pass or fail only.',
  Consent: 'The signed statement of scope: accepted once, ended for good.',
  Lookup: 'Records under a consent, sealed in two layers.',
  Evidence: "Copies of the counters' audit chains and day lists.",
};

/** The whole document, as plain data. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Zhiqing central service',
      version: '1.0.0',
      summary: 'What a counter asks of the operator: policies, identity, consents, sealed records, evidence.',
      description:
        'Every request comes over TLS 1.3 with the certificate of a counter. docs/central.md says what the service has to check, in which order and why. Enrolment (RFC 7030) is a listener of its own and not part of this document.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{host}:{port}',
        description: "The operator's own",
        variables: { host: { default: 'localhost' }, port: { default: '7443' } },
      },
    ],
    security: [{ counterCertificate: [] }],
    tags: Object.entries(tagDescriptions).map(([name, description]) => ({ name, description })),
    paths: paths(),
    components: {
      securitySchemes: {
        counterCertificate: {
          type: 'mutualTLS',
          description: 'A certificate of the operator’s CA with OU=device.',
        },
        staffToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'From sign-in; bound to the certificate of the counter (RFC 8705).',
        },
      },
      schemas: components(),
      responses: {
        Problem: {
          description: `RFC 9457 problem. Kinds and their status: ${Object.entries(problemStatus)
            .map(([kind, status]) => `${kind} ${status}`)
            .join(', ')}.`,
          content: { 'application/problem+json': { schema: reference(problemSchema) } },
        },
      },
    },
  };
}

function paths(): Json {
  const result: Record<string, Json> = {};
  for (const [name, endpoint] of Object.entries(api) as [ApiName, Endpoint][]) {
    const path = result[endpoint.path] ?? {};
    path[endpoint.method.toLowerCase()] = operation(name, endpoint);
    result[endpoint.path] = path;
  }
  return result;
}

function operation(name: ApiName, endpoint: Endpoint): Json {
  const { path, summary, staff, request, response, query, events } = endpoint;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => ({
    name: parameter,
    in: 'path',
    required: true,
    schema: parameterSchema(parameter),
  }));
  const parameters = [...inPath, ...queryParameters(query), ...(events ? [lastEventId] : [])];
  const content = response
    ? {
        'application/json': { schema: reference(response) },
        ...(events ? { 'text/event-stream': { schema: { type: 'string' } } } : {}),
      }
    : { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  return {
    operationId: name,
    tags: [tags[name]],
    summary,
    ...(staff ? { security: [{ counterCertificate: [], staffToken: [] }] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(request
      ? { requestBody: { required: true, content: { 'application/json': { schema: reference(request) } } } }
      : {}),
    responses: {
      '200': { description: response ? 'Answered' : 'A sealed page', content },
      '4XX': { $ref: '#/components/responses/Problem' },
      '5XX': { $ref: '#/components/responses/Problem' },
    },
  };
}

/** A stream that broke is taken up where it was (WHATWG HTML, section 9.2). */
const lastEventId: Json = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  schema: { type: 'integer', minimum: 0 },
};

function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (!query) return [];
  const { properties = {} } = z.toJSONSchema(query, { target: 'draft-2020-12' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schema as Json,
  }));
}

function parameterSchema(name: string): Json {
  if (name === 'layer') return { type: 'string', enum: ['metadata', 'content'] };
  if (name === 'pages') return { type: 'string', pattern: '^\\d{1,7}(-\\d{1,7})?$', example: '0-7' };
  if (name === 'day') return { type: 'string', format: 'date' };
  return { type: 'string', format: 'uuid' };
}

function reference(schema: z.ZodType): Json {
  const name = names.find(([one]) => one === schema)?.[1];
  if (name === undefined) throw new Error('a schema of the API has no name in the document');
  return { $ref: `#/components/schemas/${name}` };
}

function components(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of names) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas)
      .map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema] as const)
      .toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
}

/** The document as it lies in the repository. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

if (import.meta.main) await writeFile(OPENAPI_FILE, openApiText());
