/** Several processes of the service over one database: they start one after the other, and with the same keys. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import pg from 'pg';
import { toHex } from '../../shared/canonical/bytes.ts';
import { hashOf } from '../../shared/canonical/hash.ts';
import { verifierKey } from '../../shared/canonical/signed-note.ts';
import type { WitnessKeys } from './audit/witness.ts';
import type { Database } from './database/open.ts';
import type { ServiceKeys } from './keys.ts';
import type { Authority } from './pki/authority.ts';

/**
 * Waits until no other process is starting over this database: keys, schema, first policy and demo data are made
 * once. Held by a session of its own, which ends with the process, whatever becomes of it.
 * @returns what lets the next one start.
 */
export async function takeTurn(url: string): Promise<() => Promise<void>> {
  const session = new pg.Client({ connectionString: url });
  await session.connect();
  try {
    await session.query(`select pg_advisory_lock(hashtextextended('start-up', 0))`);
  } catch (error) {
    await session.end();
    throw error;
  }
  let ended: Promise<void> | undefined;
  return () => {
    ended ??= session.end();
    return ended;
  };
}

/** The keys of this process are not those that the database's contents were made with. */
export class OtherKeysError extends Error {
  constructor() {
    super('the database belongs to a service with other keys: all its processes need the same ones');
    this.name = 'OtherKeysError';
  }
}

export interface KeysInUse {
  readonly authority: Authority;
  readonly keys: ServiceKeys;
  readonly tokenKey: KeyObject;
  readonly witness: WitnessKeys;
}

/** The setting under which they are noted. An earlier one, `keys`, held the witness document as well. */
const NOTED = 'keys/2';

/**
 * Notes the keys at the first start and compares at every other: with other keys a process would refuse its
 * sisters' tokens, open no consent of theirs, and sign a second log in central's name.
 * @throws OtherKeysError. // SECURITY: S16
 */
export async function requireSameKeys(db: Database, used: KeysInUse): Promise<void> {
  const { authority, keys, tokenKey, witness } = used;
  const spki = createPublicKey(tokenKey).export({ type: 'spki', format: 'der' });
  const value = await hashOf({
    root: toHex(authority.root.certificate),
    token: spki.toString('hex'),
    // The keys, not the document: that one is signed anew with each certificate of central's.
    witness: [verifierKey(witness.cosigner), verifierKey(witness.log)],
    // One-way: says whether the key is the same and nothing of it.
    service: keys.pseudonym('number', 'the same keys'),
  });
  await db
    .insertInto('settings')
    .values({ name: NOTED, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const kept = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', NOTED)
    .executeTakeFirstOrThrow();
  if (kept.value !== value) throw new OtherKeysError();
}
