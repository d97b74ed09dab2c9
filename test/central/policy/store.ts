/** Policies as published: signed once, kept for ever, versions only growing. */
import { sql } from 'kysely';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { type SignedDocument, signDocument } from '../../../shared/canonical/signed-document.ts';
import { type Policy, policySchema } from '../../../shared/domain/policy.ts';
import type { ChangeFeed } from '../changes/feed.ts';
import type { Database } from '../database/open.ts';
import type { Identity } from '../pki/identity.ts';

export interface PolicyStore {
  /** Whether one was ever published. */
  any(): Promise<boolean>;
  /** The policy in force: the newest version. */
  inForce(): Promise<Policy>;
  /** The one that was in force at an instant, epoch ms: for what was signed then and arrives now. */
  inForceAt(at: number): Promise<Policy>;
  signedInForce(): Promise<SignedDocument<Policy>>;
  /** @throws RangeError when its version is not newer than the one in force. // SECURITY: S18 */
  publish(policy: Policy): Promise<void>;
}

export function policyStore(
  db: Database,
  signer: Identity,
  now: () => number,
  changes: ChangeFeed,
): PolicyStore {
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
    inForceAt: async (at) => {
      const row = await db
        .selectFrom('policies')
        .select('document')
        .where('published_at', '<=', new Date(at))
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? policySchema.parse(JSON.parse(row.document)) : (await newest()).document;
    },
    signedInForce: newest,
    publish: async (policy) => {
      const parsed = policySchema.parse(policy);
      const signed = await signDocument(parsed, signer, new Date(now()));
      let told: string[] = [];
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
        const devices = await tx.selectFrom('devices').select('id').execute();
        told = devices.map(({ id }) => id);
        // A row a counter: with very many, one row for all and a number of its own for each reader.
        await changes.append(tx, told, { kind: 'policy', policyVersion: parsed.version }, now());
      });
      changes.announce(told);
    },
  };
}
