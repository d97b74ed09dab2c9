/** What of the profile was found damaged and made anew: said on the staff screen, and in the audit log. */
import type { Repair, RepairableFile } from '../shared/domain/repair.ts';
import type { AuditLog } from './audit/log.ts';

export interface Repairs {
  /** Since the start, each file once. */
  readonly list: readonly Repair[];
  /** A file was damaged; `waiting` until what it held is all there again. */
  found(file: RepairableFile, state: Repair['state']): void;
  /** What was still missing is there. */
  completed(file: RepairableFile): void;
  onChange(listener: () => void): void;
  /** From here on each is an entry of the log; those found before are written now. */
  writeTo(audit: Pick<AuditLog, 'append'>): Promise<void>;
}

export function createRepairs(): Repairs {
  const repairs = new Map<RepairableFile, Repair['state']>();
  const listeners: (() => void)[] = [];
  let audit: Pick<AuditLog, 'append'> | undefined;
  const write = (file: RepairableFile, state: Repair['state']) =>
    audit?.append('file-repaired', { facts: { file, state } });
  const set = (file: RepairableFile, state: Repair['state']) => {
    repairs.set(file, state);
    for (const listener of listeners) listener();
    // A log that can't be written says so itself, and refuses whatever comes next.
    write(file, state)?.catch(() => undefined);
  };
  return {
    get list() {
      return [...repairs].map(([file, state]) => ({ file, state }));
    },
    found(file, state) {
      if (repairs.get(file) !== state) set(file, state);
    },
    completed(file) {
      if (repairs.get(file) === 'waiting') set(file, 'done');
    },
    onChange: (listener) => void listeners.push(listener),
    async writeTo(log) {
      audit = log;
      for (const [file, state] of repairs) await write(file, state);
    },
  };
}
