/** Who of the staff may do what. The core decides; the window only does not offer it. SECURITY: S1 */
import { Failure } from '../../shared/domain/errors.ts';
import type { Staff } from '../../shared/domain/staff.ts';

/** Clerks and managers serve customers. An auditor never does: who reads the log has no part in what it says. */
export function mayServe({ role }: Staff): boolean {
  return role === 'clerk' || role === 'manager';
}

/** @throws Failure 'forbidden' for auditors. */
export function requireServing(member: Staff): Staff {
  if (!mayServe(member)) throw new Failure('forbidden', { detail: 'role' });
  return member;
}

/** @throws Failure 'forbidden' for everybody but auditors: who is in the log does not read it. */
export function requireAuditor(member: Staff): Staff {
  if (member.role !== 'auditor') throw new Failure('forbidden', { detail: 'role' });
  return member;
}
