/** Writes refused commands and refused pages to the audit log without letting a hostile page fill the disk. */
import type { Plane } from '../../shared/contract/names.ts';
import type { AuditLog } from '../audit/log.ts';

/** One entry a command in this time; further ones are counted into the next. */
const WINDOW_MS = 10_000;

export function createDenialRecorder(
  audit: Pick<AuditLog, 'append'>,
  monotonic: () => number = () => performance.now(),
  action: 'ipc-denied' | 'page-denied' = 'ipc-denied',
): (plane: Plane, command: string) => Promise<void> {
  const seen = new Map<string, { at: number; skipped: number }>();
  return async (plane, command) => {
    const key = `${plane} ${command}`;
    const now = monotonic();
    const last = seen.get(key);
    if (last && now - last.at < WINDOW_MS) {
      last.skipped += 1;
      return;
    }
    seen.set(key, { at: now, skipped: 0 });
    await audit.append(action, { facts: { plane, command, skipped: last?.skipped ?? 0 } });
  };
}
