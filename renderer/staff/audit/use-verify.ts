/** A verification that an auditor asks for: how far it is, and what came of it. */
import { useEffect, useState } from 'react';
import type { AuditVerified } from '../../../shared/contract/audit.ts';
import { type Command, useCommand } from '../../ui/api.ts';
import { useStaff } from '../context.ts';

export interface Verification extends Omit<Command<[]>, 'run' | 'clear'> {
  progress: { done: number; total: number };
  done: AuditVerified | undefined;
  run: () => void;
}

export function useVerify(onDone: () => void): Verification {
  const { api } = useStaff();
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const [done, setDone] = useState<AuditVerified>();
  const command = useCommand(async () => {
    setProgress({ done: 0, total: 0 });
    setDone(undefined);
    const result = await api.call('auditVerify', {});
    if (result.ok) setDone(result.value);
    onDone();
    return result;
  });
  useEffect(() => api.on('auditProgress', setProgress), [api]);
  return { progress, done, busy: command.busy, error: command.error, run: () => void command.run() };
}
