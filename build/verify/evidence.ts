/** An evidence folder in memory: its files, and its documents as they are asked for. */
import type { z } from 'zod';
import { type Bytes, equal, fromBase64, fromUtf8, toHex } from '../../shared/canonical/bytes.ts';
import { type CmsSigner, verifyDetached } from '../../shared/canonical/cms.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../shared/canonical/json.ts';
import { type CertificateRole, subjectField } from '../../shared/canonical/signed-document.ts';
import { witnessSchema } from '../../shared/domain/audit.ts';
import { consentRecordSchema } from '../../shared/domain/consent.ts';
import { manifestSchema } from '../../shared/domain/lookup.ts';
import { receiptSchema } from '../../shared/domain/receipt.ts';
import { consentAcceptanceSchema } from '../../shared/protocol/documents.ts';
import { must, Wrong } from './result.ts';

/** Names of signed documents: `<name>.json` with `<name>.p7s`. */
export const documents = {
  receipt: { schema: receiptSchema, role: 'device' },
  consent: { schema: consentRecordSchema, role: 'device' },
  acceptance: { schema: consentAcceptanceSchema, role: 'central' },
  manifest: { schema: manifestSchema, role: 'central' },
  witness: { schema: witnessSchema, role: 'central' },
} as const satisfies Record<string, { schema: z.ZodType; role: CertificateRole }>;
export type DocumentName = keyof typeof documents;
type DocumentOf<N extends DocumentName> = z.infer<(typeof documents)[N]['schema']>;

/** A signature that holds. */
export interface Signed {
  readonly signer: CmsSigner;
  readonly signingTime: Date;
}

const PEM_BEGIN = '-----BEGIN CERTIFICATE-----\n';
const PEM_END = '-----END CERTIFICATE-----\n';
const CHANGED = 'what was signed is not what lies here';

export class Evidence {
  readonly files: ReadonlyMap<string, Bytes>;
  /** What lies there and was not read, by name, and why. */
  readonly unread: ReadonlyMap<string, string>;
  /** Verified once: several checks lean on the same signature. */
  readonly #signatures = new Map<DocumentName, Promise<Signed>>();

  constructor(files: ReadonlyMap<string, Bytes>, unread: ReadonlyMap<string, string> = new Map()) {
    this.files = files;
    this.unread = unread;
  }

  /** Whether something of that name lies there, read or not. */
  has(name: string): boolean {
    return this.files.has(name) || this.unread.has(name);
  }

  /** @throws Wrong */
  bytes(name: string): Bytes {
    const why = this.unread.get(name);
    if (why !== undefined) throw new Wrong(`${name} ${why}`, 'what was not read can not be checked');
    const bytes = this.files.get(name);
    if (!bytes)
      throw new Wrong(`${name} is missing`, 'the folder is not complete, so this can not be checked');
    return bytes;
  }

  sha256(name: string): Promise<string> {
    return sha256Hex(this.bytes(name));
  }

  /**
   * DER of the certificate in `ca.pem`: one block and nothing else, since tools differ in which of two they show and
   * which they trust.
   */
  get root(): Bytes {
    const text = fromUtf8(this.bytes('ca.pem'));
    const blocks = text.split(PEM_BEGIN).length - 1;
    must(
      blocks === 1,
      `ca.pem holds ${blocks} certificates`,
      'one root is trusted, whichever a tool looks at',
    );
    const base64 = text.slice(PEM_BEGIN.length, -PEM_END.length).replaceAll('\n', '');
    const spelt = `${PEM_BEGIN}${(base64.match(/.{1,64}/g) ?? []).map((line) => `${line}\n`).join('')}${PEM_END}`;
    must(
      text === spelt,
      'ca.pem holds more than one PEM block of lines of 64',
      'tools may read it in two ways',
    );
    return fromBase64(base64);
  }

  /** A document whose bytes are canonical and of its schema. Its signature is checked elsewhere. @throws Wrong */
  document<N extends DocumentName>(name: N): DocumentOf<N> {
    return this.parsed(`${name}.json`, documents[name].schema) as DocumentOf<N>;
  }

  /** A JSON file whose bytes are canonical (RFC 8785) and of a schema. @throws Wrong */
  parsed<S extends z.ZodType>(file: string, schema: S): z.infer<S> {
    const bytes = this.bytes(file);
    const read = schema.safeParse(JSON.parse(fromUtf8(bytes)));
    if (!read.success) {
      const path = read.error.issues[0]?.path.join('.') ?? '';
      throw new Wrong(`${file} has another form at '${path}'`, 'it was changed, or is of another version');
    }
    must(equal(canonicalBytes(read.data), bytes), `${file} is not canonical JSON`, CHANGED);
    return read.data;
  }

  /** Verifies `<name>.p7s` over `<name>.json`. @throws Wrong */
  signature(name: DocumentName): Promise<Signed> {
    const known = this.#signatures.get(name) ?? this.#verify(name);
    this.#signatures.set(name, known);
    return known;
  }

  async #verify(name: DocumentName): Promise<Signed> {
    const verdict = await verifyDetached({
      content: this.bytes(`${name}.json`),
      cms: this.bytes(`${name}.p7s`),
      trustedCertificates: [this.root],
      exact: true,
    });
    if (!verdict.ok)
      throw new Wrong(`${verdict.reason} (${verdict.detail})`, meanings[verdict.reason] ?? CHANGED);
    const { role } = documents[name];
    requireRole(verdict.signer, role);
    return verdict;
  }
}

/** @throws Wrong when a certificate is not of the role, told by the OU of its subject. */
export function requireRole({ certificate, subject }: CmsSigner, role: CertificateRole): void {
  must(
    subjectField(certificate, 'OU') === role,
    `signed by ${subject}`,
    `only a certificate with OU=${role} may sign this`,
  );
}

/** How two hashes are compared in words. */
export function short(hex: string): string {
  return `${hex.slice(0, 16)}…`;
}

export const hex = toHex;

export const meanings: Partial<Record<string, string>> = {
  'digest-mismatch': CHANGED,
  'bad-signature': 'it was not signed with the key of that certificate, or was changed since',
  'untrusted-signer': 'the signer has no certificate of the operator whose root is in ca.pem',
  'not-valid-at-time': 'the certificate was not valid when this was signed',
  malformed: 'the signature was changed, or something was added to it',
  'byte-range': 'something was added to the file after signing, or is left out of the signature',
  'signature-count': 'the file was signed again, or never',
  contents: 'the signature does not cover everything around it',
  dictionary: 'tools may read it in two ways',
};
