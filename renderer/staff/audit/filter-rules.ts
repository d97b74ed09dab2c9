/** What is typed into the filter, and what is wrong with it. */
import { type AuditFilter, auditFilterSchema } from '../../../shared/contract/audit.ts';
import { readDay } from '../request/form-rules.ts';

export interface FilterDraft {
  action: string;
  staffId: string;
  day: string;
  id: string;
}
export type FilterField = keyof FilterDraft;

export const emptyDraft: FilterDraft = { action: '', staffId: '', day: '', id: '' };

/** The filter that a draft stands for, or the fields that are not right. Empty fields do not filter. */
export function readFilter(
  draft: FilterDraft,
): { ok: true; filter: AuditFilter } | { ok: false; wrong: readonly FilterField[] } {
  const day = draft.day.trim() === '' ? undefined : (readDay(draft.day) ?? 'wrong');
  const given = {
    action: draft.action || undefined,
    staffId: draft.staffId.trim() || undefined,
    day,
    id: draft.id.trim().toLowerCase() || undefined,
  };
  const parsed = auditFilterSchema.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (parsed.success) return { ok: true, filter: parsed.data };
  const wrong = parsed.error.issues.map(({ path }) => String(path[0]));
  return {
    ok: false,
    wrong: (Object.keys(emptyDraft) as FilterField[]).filter((name) => wrong.includes(name)),
  };
}
