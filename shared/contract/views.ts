/**
 * What each window is told: projections of the session that hold all that the plane may know and nothing
 * else. SECURITY: S4 the staff view has no field in which a text, full number, proof or ink could travel,
 * except the rows that the customer released.
 */
import { z } from 'zod';
import { outcomeSchema } from '../domain/case.ts';
import { appErrorSchema } from '../domain/errors.ts';
import { heldCaseSchema } from '../domain/held.ts';
import { periodSchema } from '../domain/period.ts';
import {
  languageSchema,
  noticeSchema,
  proofKindSchema,
  questionSchema,
  representativeRuleSchema,
} from '../domain/policy.ts';
import { releasedRowSchema } from '../domain/record.ts';
import { repairSchema } from '../domain/repair.ts';
import { representationKindSchema } from '../domain/representation.ts';
import { categorySchema, grantNames, grantsSchema, purposeSchema } from '../domain/scope.ts';
import { staffSchema } from '../domain/staff.ts';
import type { VisitPhase } from '../session/machine.ts';
import { customerWithdrawalSchema, staffWithdrawalSchema } from './withdrawal.ts';

const phaseSchema = z.custom<VisitPhase>((value) => typeof value === 'string');

/** The request in words everybody may see: number masked. */
export const maskedRequestSchema = z.strictObject({
  maskedNumber: z.string().max(20),
  categories: z.array(categorySchema),
  period: periodSchema,
  purpose: purposeSchema,
});
export type MaskedRequest = z.infer<typeof maskedRequestSchema>;

export const countsSchema = z.strictObject({
  rows: z.number().int().min(0),
  received: z.number().int().min(0),
  sent: z.number().int().min(0),
  byCategory: z.record(z.string(), z.number().int().min(0)),
});

export const screenSchema = z.strictObject({
  /** `dual`: each plane has its display. `handover`: one display that changes hands. */
  mode: z.enum(['dual', 'handover']),
  /** Whose the display is now; `both` in dual mode. */
  holder: z.enum(['both', 'staff', 'customer']),
});

export const presenceSchema = z.enum(['off', 'here', 'asking', 'gone']);

/** What is kept for a case in this visit, or what the customer came back for. */
const keptSchema = z.strictObject({
  until: z.iso.datetime(),
  /** The customer came back for it: no lookup, no report. */
  again: z.boolean(),
});

export const staffViewSchema = z.strictObject({
  /** What the window starts in; staff switch it themselves. */
  language: languageSchema,
  hall: z.string(),
  hallEn: z.string(),
  counter: z.string(),
  /** The policy day in China, `YYYY-MM-DD`: what the period picker calls today. */
  today: z.iso.date(),
  maxPeriodMonths: z.number().int(),
  staff: staffSchema.optional(),
  /** Why nobody is signed in, where they did not ask for it. */
  signedOut: z.enum(['expired', 'pin-tries', 'revoked']).optional(),
  phase: phaseSchema,
  sessionId: z.string().optional(),
  request: maskedRequestSchema.optional(),
  noticePage: z.strictObject({ page: z.number().int(), of: z.number().int() }).optional(),
  /** Pass or fail only. */
  identity: z.enum(['none', 'waiting', 'passed', 'failed']),
  triesLeft: z.number().int().optional(),
  grants: grantsSchema.optional(),
  /** What the policy in force lets representatives do, for the request form. */
  representatives: z.array(representativeRuleSchema),
  /** Who signs; the representative's name and papers are not told again. */
  representation: representationKindSchema,
  /** How it was signed, once it was. */
  method: z.enum(['signature', 'witnessed-mark']).optional(),
  /** A newer policy came into force during the visit. */
  renewed: z.boolean(),
  consentId: z.string().optional(),
  counts: countsSchema.optional(),
  /** Set while the metadata layer may be opened with `openMetadata`. */
  lookupId: z.string().optional(),
  released: z.array(releasedRowSchema),
  kept: keptSchema.optional(),
  /** Everything that is kept at this counter. */
  heldCases: z.array(heldCaseSchema),
  reportPages: z.number().int().optional(),
  reportSaved: z.boolean(),
  outcome: outcomeSchema.optional(),
  error: appErrorSchema.optional(),
  screen: screenSchema,
  presence: presenceSchema,
  /** Set while a withdrawal runs instead of a visit. */
  withdrawal: staffWithdrawalSchema.optional(),
});
export type StaffView = z.infer<typeof staffViewSchema>;

export const customerViewSchema = z.strictObject({
  hall: z.string(),
  hallEn: z.string(),
  counter: z.string(),
  operator: z.strictObject({ name: z.string(), nameEn: z.string(), contact: z.string() }).optional(),
  phase: phaseSchema,
  display: z.strictObject({ language: languageSchema, largeType: z.boolean() }),
  /** Staff number of who asks. */
  staffId: z.string().optional(),
  request: maskedRequestSchema.optional(),
  policyVersion: z.number().int().optional(),
  /** The notice in every language; the customer picks. */
  notices: z.strictObject({ 'zh-CN': noticeSchema, en: noticeSchema }).optional(),
  /** The question without its answer key. */
  questions: z
    .strictObject({
      'zh-CN': questionSchema.omit({ correct: true }),
      en: questionSchema.omit({ correct: true }),
    })
    .optional(),
  wrongAnswer: z.boolean(),
  questionTriesLeft: z.number().int(),
  proofs: z.array(proofKindSchema),
  triesLeft: z.number().int().optional(),
  grantChoices: z.array(z.enum(grantNames)),
  /** Refused in this visit: said, not asked again. */
  declined: z.array(z.enum(grantNames)),
  /** Who signs in whose name. */
  representation: z.strictObject({ kind: representationKindSchema, name: z.string().optional() }),
  /** A second member of staff will confirm what is signed. */
  witnessWanted: z.boolean(),
  method: z.enum(['signature', 'witnessed-mark']).optional(),
  /** A newer policy came into force during the visit: the reading begins anew. */
  renewed: z.boolean(),
  grants: grantsSchema.optional(),
  /** How long the consent would open records, minutes. */
  consentMinutes: z.number().int().optional(),
  /** For how many days at the most records would be kept, where that is offered. */
  caseDays: z.number().int().optional(),
  consentId: z.string().optional(),
  expiresAt: z.iso.datetime().optional(),
  /** Until when what was found would be kept at the latest, as signed; while keeping is agreed to. */
  heldUntil: z.iso.datetime().optional(),
  /** The customer's own name, known once identity has passed. */
  name: z.string().optional(),
  lookupId: z.string().optional(),
  counts: countsSchema.optional(),
  releasedIndexes: z.array(z.number().int().min(0)),
  kept: keptSchema.optional(),
  report: z.strictObject({ reportId: z.string(), pages: z.number().int() }).optional(),
  savedAs: z.string().optional(),
  outcome: outcomeSchema.optional(),
  error: appErrorSchema.optional(),
  screen: screenSchema,
  presence: presenceSchema,
  /** Set while a withdrawal runs instead of a visit. */
  withdrawal: customerWithdrawalSchema.optional(),
});
export type CustomerView = z.infer<typeof customerViewSchema>;

/** The status bar's truth. */
export const statusSchema = z.strictObject({
  central: z.strictObject({
    state: z.enum(['connected', 'waiting', 'unreachable', 'refused', 'not-enrolled']),
    /** Seconds since the last authenticated answer. */
    lastAnswerSeconds: z.number().int().min(0).optional(),
    /** The newest try has not been answered, whatever came before it. */
    lastTryFailed: z.boolean(),
  }),
  outbox: z.strictObject({
    count: z.number().int().min(0),
    oldestSeconds: z.number().int().min(0).optional(),
    /** What the oldest item waits for, once it was tried: the line, its member of staff, or somebody of IT. */
    waitsFor: z.enum(['line', 'staff', 'it']).optional(),
  }),
  /** Files of the profile that were damaged and made anew since the start. */
  repairs: z.array(repairSchema),
  certificateDays: z.number().int().optional(),
  /** The counter's clock, and how far it is from central's (seconds, central minus counter). */
  clock: z.strictObject({ now: z.iso.datetime(), skewSeconds: z.number().int().optional() }),
  /** How the vault is kept: the operating system's key store by name. */
  vault: z.string(),
  version: z.string(),
  /** Which shell runs the windows, e.g. `electron 45.4.1`. */
  shell: z.string(),
});
export type Status = z.infer<typeof statusSchema>;
