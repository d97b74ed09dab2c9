/** Policies as published: kept for ever, versions only growing. */
import { sql } from 'kysely';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { type SignedDocument, signDocument } from '../../../shared/canonical/signed-document.ts';
import { type Policy, policySchema } from '../../../shared/domain/policy.ts';
import type { ChangeFeed } from '../changes/feed.ts';
import type { Database } from '../database/open.ts';
import type { Identity } from '../pki/identity.ts';
import { isSignedBy } from '../pki/signed-by.ts';

export interface PolicyStore {
  /** Whether one was ever published. */
  any(): Promise<boolean>;
  versionInForce(): Promise<number>;
  /** The policy in force: the newest version. */
  inForce(): Promise<Policy>;
  /** The one that was in force at an instant, epoch ms: for what was signed then and arrives now. */
  inForceAt(at: number): Promise<Policy>;
  signedInForce(): Promise<SignedDocument<Policy>>;
  /** @throws RangeError when its version is not newer than the one in force. // SECURITY: S18 */
  publish(policy: Policy): Promise<void>;
  /**
   * Signs the one in force anew where another certificate has signed it: counters take none of one that has ended. The
   * document stays as it is, and so does every consent to it. To be called while no other process starts.
   */
  renew(): Promise<void>;
}

export function policyStore(
  db: Database,
  signer: Identity,
  now: () => number,
  changes: ChangeFeed,
): PolicyStore {
  /** Versions read before: what was published is not changed, so that no process can hold an old one for a new one. */
  const read = new Map<number, SignedDocument<Policy>>();
  const newestVersion = async () => {
    // Which one is the newest is asked each time: another process may have published.
    const { version } = await db
      .selectFrom('policies')
      .select('version')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    return version;
  };
  const newest = async () => {
    const version = await newestVersion();
    const known = read.get(version);
    if (known) return known;
    const row = await db
      .selectFrom('policies')
      .selectAll()
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    const signed = { document: policySchema.parse(JSON.parse(row.document)), cms: row.cms };
    // One is in force: the ones before it are asked for by nobody but a consent that comes late.
    read.clear();
    read.set(version, signed);
    return signed;
  };
  return {
    any: async () => (await db.selectFrom('policies').select('version').limit(1).execute()).length > 0,
    versionInForce: newestVersion,
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
    renew: async () => {
      const { document, cms } = await newest();
      if (await isSignedBy({ document, cms }, signer)) return;
      const renewed = await signDocument(document, signer, new Date(now()));
      await db
        .updateTable('policies')
        .set({ cms: renewed.cms })
        .where('version', '=', document.version)
        .execute();
      read.set(document.version, renewed);
    },
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
        // A row a counter, in one statement: fifty thousand are a second or two.
        await changes.append(tx, told, { kind: 'policy', policyVersion: parsed.version }, now());
      });
      changes.announce(told);
    },
  };
}
