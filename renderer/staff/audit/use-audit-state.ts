/** The state of the log, asked for again every few seconds and after what changes it. */
import { useCallback, useEffect, useState } from 'react';
import type { AuditState } from '../../../shared/contract/audit.ts';
import type { AppError } from '../../../shared/domain/errors.ts';
import { useStaff } from '../context.ts';

const EVERY_MS = 5_000;

export interface AuditStateFeed {
  state: AuditState | undefined;
  error: AppError | undefined;
  reload: () => void;
}

export function useAuditState(): AuditStateFeed {
  const { api } = useStaff();
  const [feed, setFeed] = useState<Omit<AuditStateFeed, 'reload'>>({ state: undefined, error: undefined });
  const load = useCallback(async () => {
    const result = await api.call('auditState', {});
    return (before: Omit<AuditStateFeed, 'reload'>) =>
      result.ok ? { state: result.value, error: undefined } : { ...before, error: result.error };
  }, [api]);
  useEffect(() => {
    let gone = false;
    const turn = () =>
      void load().then((change) => {
        if (!gone) setFeed(change);
      });
    turn();
    const timer = setInterval(turn, EVERY_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [load]);
  return { ...feed, reload: () => void load().then(setFeed) };
}
