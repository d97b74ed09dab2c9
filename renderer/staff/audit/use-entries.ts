/** Entries of the log as they are scrolled into sight: newest first, page after page. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { AUDIT_PAGE_LIMIT, type AuditFilter } from '../../../shared/contract/audit.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import type { AppError } from '../../../shared/domain/errors.ts';
import { useStaff } from '../context.ts';

export interface Entries {
  entries: readonly AuditEntry[];
  /** Where the search goes on; undefined once it has reached the oldest entry. */
  next: number | undefined;
  busy: boolean;
  error: AppError | undefined;
  /** Fetches the next page; after a failure the same again. */
  more: () => void;
}

interface Found {
  entries: readonly AuditEntry[];
  next: number | undefined;
  error: AppError | undefined;
  started: boolean;
}

const nothing: Found = { entries: [], next: undefined, error: undefined, started: false };

/** @param filter a new object is a new search */
export function useEntries(filter: AuditFilter): Entries {
  const { api } = useStaff();
  const [found, setFound] = useState<Found>(nothing);
  const [busy, setBusy] = useState(false);
  /** The search that is under way; an answer to another one is dropped. */
  const search = useRef<{ filter: AuditFilter; busy: boolean }>({ filter, busy: false });

  const fetch = useCallback(
    async (of: { filter: AuditFilter; busy: boolean }, before: number | undefined) => {
      if (of.busy) return;
      of.busy = true;
      setBusy(true);
      const result = await api.call('auditPage', {
        filter: of.filter,
        limit: AUDIT_PAGE_LIMIT,
        ...(before === undefined ? {} : { before }),
      });
      of.busy = false;
      if (search.current !== of) return;
      setBusy(false);
      if (!result.ok) return setFound((held) => ({ ...held, error: result.error, started: true }));
      const { entries, next } = result.value;
      setFound((held) => ({
        entries: [...held.entries, ...entries],
        next,
        error: undefined,
        started: true,
      }));
    },
    [api],
  );

  useEffect(() => {
    const of = { filter, busy: false };
    search.current = of;
    setFound(nothing);
    void fetch(of, undefined);
  }, [filter, fetch]);

  // A page of a search may be empty and not the last: it goes on by itself until something is found.
  const { entries, next, error, started } = found;
  useEffect(() => {
    if (started && entries.length === 0 && next !== undefined && !error) void fetch(search.current, next);
  }, [started, entries.length, next, error, fetch]);

  return {
    entries,
    next,
    busy: busy || !started,
    error,
    more: () => {
      if (next !== undefined || error) void fetch(search.current, next);
    },
  };
}
