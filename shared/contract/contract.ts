/**
 * The IPC contract: one object. The core's handlers, the preloads' API and the test doubles derive from
 * it. Arguments and results are parsed on both ways; a command of one plane does not exist on the other.
 */
import { z } from 'zod';
import { withdrawalCodePattern } from '../canonical/withdrawal-code.ts';
import { accessCursorSchema, accessPageSchema } from '../domain/accesses.ts';
import { caseRowSchema } from '../domain/case.ts';
import type { Result } from '../domain/errors.ts';
import { inkSchema } from '../domain/ink.ts';
import { manifestSchema, pageRefSchema } from '../domain/lookup.ts';
import { languageSchema } from '../domain/policy.ts';
import { releasedRowSchema } from '../domain/record.ts';
import { representationSchema } from '../domain/representation.ts';
import { grantNames, grantsSchema, requestSchema, subscriberSchema } from '../domain/scope.ts';
import { credentialsSchema } from '../domain/staff.ts';
import { proofsSchema } from '../protocol/documents.ts';
import { auditCommands, auditProgressSchema } from './audit.ts';
import type { Plane } from './names.ts';
import { customerViewSchema, staffViewSchema, statusSchema } from './views.ts';
import { withdrawalActionSchema } from './withdrawal.ts';

export { channel, type Plane } from './names.ts';

const nothing = z.strictObject({});
const done = z.strictObject({});
const bytes32 = z.instanceof(Uint8Array).refine((value) => value.length === 32, '32 bytes');

/** What page keys are bound to, see shared/canonical/sealed-page. */
const bindingSchema = z.strictObject({
  consentHash: z.string().regex(/^[0-9a-f]{64}$/),
  scopeHash: z.string().regex(/^[0-9a-f]{64}$/),
  lookupId: z.uuid(),
});

/** What opens the metadata layer. The sealed pages are fetched from shared/domain/sealed-path. */
export const metadataAccessSchema = z.strictObject({
  binding: bindingSchema,
  metadataSecret: bytes32,
  rows: z.number().int().min(0),
  merkleRoot: z.string(),
  pageRoots: z.array(z.string()),
  pages: z.array(pageRefSchema),
});
export type MetadataAccess = z.infer<typeof metadataAccessSchema>;

/** What opens both layers. */
export const recordsAccessSchema = z.strictObject({
  binding: bindingSchema,
  metadataSecret: bytes32,
  contentSecret: bytes32,
  manifest: manifestSchema,
});
export type RecordsAccess = z.infer<typeof recordsAccessSchema>;

/** A row the customer releases, with the proof that it is the one that central sent. */
export const releaseRowSchema = releasedRowSchema.extend({
  /** base64url, 16 bytes. */
  salt: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  /** RFC 6962 inclusion proof, hex, leaf to root. */
  proof: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(40),
  /** Whether staff may see the counterpart in full. */
  showPeer: z.boolean(),
});
export type ReleaseRow = z.infer<typeof releaseRowSchema>;

export const reportOptionsSchema = z.strictObject({
  nameStyle: z.enum(['masked', 'full', 'hidden']),
  texts: z.boolean(),
  peers: z.enum(['masked', 'full']),
});

/** What the customer's papers carry. Their number in full is for their own report, where they ask for it. */
export const proofFactsSchema = z.strictObject({
  subscriber: subscriberSchema,
  withdrawalCode: z.string().regex(withdrawalCodePattern),
  /** Text of the QR code (shared/canonical/proof-text). */
  qr: z.string().max(1_000),
});
export type ProofFacts = z.infer<typeof proofFactsSchema>;

export const contract = {
  staff: {
    commands: {
      getView: { args: nothing, result: staffViewSchema },
      getStatus: { args: nothing, result: statusSchema },
      signIn: { args: credentialsSchema, result: done },
      signOut: { args: nothing, result: done },
      /** Left out, the subject themself is there. */
      startSession: {
        args: requestSchema.extend({ representation: representationSchema.optional() }),
        result: done,
      },
      /** A customer comes back for what is kept for a case. */
      startHeld: { args: z.strictObject({ caseId: z.uuid() }), result: done },
      /** The case is done, without the customer: what is kept for it is destroyed. */
      closeCase: { args: z.strictObject({ caseId: z.uuid() }), result: done },
      /** A second member of staff confirms what was signed, by their own number and PIN. */
      attest: { args: credentialsSchema, result: done },
      retry: { args: nothing, result: done },
      cancel: { args: nothing, result: done },
      acknowledge: { args: nothing, result: done },
      /** Begins a withdrawal, which the customer goes through on their own side. */
      startWithdrawal: { args: nothing, result: done },
      cancelWithdrawal: { args: nothing, result: done },
      /** The end has been seen; the next customer may come. */
      acknowledgeWithdrawal: { args: nothing, result: done },
      retryWithdrawal: { args: nothing, result: done },
      /** The key of the metadata layer, while the consent lives. */
      openMetadata: { args: nothing, result: metadataAccessSchema },
      /** `caseDone`: what is kept for the case is destroyed. */
      closeSession: {
        args: z.strictObject({ followUp: z.string().max(500), caseDone: z.boolean().optional() }),
        result: done,
      },
      dayList: { args: z.strictObject({ day: z.iso.date() }), result: z.array(caseRowSchema) },
      /** Auditors only. */
      ...auditCommands,
      /** Hand-over mode: gives the display to the customer. */
      handOver: { args: nothing, result: done },
      /** The staff plane's keys, pages and rows are gone; the core waits for this when a visit closes. */
      wiped: { args: z.strictObject({ sessionId: z.string() }), result: done },
    },
    events: {
      view: staffViewSchema,
      status: statusSchema,
      /** How far a verification of the log is; auditors only. */
      auditProgress: auditProgressSchema,
      /** Forget everything of a session, then answer with `wiped`. */
      wipe: z.strictObject({ sessionId: z.string() }),
    },
  },
  customer: {
    commands: {
      getView: { args: nothing, result: customerViewSchema },
      setDisplay: {
        args: z.strictObject({ language: languageSchema, largeType: z.boolean() }),
        result: done,
      },
      /** Somebody touched the screen. */
      touch: { args: nothing, result: done },
      acceptRequest: { args: nothing, result: done },
      notMyNumber: { args: nothing, result: done },
      refuse: { args: nothing, result: done },
      noticePage: {
        args: z.strictObject({ page: z.number().int().min(1).max(100) }),
        result: done,
      },
      noticeRead: { args: nothing, result: done },
      prove: { args: proofsSchema, result: done },
      resendCode: { args: nothing, result: done },
      answer: { args: z.strictObject({ answerId: z.string().max(40) }), result: done },
      tick: { args: grantsSchema, result: done },
      /** The customer takes a refusal back, so that the purpose can be ticked. */
      reconsider: { args: z.strictObject({ grant: z.enum(grantNames) }), result: done },
      back: { args: nothing, result: done },
      sign: { args: inkSchema, result: done },
      cannotSign: { args: nothing, result: done },
      /** A mark in place of a signature: any touch of the pad. A second member of staff confirms it. */
      mark: { args: inkSchema, result: done },
      /** Keys of both layers, while the consent lives. */
      openRecords: { args: nothing, result: recordsAccessSchema },
      release: { args: z.strictObject({ rows: z.array(releaseRowSchema).min(1).max(50) }), result: done },
      /** Who looked at me: the customer's right once identity has passed; needs no consent to a lookup. */
      accesses: {
        args: z.strictObject({ cursor: accessCursorSchema.optional(), refusedOnly: z.boolean() }),
        result: accessPageSchema,
      },
      openReport: { args: nothing, result: done },
      /** Prints what the customer's window has laid out for paper; the PDF is then at `/report/{reportId}.pdf`. */
      makeReport: { args: reportOptionsSchema, result: done },
      /** What the papers of this visit carry: the number, the code that withdraws, the proof. */
      openProof: { args: nothing, result: proofFactsSchema },
      /** Prints the receipt that the window has laid out and saves it with the report and all evidence. */
      saveReport: { args: nothing, result: done },
      /** The same without a report. */
      takeReceipt: { args: nothing, result: done },
      /** A step of a withdrawal. */
      withdrawal: { args: withdrawalActionSchema, result: done },
      /** Nothing shall be kept after all; what is kept already is destroyed. */
      keepNothing: { args: nothing, result: done },
      finish: { args: nothing, result: done },
      stop: { args: nothing, result: done },
      retry: { args: nothing, result: done },
      /** Hand-over mode: a member of staff takes the display back with their PIN. */
      returnScreen: { args: z.strictObject({ pin: z.string().min(1).max(64) }), result: done },
      wiped: { args: z.strictObject({ sessionId: z.string() }), result: done },
    },
    events: {
      view: customerViewSchema,
      wipe: z.strictObject({ sessionId: z.string() }),
    },
  },
} as const satisfies Record<
  Plane,
  { commands: Record<string, { args: z.ZodType; result: z.ZodType }>; events: Record<string, z.ZodType> }
>;

export type CommandName<P extends Plane> = keyof (typeof contract)[P]['commands'] & string;
export type EventName<P extends Plane> = keyof (typeof contract)[P]['events'] & string;

type Commands<P extends Plane> = (typeof contract)[P]['commands'];
type Schemas<C> = C extends { args: infer A extends z.ZodType; result: infer R extends z.ZodType }
  ? { args: z.infer<A>; result: z.infer<R> }
  : never;
export type CommandArgs<P extends Plane, N extends keyof Commands<P>> = Schemas<Commands<P>[N]>['args'];
export type CommandResult<P extends Plane, N extends keyof Commands<P>> = Schemas<Commands<P>[N]>['result'];
type EventSchemas<P extends Plane> = (typeof contract)[P]['events'];
export type EventPayload<
  P extends Plane,
  N extends keyof EventSchemas<P>,
> = EventSchemas<P>[N] extends z.ZodType ? z.infer<EventSchemas<P>[N]> : never;

/** The core's side: one handler a command, given parsed arguments; it throws a Failure to refuse. */
export type Handlers<P extends Plane> = {
  [N in CommandName<P>]: (args: CommandArgs<P, N>) => CommandResult<P, N> | Promise<CommandResult<P, N>>;
};

/** The window's side, exposed by the preload as `window.zhiqing`. A failure is data, never a rejection. */
export type PlaneApi<P extends Plane> = {
  call: <N extends CommandName<P>>(name: N, args: CommandArgs<P, N>) => Promise<Result<CommandResult<P, N>>>;
  /** Listens; the answer stops listening. */
  on: <N extends EventName<P>>(name: N, listener: (payload: EventPayload<P, N>) => void) => () => void;
};
