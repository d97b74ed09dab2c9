/** Policies as published: signed once, kept for ever, versions only growing. */
import { sql } from 'kysely';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { type SignedDocument, signDocument } from '../../../shared/canonical/signed-document.ts';
import { type Policy, policySchema } from '../../../shared/domain/policy.ts';
import type { Database } from '../database/open.ts';
import type { Identity } from '../pki/identity.ts';

export interface PolicyStore {
  /** Whether one was ever published. */
  any(): Promise<boolean>;
  /** The policy in force: the newest version. */
  inForce(): Promise<Policy>;
  signedInForce(): Promise<SignedDocument<Policy>>;
  /** @throws RangeError when its version is not newer than the one in force. // SECURITY: S18 */
  publish(policy: Policy): Promise<void>;
}

export function policyStore(db: Database, signer: Identity, now: () => number): PolicyStore {
  const newest = async () => {
    const row = await db
      .selectFrom('policies')
      .selectAll()
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    return { document: policySchema.parse(JSON.parse(row.document)), cms: row.cms };
  };
  return {
    any: async () => (await db.selectFrom('policies').select('version').limit(1).execute()).length > 0,
    inForce: async () => (await newest()).document,
    signedInForce: newest,
    publish: async (policy) => {
      const parsed = policySchema.parse(policy);
      const signed = await signDocument(parsed, signer, new Date(now()));
      await db.transaction().execute(async (tx) => {
        // Two publications at once follow one another.
        await sql`lock table policies in exclusive mode`.execute(tx);
        const newer = await tx
          .selectFrom('policies')
          .select('version')
          .where('version', '>=', parsed.version)
          .executeTakeFirst();
        if (newer) throw new RangeError('a policy version only grows');
        await tx
          .insertInto('policies')
          .values({
            version: parsed.version,
            document: canonicalJson(parsed),
            cms: signed.cms,
            published_at: new Date(now()),
          })
          .execute();
      });
    },
  };
}
