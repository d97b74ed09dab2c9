/** Sign-in and sign-out of staff. */
import { Failure } from '../../shared/domain/errors.ts';
import { type Credentials, type Staff, staffSchema } from '../../shared/domain/staff.ts';
import type { Device } from './auth.ts';
import type { Context } from './context.ts';
import type { Handlers } from './routes.ts';
import { NO_SECRET, verifySecret } from './secret-hash.ts';
import { clearTries, SIGN_IN_LIMIT, takeTry } from './tries.ts';

/**
 * The member of staff whose number and PIN these are, in the hall of the counter.
 * @throws Failure 'sign-in-refused' with the tries left, 'too-many-tries'. // SECURITY: S17
 */
export async function checkCredentials(
  { db }: Pick<Context, 'db'>,
  device: Device,
  { staffId, pin }: Credentials,
  now: number,
): Promise<Staff> {
  const bucket = `sign-in:${staffId}`;
  const triesLeft = await takeTry(db, bucket, SIGN_IN_LIMIT, now);
  const row = await db.selectFrom('staff').selectAll().where('id', '=', staffId).executeTakeFirst();
  // An unknown staff number takes as long and answers alike, so that numbers can't be found out.
  const right = await verifySecret(pin, row?.pin_hash ?? NO_SECRET);
  // Staff work in their own hall: a PIN that was looked at elsewhere opens nothing here.
  if (!right || row?.hall !== device.hall || row.revoked_at)
    throw new Failure('sign-in-refused', { triesLeft });
  await clearTries(db, bucket);
  return staffSchema.parse({ id: row.id, name: row.name, role: row.role, hall: row.hall });
}

export function staffRoutes(context: Context): Pick<Handlers, 'signIn' | 'signOut'> {
  const { tokens } = context;
  return {
    signIn: async ({ device, body, now }) => {
      const staff = await checkCredentials(context, device, body, now);
      const { token, expiresAt } = await tokens.issue(staff, device, now);
      return { token, staff, expiresAt: expiresAt.toISOString() };
    },
    signOut: async ({ staff, now }) => {
      await tokens.end(staff.jti, now);
      return {};
    },
  };
}
