/** The newest policy that this counter has adopted. */
import type { AuditEntry } from '../../shared/domain/audit.ts';

export function policyFollower(): { see(entry: AuditEntry): void; readonly newest: number } {
  let newest = 0;
  return {
    see({ action, facts }) {
      if (action === 'policy-adopted' && typeof facts.version === 'number')
        newest = Math.max(newest, facts.version);
    },
    get newest() {
      return newest;
    },
  };
}
