/** What the request form accepts, and how it says no. Pure; the core checks everything again. */
import {
  addDays,
  monthsBefore,
  type Period,
  type PeriodProblem,
  periodProblem,
} from '../../../shared/domain/period.ts';
import type { RepresentativeRule } from '../../../shared/domain/policy.ts';
import {
  type DocumentKind,
  documentSchema,
  type Representation,
  type RepresentationKind,
  representationSchema,
  representativeNameSchema,
} from '../../../shared/domain/representation.ts';
import {
  type Category,
  type LookupRequest,
  type Purpose,
  purposes,
  requestSchema,
  subscriberSchema,
} from '../../../shared/domain/scope.ts';

/** Presets of the period, in months. */
export const presets = { one: 1, three: 3, six: 6 } as const;
export type PresetName = keyof typeof presets;

/** The form as typed. */
export interface Draft {
  number: string;
  categories: Category[];
  preset: PresetName | 'custom';
  from: string;
  to: string;
  purpose: Purpose | undefined;
  /** Who came. */
  representation: RepresentationKind;
  /** Name of the representative, as on their card. */
  name: string;
  /** References of the papers shown. */
  documents: Partial<Record<DocumentKind, string>>;
}

export type Field = 'number' | 'categories' | 'from' | 'to' | 'purpose' | 'name' | DocumentKind;
export type Problem =
  | 'numberMissing'
  | 'numberWrong'
  | 'categoriesMissing'
  | 'dateWrong'
  | 'periodWrong'
  | 'periodLong'
  | 'purposeMissing'
  | 'purposeNotTheirs'
  | 'nameWrong'
  | 'documentWrong';
/** What the policy lets representatives do. */
type Rules = readonly RepresentativeRule[];
export type Problems = Partial<Record<Field, Problem>>;

/** The months that end today, today included. */
export function presetPeriod(months: number, today: string): Period {
  return { from: addDays(monthsBefore(today, months), 1), to: today };
}

export function emptyDraft(today: string): Draft {
  return {
    number: '',
    categories: [],
    preset: 'one',
    ...presetPeriod(1, today),
    purpose: undefined,
    representation: 'self',
    name: '',
    documents: {},
  };
}

/** Presets that policy allows. */
export function allowedPresets(maxMonths: number): PresetName[] {
  return (Object.keys(presets) as PresetName[]).filter((name) => presets[name] <= maxMonths);
}

/** A number as typed or pasted: digits only, full-width ones too, a leading +86 dropped. */
export function tidyNumber(typed: string): string {
  const digits = typed.normalize('NFKC').replace(/\D/g, '');
  return digits.length === 13 && digits.startsWith('86') ? digits.slice(2) : digits.slice(0, 11);
}

/** A day as people type it (`2026-10-22`, `20261022`, `2026/10/22`, `2026.10.22`); undefined if it is none. */
export function readDay(typed: string): string | undefined {
  const text = typed.normalize('NFKC').trim();
  const match =
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = ''] = match;
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = Date.parse(`${written}T00:00:00Z`);
  // The 31st of a short month would roll over.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== written ? undefined : written;
}

const periodWords: Record<PeriodProblem, Problem> = {
  'period-not-valid': 'periodWrong',
  'period-too-long': 'periodLong',
};

/** The rule for who came; undefined for the subject themself. */
export function ruleOf(draft: Draft, rules: Rules): RepresentativeRule | undefined {
  return rules.find(({ kind }) => kind === draft.representation);
}

/** The purposes that whoever came may have. */
export function purposesFor(draft: Draft, rules: Rules): readonly Purpose[] {
  return ruleOf(draft, rules)?.purposes ?? purposes;
}

/** What is wrong with what was noted of a representative. */
function representationProblems(draft: Draft, rules: Rules): Problems {
  const rule = ruleOf(draft, rules);
  if (!rule) return {};
  const problems: Problems = {};
  if (!representativeNameSchema.safeParse(draft.name.trim()).success) problems.name = 'nameWrong';
  for (const kind of rule.documents) {
    const reference = (draft.documents[kind] ?? '').trim();
    if (!documentSchema.safeParse({ kind, reference }).success) problems[kind] = 'documentWrong';
  }
  if (draft.purpose !== undefined && !rule.purposes.includes(draft.purpose)) {
    problems.purpose = 'purposeNotTheirs';
  }
  return problems;
}

/** Who signs, as the core takes it; undefined while something of it is missing. */
export function representationOf(draft: Draft, rules: Rules): Representation | undefined {
  const rule = ruleOf(draft, rules);
  if (!rule) return draft.representation === 'self' ? { kind: 'self' } : undefined;
  const parsed = representationSchema.safeParse({
    kind: rule.kind,
    name: draft.name.trim(),
    documents: rule.documents.map((kind) => ({ kind, reference: (draft.documents[kind] ?? '').trim() })),
  });
  return parsed.success ? parsed.data : undefined;
}

/** What is wrong, by field; empty when the request can start. */
export function problemsOf(draft: Draft, today: string, maxMonths: number, rules: Rules = []): Problems {
  const problems: Problems = representationProblems(draft, rules);
  if (draft.number === '') problems.number = 'numberMissing';
  else if (!subscriberSchema.safeParse(draft.number).success) problems.number = 'numberWrong';
  if (draft.categories.length === 0) problems.categories = 'categoriesMissing';
  if (draft.purpose === undefined) problems.purpose = 'purposeMissing';
  const from = readDay(draft.from);
  const to = readDay(draft.to);
  if (from === undefined) problems.from = 'dateWrong';
  if (to === undefined) problems.to = 'dateWrong';
  if (from !== undefined && to !== undefined) {
    const problem = periodProblem({ from, to }, today, maxMonths);
    if (problem)
      problems[problem === 'period-not-valid' && to > today ? 'to' : 'from'] = periodWords[problem];
  }
  return problems;
}

/** The request that a draft without problems makes; undefined while something is missing. */
export function requestOf(
  draft: Draft,
  today: string,
  maxMonths: number,
  rules: Rules = [],
): LookupRequest | undefined {
  if (Object.keys(problemsOf(draft, today, maxMonths, rules)).length > 0) return undefined;
  const parsed = requestSchema.safeParse({
    subscriber: draft.number,
    categories: draft.categories,
    period: { from: readDay(draft.from), to: readDay(draft.to) },
    purpose: draft.purpose,
  });
  return parsed.success ? parsed.data : undefined;
}
