/** Which role each member of staff had when they last signed in at this counter. */
import type { AuditEntry } from '../../shared/domain/audit.ts';
import { type Staff, staffRoles } from '../../shared/domain/staff.ts';

export function roleFollower(): {
  see(entry: AuditEntry): void;
  last(staffId: string): Staff['role'] | undefined;
} {
  const known = new Map<string, Staff['role']>();
  return {
    see({ action, staffId, facts }) {
      if (action !== 'staff-signed-in' || staffId === undefined) return;
      const role = staffRoles.find((one) => one === facts.role);
      if (role) known.set(staffId, role);
    },
    last: (staffId) => known.get(staffId),
  };
}
