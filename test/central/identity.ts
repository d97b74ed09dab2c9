/** The subject's identity: challenge by one-time code, proof, assertion. */
import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { Failure } from '../../shared/domain/errors.ts';
import type { Policy, ProofKind } from '../../shared/domain/policy.ts';
import type { Proofs } from '../../shared/protocol/documents.ts';
import { requireServing } from './auth.ts';
import type { Context } from './context.ts';
import type { Handlers } from './routes.ts';
import { verifySecret } from './secret-hash.ts';
import { CODES_LIMIT, clearTries, PROOF_WINDOW_MS, takeTry, triesLeft } from './tries.ts';

/** How long a one-time code counts. */
const CODE_MINUTES = 5;
const CODE_DIGITS = 6;

const proofField: Record<ProofKind, keyof Proofs> = {
  'service-password': 'servicePassword',
  'one-time-code': 'oneTimeCode',
  'identity-number': 'identityNumber',
};

export function identityRoutes(context: Context): Pick<Handlers, 'challenge' | 'prove'> {
  const { db, keys, policies } = context;
  const buckets = (subscriber: string) => {
    const pseudonym = keys.pseudonym('number', subscriber);
    return { codes: `codes:${pseudonym}`, proofs: `proofs:${pseudonym}` };
  };
  const proofLimit = (policy: Policy) => ({ tries: policy.identityTries, windowMs: PROOF_WINDOW_MS });
  const codeHmac = (challengeId: string, code: string) =>
    keys.pseudonym('one-time-code', `${challengeId}:${code}`);

  return {
    challenge: async ({ device, staff, body, now }) => {
      requireServing(staff);
      const policy = await policies.inForce();
      const subject = await db
        .selectFrom('subscribers')
        .select('number')
        .where('number', '=', body.subscriber)
        .executeTakeFirst();
      if (!subject) throw new Failure('unknown-subscriber');
      const bucket = buckets(body.subscriber);
      const left = await triesLeft(db, bucket.proofs, proofLimit(policy), now);
      if (left === 0) throw new Failure('too-many-tries', { triesLeft: 0 });
      await takeTry(db, bucket.codes, CODES_LIMIT, now);

      const id = randomUUID();
      const code = randomInt(10 ** CODE_DIGITS)
        .toString()
        .padStart(CODE_DIGITS, '0');
      const expiresAt = new Date(now + CODE_MINUTES * 60_000);
      await db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${bucket.proofs}, 0))`.execute(tx);
        // Only the newest code counts.
        await tx
          .updateTable('challenges')
          .set({ ended_at: new Date(now) })
          .where('subscriber', '=', body.subscriber)
          .where('ended_at', 'is', null)
          .execute();
        await tx
          .insertInto('challenges')
          .values({
            id,
            session_id: body.sessionId,
            device_id: device.id,
            staff_id: staff.staff.id,
            subscriber: body.subscriber,
            // SECURITY: S12 the code itself is kept nowhere.
            code_hmac: codeHmac(id, code),
            created_at: new Date(now),
            expires_at: expiresAt,
          })
          .execute();
      });
      await context.sms.send(body.subscriber, codeText(policy, code));
      return {
        challengeId: id,
        proofs: policy.identityProofs,
        expiresAt: expiresAt.toISOString(),
        triesLeft: left,
      };
    },

    prove: async ({ device, staff, params, body, now }) => {
      requireServing(staff);
      const policy = await policies.inForce();
      requireProofs(policy, body);
      const challenge = await db
        .selectFrom('challenges')
        .innerJoin('subscribers', 'subscribers.number', 'challenges.subscriber')
        .selectAll()
        .where('id', '=', params.challengeId)
        .executeTakeFirst();
      // Another counter's challenge is answered like none.
      if (challenge?.device_id !== device.id) throw new Failure('bad-input', { detail: 'challengeId' });
      if (challenge.ended_at || challenge.expires_at.getTime() <= now) throw new Failure('code-expired');

      const bucket = buckets(challenge.subscriber);
      const left = await takeTry(db, bucket.proofs, proofLimit(policy), now);
      // All are looked at whatever the first says: time does not tell which one was wrong.
      const passed = [
        body.servicePassword === undefined ||
          (await verifySecret(body.servicePassword, challenge.password_hash)),
        body.oneTimeCode === undefined ||
          sameHex(codeHmac(challenge.id, body.oneTimeCode), challenge.code_hmac),
        body.identityNumber === undefined ||
          sameHex(keys.pseudonym('identity-number', body.identityNumber), challenge.identity_hmac),
      ].every((right) => right);
      if (!passed) throw new Failure('identity-failed', { triesLeft: left });

      const assertionId = randomUUID();
      const verifiedAt = new Date(now);
      // A code passes once, and not when a newer one has ended it in the meantime.
      const used = await db
        .updateTable('challenges')
        .set({ ended_at: verifiedAt, assertion_id: assertionId, verified_at: verifiedAt })
        .where('id', '=', challenge.id)
        .where('ended_at', 'is', null)
        .returning('id')
        .executeTakeFirst();
      if (!used) throw new Failure('code-expired');
      await clearTries(db, bucket.proofs);
      await clearTries(db, bucket.codes);
      return {
        assertionId,
        subscriber: challenge.subscriber,
        name: challenge.name,
        verifiedAt: verifiedAt.toISOString(),
      };
    },
  };
}

/** Exactly the proofs that the policy asks for: one left out is not a pass, one too many is not looked at. */
function requireProofs(policy: Policy, body: Proofs): void {
  for (const [kind, field] of Object.entries(proofField)) {
    const asked = policy.identityProofs.some((proof) => proof === kind);
    if (asked !== (body[field] !== undefined)) throw new Failure('bad-input', { detail: field });
  }
}

function codeText(policy: Policy, code: string): string {
  const { name } = policy.operator;
  return `【${name}】您正在营业厅办理本人记录查询，验证码 ${code}，${CODE_MINUTES}分钟内有效。请在客户屏上自己输入，不要告诉任何人，包括工作人员。`;
}

function sameHex(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
