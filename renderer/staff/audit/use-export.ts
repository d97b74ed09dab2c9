/** An export that an auditor asks for, and where it lies. */
import { useState } from 'react';
import type { AuditExport } from '../../../shared/contract/audit.ts';
import { type Command, useCommand } from '../../ui/api.ts';
import { useStaff } from '../context.ts';

export interface ExportState extends Omit<Command<[]>, 'run' | 'clear'> {
  done: AuditExport | undefined;
  run: () => void;
}

export function useExport(onDone: () => void): ExportState {
  const { api } = useStaff();
  const [done, setDone] = useState<AuditExport>();
  const command = useCommand(async () => {
    setDone(undefined);
    const result = await api.call('auditExport', {});
    if (result.ok) setDone(result.value);
    onDone();
    return result;
  });
  return { done, busy: command.busy, error: command.error, run: () => void command.run() };
}
