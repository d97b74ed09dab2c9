/** Sign-in and sign-out of staff. */
import { Failure } from '../../shared/domain/errors.ts';
import { staffSchema } from '../../shared/domain/staff.ts';
import type { Context } from './context.ts';
import type { Handlers } from './routes.ts';
import { NO_SECRET, verifySecret } from './secret-hash.ts';
import { clearTries, SIGN_IN_LIMIT, takeTry } from './tries.ts';

export function staffRoutes(context: Context): Pick<Handlers, 'signIn' | 'signOut'> {
  const { db, tokens } = context;
  return {
    signIn: async ({ device, body, now }) => {
      const bucket = `sign-in:${body.staffId}`;
      const triesLeft = await takeTry(db, bucket, SIGN_IN_LIMIT, now);
      const row = await db.selectFrom('staff').selectAll().where('id', '=', body.staffId).executeTakeFirst();
      // An unknown staff number takes as long and answers alike, so that numbers can't be found out.
      const right = await verifySecret(body.pin, row?.pin_hash ?? NO_SECRET);
      // Staff work in their own hall: a PIN that was looked at elsewhere opens nothing here.
      if (!right || row?.hall !== device.hall || row.revoked_at)
        throw new Failure('sign-in-refused', { triesLeft });
      await clearTries(db, bucket);
      const staff = staffSchema.parse({ id: row.id, name: row.name, role: row.role, hall: row.hall });
      const { token, expiresAt } = await tokens.issue(staff, device, now);
      return { token, staff, expiresAt: expiresAt.toISOString() };
    },
    signOut: async ({ staff, now }) => {
      await tokens.end(staff.jti, now);
      return {};
    },
  };
}
