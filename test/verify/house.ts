/** An operator for tests: root, central with its witness key, counters; and a log that central cosigns. */
import { type Bytes, randomBytes, toBase64url, toHex } from '../../shared/canonical/bytes.ts';
import {
  auditOrigin,
  signCheckpoint,
  WITNESS_NAME,
  withSignature,
} from '../../shared/canonical/checkpoint.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../shared/canonical/json.ts';
import { leafHash } from '../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../shared/canonical/merkle-log.ts';
import {
  type DocumentSigner,
  type SignedDocument,
  signDocument,
} from '../../shared/canonical/signed-document.ts';
import {
  type NoteSigner,
  noteKey,
  parseNote,
  signNote,
  verifierKey,
} from '../../shared/canonical/signed-note.ts';
import { publicKeyOf } from '../../shared/canonical/verify-audit.ts';
import {
  type AuditAction,
  type AuditEntry,
  type AuditProof,
  auditEntrySchema,
} from '../../shared/domain/audit.ts';
import { type Identity, issue, pem } from '../shared/canonical/certificates.ts';

export interface House {
  readonly root: Identity;
  readonly rootPem: string;
  readonly central: DocumentSigner;
  readonly witness: NoteSigner;
  readonly witnessDocument: SignedDocument<unknown>;
  /** A counter of this operator. The subject of its certificate is `CN=<deviceId>,OU=device` unless it is given. */
  counter(deviceId: string, subject?: string): Promise<Counter>;
}

/** How an operator of tests is not as it should be. */
export interface HouseOptions {
  readonly rootSubject?: string;
  /** Subject of central's certificate. */
  readonly centralSubject?: string;
  /** Epoch ms that the witness document states, and is signed at. */
  readonly witnessFrom?: number;
  /** Epoch ms that central's cosignatures state. */
  readonly cosignedAt?: number;
  /** What central cosigns under. */
  readonly witnessName?: string;
}

export interface Counter {
  readonly deviceId: string;
  readonly signer: DocumentSigner;
  readonly publicKey: CryptoKey;
  readonly log: Log;
  /** What a dishonest counter keeps beside it, under the same key. */
  secondLog(): Promise<Log>;
}

export interface Log {
  append(action: AuditAction, fields: Partial<AuditEntry>): Promise<AuditEntry>;
  prove(seq: number): Promise<AuditProof>;
  /** RFC 6962 proof that the first `oldSize` entries begin the log of `size`. */
  consistency(oldSize: number, size: number): string[];
  /** JSON Lines of all entries. */
  text(): string;
}

const signerOf = ({ keys, der }: Identity): DocumentSigner => ({
  privateKey: keys.privateKey,
  certificate: der,
});

/** @param at epoch ms of everything that is signed */
export async function makeHouse(at: number, options: HouseOptions = {}): Promise<House> {
  const { witnessFrom = at - 86_400_000, cosignedAt = at + 60_000 } = options;
  const root = await issue({ subject: options.rootSubject ?? 'CN=Demo Root,OU=root', ca: true });
  const central = signerOf(
    await issue({ subject: options.centralSubject ?? 'CN=central,OU=central', issuer: root }),
  );
  const witness = await witnessKeys(options.witnessName);
  const witnessDocument = await signDocument<unknown>(
    {
      schema: 'zhiqing-witness/1',
      witnessKey: verifierKey(witness),
      logKey: verifierKey(await witnessKeys()),
      validFrom: new Date(witnessFrom).toISOString(),
    },
    central,
    new Date(witnessFrom),
  );
  return {
    root,
    rootPem: pem(root.der),
    central,
    witness,
    witnessDocument,
    counter: async (deviceId, subject = `CN=${deviceId},OU=device`) => {
      const identity = await issue({ subject, issuer: root });
      const signer = signerOf(identity);
      const { publicKey } = identity.keys;
      const secondLog = () => makeLog(deviceId, signer, witness, cosignedAt);
      return { deviceId, signer, publicKey, log: await secondLog(), secondLog };
    },
  };
}

async function witnessKeys(name = WITNESS_NAME): Promise<NoteSigner> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const raw: Bytes = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { ...(await noteKey(name, 'cosignature', raw)), privateKey: pair.privateKey };
}

async function makeLog(
  device: string,
  signer: DocumentSigner,
  witness: NoteSigner,
  at: number,
): Promise<Log> {
  const entries: AuditEntry[] = [];
  const tree = new MerkleLog();
  const key = await noteKey(auditOrigin(device), 'ecdsa', publicKeyOf(signer.certificate));
  return {
    async append(action, fields) {
      const last = entries.at(-1);
      const entry = auditEntrySchema.parse({
        schema: 'zhiqing-audit/1',
        seq: entries.length,
        at: new Date(at).toISOString(),
        device,
        action,
        facts: {},
        salt: toBase64url(randomBytes(16)),
        previous: last ? await sha256Hex(canonicalBytes(last)) : '0'.repeat(64),
        ...fields,
      });
      entries.push(entry);
      tree.append(leafHash(canonicalBytes(entry)));
      return entry;
    },
    async prove(seq) {
      const entry = entries[seq];
      if (!entry) throw new RangeError('no such entry');
      const own = await signCheckpoint(
        { size: tree.size, root: tree.root() },
        { ...key, privateKey: signer.privateKey },
      );
      const cosignature = await signNote(parseNote(own).text, witness, at);
      return {
        entry,
        index: seq,
        size: tree.size,
        proof: tree.inclusion(seq).map(toHex),
        checkpoint: withSignature(own, cosignature),
      };
    },
    consistency: (oldSize, size) => tree.consistency(oldSize, size).map(toHex),
    text: () => entries.map((entry) => `${new TextDecoder().decode(canonicalBytes(entry))}\n`).join(''),
  };
}
