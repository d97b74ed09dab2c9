/** What was not foreseen ends the counter: nobody is served by a core in a state that nobody knows. */
import type { AuditLog } from '../audit/log.ts';

/** How long the last audit entry may take. */
const LAST_ENTRY_MS = 2_000;

export interface CrashGuard {
  /** From here on a crash is logged. */
  setAudit(audit: AuditLog): void;
  /** Ends the process because of something unforeseen. Only the kind of the error is told. SECURITY: S12 S16 */
  crash(error: unknown, plane?: string): Promise<void>;
}

export function guardCrashes(exit: (code: number) => void): CrashGuard {
  let audit: AuditLog | undefined;
  let crashed = false;
  const crash = async (error: unknown, where = 'core') => {
    if (crashed) return;
    crashed = true;
    const kind = kindOf(error);
    process.stderr.write(`意外错误,已停止服务 / unexpected error, stopped: ${where} ${kind}\n`);
    const limit = new Promise((resolve) => setTimeout(resolve, LAST_ENTRY_MS));
    const written = audit?.append('core-crashed', { facts: { where, kind } }).catch(() => undefined);
    await Promise.race([written, limit]);
    exit(1);
  };
  process.on('uncaughtException', (error) => void crash(error));
  process.on('unhandledRejection', (error) => void crash(error));
  return {
    setAudit(log) {
      audit = log;
    },
    crash,
  };
}

/** Class and place of an error in our own bundle; a message may quote data. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = /\(?((?:[\w-]+\/)*[\w.-]+\.js:\d+:\d+)\)?/.exec(error.stack ?? '')?.[1] ?? '';
  const name = 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
  return `${name} ${place}`.trim().slice(0, 180);
}
