/** Searching the log backwards. The log's own index knows actions and staff; days and ids are read from entries. */
import type { AuditFilter, AuditPageAnswer } from '../../../shared/contract/audit.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import type { AuditLog } from '../../audit/log.ts';

/** Entries read in one go while searching. */
const BATCH = 256;
/** The window is told how far the search is and asks on. */
const MOST_READ = 4_096;

export type Readable = Pick<AuditLog, 'from' | 'page' | 'status' | 'size'>;

interface Query {
  filter: AuditFilter;
  before?: number | undefined;
  limit: number;
}

/**
 * Entries below `before` that match, newest first, and where to go on.
 * @param mostRead entries looked at for one answer
 * @throws Failure 'audit-failed'
 */
export async function findEntries(
  log: Readable,
  { filter, before, limit }: Query,
  mostRead = MOST_READ,
): Promise<AuditPageAnswer> {
  const { action, staffId, day, id } = filter;
  if (day === undefined && id === undefined) {
    const { entries, next } = await log.page({
      ...(before === undefined ? {} : { before }),
      ...(action === undefined ? {} : { action }),
      ...(staffId === undefined ? {} : { staffId }),
      limit,
    });
    return { entries: [...entries], ...(next === undefined ? {} : { next }) };
  }
  return search(log, { filter, before, limit }, mostRead);
}

async function search(
  log: Readable,
  { filter, before, limit }: Query,
  mostRead: number,
): Promise<AuditPageAnswer> {
  const { oldest } = log.status();
  const found: AuditEntry[] = [];
  let end = Math.min(before ?? log.size, log.size);
  const stop = Math.max(oldest, end - mostRead);
  while (end > stop) {
    const first = Math.max(stop, end - BATCH);
    const batch = await log.from(first, end - first);
    for (const entry of batch.toReversed()) {
      end = entry.seq;
      if (!matches(entry, filter)) continue;
      found.push(entry);
      if (found.length === limit) return { entries: found, ...(end > oldest ? { next: end } : {}) };
    }
  }
  return { entries: found, ...(end > oldest ? { next: end } : {}) };
}

/** Whether an entry is one that is looked for. */
export function matches(entry: AuditEntry, { action, staffId, day, id }: AuditFilter): boolean {
  return (
    (action === undefined || entry.action === action) &&
    (staffId === undefined || entry.staffId === staffId) &&
    (day === undefined || dayOf(Date.parse(entry.at)) === day) &&
    (id === undefined || entry.sessionId === id || entry.consentId === id)
  );
}
