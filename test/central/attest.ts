/** A second member of staff confirms, in person, what was signed: a mark, or a representative. */
import { randomUUID } from 'node:crypto';
import { Failure } from '../../shared/domain/errors.ts';
import { requireServing } from './auth.ts';
import type { Context } from './context.ts';
import type { Handlers } from './routes.ts';
import { checkCredentials } from './staff.ts';

export function attestRoutes(context: Context): Pick<Handlers, 'attest'> {
  const { db } = context;
  return {
    attest: async ({ device, staff, body, now }) => {
      requireServing(staff);
      // SECURITY: S8 two people, before a PIN is even looked at.
      if (body.staffId === staff.staff.id) throw new Failure('witness-refused', { detail: 'staffId' });
      const witness = await checkCredentials(context, device, body, now);
      if (witness.role === 'auditor') throw new Failure('witness-refused', { detail: 'role' });
      const witnesses = [staff.staff.id, witness.id].map((staffId) => ({ staffId, assertion: randomUUID() }));
      await db
        .insertInto('attestations')
        .values(
          witnesses.map(({ staffId, assertion }) => ({
            id: assertion,
            session_id: body.sessionId,
            device_id: device.id,
            subscriber: body.subscriber,
            ink_sha256: body.inkSha256,
            staff_id: staffId,
            attested_at: new Date(now),
          })),
        )
        .execute();
      return { witnesses };
    },
  };
}
