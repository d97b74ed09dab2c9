/** The keys that central vouches for counters' logs with. A real operator keeps them in an HSM. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Bytes, fromBase64url } from '../../../shared/canonical/bytes.ts';
import { CENTRAL_ORIGIN, WITNESS_NAME } from '../../../shared/canonical/checkpoint.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { type SignedDocument, signDocument } from '../../../shared/canonical/signed-document.ts';
import {
  type NoteSigner,
  type NoteType,
  noteKey,
  verifierKey,
} from '../../../shared/canonical/signed-note.ts';
import { type Witness, witnessSchema } from '../../../shared/domain/audit.ts';
import { signedWitnessSchema } from '../../../shared/protocol/documents.ts';
import { replaceFile, writeOnce } from '../keys.ts';
import type { Identity } from '../pki/identity.ts';
import { isSignedBy } from '../pki/signed-by.ts';

export interface WitnessKeys {
  /** Cosigns counters' checkpoints. */
  readonly cosigner: NoteSigner;
  /** Signs the checkpoints of central's own log. Another key: what each signs means something else. */
  readonly log: NoteSigner;
  /** Both public keys, signed by central. */
  readonly document: SignedDocument<Witness>;
}

/**
 * Opens the keys of a folder, making them and their document on the first start. The document is made anew, over the same
 * keys, when central's certificate is another one than has signed it.
 */
export async function openWitness(folder: string, central: Identity, now: number): Promise<WitnessKeys> {
  const cosigner = await openKey(`${folder}/witness.key.pem`, WITNESS_NAME, 'cosignature');
  const log = await openKey(`${folder}/log.key.pem`, CENTRAL_ORIGIN, 'ed25519');
  const kept = await readKept(`${folder}/witness.json`);
  if (kept && (await isSignedBy(kept, central))) return { cosigner, log, document: kept };
  const document: Witness = witnessSchema.parse({
    schema: 'zhiqing-witness/1',
    witnessKey: verifierKey(cosigner),
    logKey: verifierKey(log),
    validFrom: new Date(now).toISOString(),
  });
  const signed = await signDocument(document, central, new Date(now));
  await replaceFile(`${folder}/witness.json`, canonicalJson(signed));
  return { cosigner, log, document: signed };
}

async function readKept(file: string): Promise<SignedDocument<Witness> | undefined> {
  try {
    return signedWitnessSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function openKey(file: string, name: string, type: NoteType): Promise<NoteSigner> {
  await writeOnce(file, () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  const key = createPrivateKey(await readFile(file));
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  const publicKey: Bytes = fromBase64url(x ?? '');
  const pkcs8 = new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  return { ...(await noteKey(name, type, publicKey)), privateKey };
}
