/** Writes refused commands and refused pages to the audit log without letting a hostile page fill the disk. */
import type { Plane } from '../../shared/contract/names.ts';
import type { ErrorKind } from '../../shared/domain/errors.ts';
import type { AuditLog } from '../audit/log.ts';
import type { AuditFields } from '../audit/writer.ts';

/** One entry of the same refusal in this time; further ones are counted into the next. */
const WINDOW_MS = 10_000;

export interface Denial {
  plane: Plane;
  command: string;
  kind?: ErrorKind;
}

/** Resolves once the refusal is on the disk, or counted. `skipped` of an entry are those it stands for besides itself. */
export type DenialRecorder = (denial: Denial, fields?: AuditFields) => Promise<void>;

export function createDenialRecorder(
  audit: Pick<AuditLog, 'append'>,
  action: 'ipc-denied' | 'page-denied' | 'command-refused',
): DenialRecorder {
  /** What came again since its last entry. */
  const repeated = new Map<string, number>();
  const gather = (key: string, write: (skipped: number) => Promise<unknown>) => {
    repeated.set(key, 0);
    setTimeout(() => {
      const count = repeated.get(key) ?? 0;
      repeated.delete(key);
      if (count === 0) return;
      gather(key, write);
      // Nobody waits for this one; a log that can't be written says so itself.
      write(count - 1).catch(() => undefined);
    }, WINDOW_MS).unref();
  };
  return async (denial, fields = {}) => {
    const key = JSON.stringify([denial, fields]);
    const count = repeated.get(key);
    if (count !== undefined) return void repeated.set(key, count + 1);
    const write = (skipped: number) => audit.append(action, { ...fields, facts: { ...denial, skipped } });
    gather(key, write);
    await write(0);
  };
}
