/** What the request form accepts, and how it says no. Pure; the core checks everything again. */
import {
  addDays,
  monthsBefore,
  type Period,
  type PeriodProblem,
  periodProblem,
} from '../../../shared/domain/period.ts';
import {
  type Category,
  type LookupRequest,
  type Purpose,
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
}

export type Field = 'number' | 'categories' | 'from' | 'to' | 'purpose';
export type Problem =
  | 'numberMissing'
  | 'numberWrong'
  | 'categoriesMissing'
  | 'dateWrong'
  | 'periodWrong'
  | 'periodLong'
  | 'purposeMissing';
export type Problems = Partial<Record<Field, Problem>>;

/** The months that end today, today included. */
export function presetPeriod(months: number, today: string): Period {
  return { from: addDays(monthsBefore(today, months), 1), to: today };
}

export function emptyDraft(today: string): Draft {
  return { number: '', categories: [], preset: 'one', ...presetPeriod(1, today), purpose: undefined };
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

/** What is wrong, by field; empty when the request can start. */
export function problemsOf(draft: Draft, today: string, maxMonths: number): Problems {
  const problems: Problems = {};
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
export function requestOf(draft: Draft, today: string, maxMonths: number): LookupRequest | undefined {
  if (Object.keys(problemsOf(draft, today, maxMonths)).length > 0) return undefined;
  const parsed = requestSchema.safeParse({
    subscriber: draft.number,
    categories: draft.categories,
    period: { from: readDay(draft.from), to: readDay(draft.to) },
    purpose: draft.purpose,
  });
  return parsed.success ? parsed.data : undefined;
}
