/** The subject's identity: challenge by one-time code, proof, assertion. */
import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { Failure } from '../../shared/domain/errors.ts';
import { ADULT_YEARS, ageOn, birthDay, CHILD_YEARS } from '../../shared/domain/identity-number.ts';
import { dayOf } from '../../shared/domain/period.ts';
import { type Policy, type ProofKind, type SignerRule, signerRule } from '../../shared/domain/policy.ts';
import type { RepresentationKind } from '../../shared/domain/representation.ts';
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
  'representative-identity-number': 'representativeIdentityNumber',
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
        .select(['number', 'born'])
        .where('number', '=', body.subscriber)
        .executeTakeFirst();
      if (!subject) throw new Failure('unknown-subscriber');
      const representation = body.representation ?? 'self';
      const rule = requireRule(policy, representation, subject.born, now);
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
            representation,
            // SECURITY: S12 the code itself is kept nowhere.
            code_hmac: codeHmac(id, code),
            created_at: new Date(now),
            expires_at: expiresAt,
          })
          .execute();
      });
      const asksCode = rule.proofs.includes('one-time-code');
      await context.sms.send(
        body.subscriber,
        phoneText(policy, representation, asksCode ? code : undefined, body.about),
      );
      return {
        challengeId: id,
        proofs: rule.proofs,
        expiresAt: expiresAt.toISOString(),
        triesLeft: left,
      };
    },

    prove: async ({ device, staff, params, body, now }) => {
      requireServing(staff);
      const policy = await policies.inForce();
      const challenge = await db
        .selectFrom('challenges')
        .innerJoin('subscribers', 'subscribers.number', 'challenges.subscriber')
        .selectAll()
        .where('id', '=', params.challengeId)
        .executeTakeFirst();
      // Another counter's challenge is answered like none.
      if (challenge?.device_id !== device.id) throw new Failure('bad-input', { detail: 'challengeId' });
      if (challenge.ended_at || challenge.expires_at.getTime() <= now) throw new Failure('code-expired');

      const rule = signerRule(policy, challenge.representation);
      if (!rule) throw new Failure('representation-refused', { detail: 'kind' });
      requireProofs(rule.proofs, body);

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
        body.representativeIdentityNumber === undefined ||
          (await isRepresentative(context, challenge, body.representativeIdentityNumber, rule, now)),
      ].every((right) => right);
      if (!passed) throw new Failure('identity-failed', { triesLeft: left });

      const assertionId = randomUUID();
      const verifiedAt = new Date(now);
      // A code passes once, and not when a newer one has ended it in the meantime.
      const used = await db
        .updateTable('challenges')
        .set({
          ended_at: verifiedAt,
          assertion_id: assertionId,
          verified_at: verifiedAt,
          representative_hmac:
            body.representativeIdentityNumber === undefined
              ? null
              : keys.pseudonym('identity-number', body.representativeIdentityNumber),
        })
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

/**
 * The rule for who comes. A child's own consent does not count; a guardian's does for a child only.
 * @throws Failure 'representation-refused'. // SECURITY: S1 S6
 */
function requireRule(
  policy: Policy,
  representation: RepresentationKind,
  born: string | null,
  now: number,
): SignerRule {
  const rule = signerRule(policy, representation);
  if (!rule) throw new Failure('representation-refused', { detail: 'kind' });
  const age = born ? ageOn(born, dayOf(now)) : undefined;
  if (representation === 'self' && age !== undefined && age < CHILD_YEARS) {
    throw new Failure('representation-refused', { detail: 'a guardian is needed' });
  }
  // An age that the register does not know is no child's.
  if (rule.subjectUnder !== undefined && (age === undefined || age >= rule.subjectUnder)) {
    throw new Failure('representation-refused', { detail: 'age of the subject' });
  }
  return rule;
}

/** A genuine number of somebody of age who is not the subject, and the one that the register names if it must be. */
async function isRepresentative(
  { db, keys }: Context,
  subject: { subscriber: string; identity_hmac: string },
  identityNumber: string,
  rule: SignerRule,
  now: number,
): Promise<boolean> {
  const born = birthDay(identityNumber);
  if (born === undefined || ageOn(born, dayOf(now)) < ADULT_YEARS) return false;
  const hmac = keys.pseudonym('identity-number', identityNumber);
  if (sameHex(hmac, subject.identity_hmac)) return false;
  if (!rule.registered) return true;
  const registered = await db
    .selectFrom('guardians')
    .select('subscriber')
    .where('subscriber', '=', subject.subscriber)
    .where('identity_hmac', '=', hmac)
    .executeTakeFirst();
  return registered !== undefined;
}

/** Exactly the proofs that the policy asks for: one left out is not a pass, one too many is not looked at. */
function requireProofs(proofs: readonly ProofKind[], body: Proofs): void {
  for (const [kind, field] of Object.entries(proofField)) {
    const asked = proofs.some((proof) => proof === kind);
    if (asked !== (body[field] !== undefined)) throw new Failure('bad-input', { detail: field });
  }
}

/** How a text to the number names who stands at the counter. */
const callers: Record<RepresentationKind, string> = {
  self: '您正在',
  guardian: '机主的监护人正在',
  agent: '有人持您的授权委托书正在',
  relative: '有人以机主亲属的身份正在',
};

/** What they do there. */
const errands = { lookup: '机主本人记录的查询', withdrawal: '同意的撤回' } as const;

/** What the subject's phone is told: whoever comes in their name does not come behind their back. */
function phoneText(
  policy: Policy,
  representation: RepresentationKind,
  code: string | undefined,
  about: 'lookup' | 'withdrawal' = 'lookup',
): string {
  const { name, contact } = policy.operator;
  const begin = `【${name}】${callers[representation]}营业厅办理${errands[about]}。`;
  if (code === undefined) return `${begin}如果不属实，请立即拨打 ${contact}。`;
  const use =
    representation === 'self'
      ? '请在客户屏上自己输入，不要告诉任何人，包括工作人员。'
      : `您确实委托了才把它告诉受托人；没有委托，请立即拨打 ${contact}。`;
  return `${begin}验证码 ${code}，${CODE_MINUTES}分钟内有效。${use}`;
}

function sameHex(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
