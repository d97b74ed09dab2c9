/** The list page by page: each filter keeps what it has fetched; a failure can be tried again. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { PlaneApi } from '../../../shared/contract/contract.ts';
import type { Access, AccessPage } from '../../../shared/domain/accesses.ts';
import type { AppError } from '../../../shared/domain/errors.ts';

export interface Accesses {
  /** Undefined until the first page is there. */
  entries: readonly Access[] | undefined;
  /** Counts and counters that have not reported, as of the newest page. */
  summary: Pick<AccessPage, 'total' | 'refused' | 'unreported'> | undefined;
  /** There are older ones. */
  more: boolean;
  busy: boolean;
  error: AppError | undefined;
  /** Fetches the next older page, or the first again after a failure. */
  fetch: () => void;
}

interface Held {
  entries: readonly Access[] | undefined;
  next: string | undefined;
  busy: boolean;
  error: AppError | undefined;
}

const nothing: Held = { entries: undefined, next: undefined, busy: false, error: undefined };

export function useAccesses(api: PlaneApi<'customer'>, refusedOnly: boolean): Accesses {
  const [held, setHeld] = useState<{ all: Held; refused: Held }>({ all: nothing, refused: nothing });
  const [summary, setSummary] = useState<Accesses['summary']>();
  const name = refusedOnly ? 'refused' : 'all';
  const current = held[name];
  const gone = useRef(false);
  const running = useRef(new Set<string>());

  const fetch = useCallback(
    async (cursor: string | undefined) => {
      if (running.current.has(name)) return;
      running.current.add(name);
      const change = (to: (before: Held) => Held) =>
        setHeld((before) => (gone.current ? before : { ...before, [name]: to(before[name]) }));
      change((before) => ({ ...before, busy: true, error: undefined }));
      const result = await api.call('accesses', { refusedOnly, ...(cursor === undefined ? {} : { cursor }) });
      running.current.delete(name);
      if (!result.ok) return change((before) => ({ ...before, busy: false, error: result.error }));
      const { entries, next, total, refused, unreported } = result.value;
      if (!gone.current) setSummary({ total, refused, unreported });
      change((before) => ({
        entries: cursor === undefined ? entries : [...(before.entries ?? []), ...entries],
        next,
        busy: false,
        error: undefined,
      }));
    },
    [api, name, refusedOnly],
  );

  const asked = current.entries !== undefined || current.error !== undefined;
  useEffect(() => {
    if (!asked) void fetch(undefined);
  }, [asked, fetch]);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);

  return {
    entries: current.entries,
    summary,
    more: current.next !== undefined,
    busy: current.busy,
    error: current.error,
    fetch: () => void fetch(current.entries === undefined ? undefined : current.next),
  };
}
