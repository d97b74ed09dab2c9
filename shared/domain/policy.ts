/** Policy and notice in force, as central signs them. The notice shown is the notice hashed. */
import { z } from 'zod';
import {
  documentKindSchema,
  hasDocuments,
  type Representation,
  type RepresentationKind,
  representativeKinds,
} from './representation.ts';
import { categorySchema, type GrantName, grantNames, type LookupRequest, purposeSchema } from './scope.ts';

export const languages = ['zh-CN', 'en'] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;

/** One section of the notice: a heading and paragraphs, plain text. */
export const noticeSectionSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  heading: z.string().min(1).max(120),
  paragraphs: z.array(z.string().min(1).max(2_000)).min(1),
});

/** A layered notice in one language: the short layer fits one screen, the full layer is paged by section. */
export const noticeSchema = z.strictObject({
  language: languageSchema,
  title: z.string().min(1).max(120),
  short: z.array(z.string().min(1).max(300)).min(1).max(8),
  full: z.array(noticeSectionSchema).min(1).max(20),
});
export type Notice = z.infer<typeof noticeSchema>;

/** A question that shows that the notice was understood; one of two to four answers is right. */
export const questionSchema = z.strictObject({
  id: z.string(),
  text: z.string().min(1).max(300),
  answers: z
    .array(z.strictObject({ id: z.string(), text: z.string().min(1).max(200) }))
    .min(2)
    .max(4),
  correct: z.string(),
  /** Section of the full notice that answers it, shown after a wrong answer. */
  section: z.string(),
});
export type Question = z.infer<typeof questionSchema>;

export const proofKinds = [
  'service-password',
  'one-time-code',
  'identity-number',
  /** Of whoever stands at the counter in the subject's name. */
  'representative-identity-number',
] as const;
export const proofKindSchema = z.enum(proofKinds);
export type ProofKind = z.infer<typeof proofKindSchema>;

const once = (list: readonly string[]) => new Set(list).size === list.length;

/** What a representative of one kind may do, and what they must show. */
export const representativeRuleSchema = z.strictObject({
  kind: z.enum(representativeKinds),
  /** Papers that the clerk notes: all of them, no other. */
  documents: z.array(documentKindSchema).min(1).refine(once, 'each paper once'),
  proofs: z.array(proofKindSchema).min(1).refine(once, 'each proof once'),
  purposes: z.array(purposeSchema).min(1),
  grants: z.array(z.enum(grantNames)).min(1),
  /** The subject is younger than this, years, by central's register. */
  subjectUnder: z.number().int().min(1).max(30).optional(),
  /** The representative is the one that central's register names for the number. */
  registered: z.boolean(),
  /** A second member of staff confirms what was shown and signed. */
  witnessed: z.boolean(),
});
export type RepresentativeRule = z.infer<typeof representativeRuleSchema>;

/** However long a policy lets a consent open records, it is no longer than this, minutes. */
export const MAX_CONSENT_MINUTES = 240;

/** The longest that anything is kept for a case, days. */
export const MAX_CASE_DAYS = 90;

/** What is allowed now. Versions only grow. */
export const policySchema = z
  .strictObject({
    schema: z.literal('zhiqing-policy/1'),
    version: z.number().int().min(1),
    validFrom: z.iso.datetime(),
    /** After this instant the notice must be reviewed and can't be used. */
    reviewBy: z.iso.datetime(),
    operator: z.strictObject({ name: z.string(), nameEn: z.string(), contact: z.string() }),
    categories: z.array(categorySchema).min(1),
    purposes: z.array(purposeSchema).min(1),
    grants: z.array(z.enum(grantNames)),
    maxPeriodMonths: z.number().int().min(1).max(24),
    /** How long a consent opens records, minutes. */
    consentMinutes: z.number().int().min(5).max(MAX_CONSENT_MINUTES),
    /**
     * For how many days at the most a counter may keep what was found, where `keep` is offered and given. Shorter than
     * the audit log is kept, which says what is held.
     */
    caseDays: z.number().int().min(1).max(MAX_CASE_DAYS).optional(),
    identityProofs: z.array(proofKindSchema).min(1),
    /** Who may come in the subject's name. A kind that is not listed may not. */
    representatives: z
      .array(representativeRuleSchema)
      .refine((rules) => once(rules.map(({ kind }) => kind)), 'each kind once'),
    identityTries: z.number().int().min(1).max(10),
    questionTries: z.number().int().min(1).max(10),
    notices: z.strictObject({ 'zh-CN': noticeSchema, en: noticeSchema }),
    questions: z.strictObject({ 'zh-CN': questionSchema, en: questionSchema }),
  })
  .refine(
    ({ grants, caseDays }) => caseDays !== undefined || !grants.includes('keep'),
    'caseDays where keep is offered',
  );
export type Policy = z.infer<typeof policySchema>;

/** What holds for one kind of signer. */
export type SignerRule = Omit<RepresentativeRule, 'kind'>;

/** The rule for the subject themself or a representative. Undefined: not allowed. SECURITY: S1 */
export function signerRule(policy: Policy, kind: RepresentationKind): SignerRule | undefined {
  if (kind !== 'self') return policy.representatives.find((rule) => rule.kind === kind);
  const { identityProofs, purposes, grants } = policy;
  return { documents: [], proofs: identityProofs, purposes, grants, registered: false, witnessed: false };
}

/** What the customer is asked to tick. */
export function grantsOffered(policy: Policy, kind: RepresentationKind): GrantName[] {
  const rule = signerRule(policy, kind);
  return policy.grants.filter((grant) => rule?.grants.includes(grant));
}

/** Why nobody may sign like this for such a request: the field that is wrong. Undefined: they may. */
export function representationProblem(
  policy: Policy,
  representation: Representation,
  { purpose }: Pick<LookupRequest, 'purpose'>,
): 'representation' | 'documents' | 'purpose' | undefined {
  const rule = signerRule(policy, representation.kind);
  if (!rule) return 'representation';
  if (!hasDocuments(representation, rule.documents)) return 'documents';
  return rule.purposes.includes(purpose) ? undefined : 'purpose';
}

/** Whether a policy counts at an instant (epoch ms): in force, and its notice not due for review. */
export function isPolicyCurrent(policy: Pick<Policy, 'validFrom' | 'reviewBy'>, now: number): boolean {
  return Date.parse(policy.validFrom) <= now && now < Date.parse(policy.reviewBy);
}

/**
 * The notice as text: exactly what the customer's window renders, one line a heading or paragraph, and
 * what is hashed into the consent.
 */
export function noticeText(policy: Policy, language: Language): string {
  const notice = policy.notices[language];
  return [
    notice.title,
    ...notice.short,
    ...notice.full.flatMap((section) => [section.heading, ...section.paragraphs]),
  ].join('\n');
}
