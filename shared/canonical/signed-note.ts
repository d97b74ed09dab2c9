/**
 * Signed notes (C2SP signed-note v1): a text and signatures over it, each a line of its own. Three signature
 * types are spoken: Ed25519 (0x01), ECDSA P-256 with SHA-256 (0x02) and timestamped Ed25519 cosignatures (0x04,
 * C2SP tlog-cosignature).
 */
import type { Bytes } from './bytes.ts';
import { concat, equal, fromBase64, toBase64, toHex, utf8 } from './bytes.ts';
import { derSignature, rawSignature } from './ecdsa-signature.ts';
import { sha256 } from './hash.ts';

export const noteTypes = { ed25519: 0x01, ecdsa: 0x02, cosignature: 0x04 } as const;
export type NoteType = keyof typeof noteTypes;

/** A public key with the name it signs under. */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteType;
  /** SPKI DER for 'ecdsa', 32 bytes (RFC 8032) for the others. */
  readonly publicKey: Bytes;
  /** First four bytes of a hash over name, type and key (for 'ecdsa': over the key alone). */
  readonly id: Bytes;
}

export interface NoteSigner extends NoteKey {
  /** Usage 'sign'. */
  readonly privateKey: CryptoKey;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Bytes;
  readonly signature: Bytes;
}

export interface Note {
  /** With its final line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note that has another form than the specification's. */
export class NoteFormatError extends Error {
  readonly kind = 'malformed-note';
  constructor() {
    super('malformed note');
    this.name = 'NoteFormatError';
  }
}

/** More than anybody here signs, and what the specification asks verifiers to accept at least. */
const MOST_SIGNATURES = 16;
const LONGEST_NOTE = 16_384;
const NAME = /^[^\s+\p{Z}]+$/u;
const LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const TIMESTAMP_BYTES = 8;

/** A key with its id. @throws NoteFormatError for a name that a note can't hold or a key of another length. */
export async function noteKey(name: string, type: NoteType, publicKey: Bytes): Promise<NoteKey> {
  if (!NAME.test(name) || (type !== 'ecdsa' && publicKey.length !== 32)) throw new NoteFormatError();
  const input =
    type === 'ecdsa' ? publicKey : concat(utf8(`${name}\n`), new Uint8Array([noteTypes[type]]), publicKey);
  return { name, type, publicKey, id: (await sha256(input)).slice(0, 4) };
}

/** `name+id+key` (signed-note, verifier keys), for documents that state a key. */
export function verifierKey({ name, type, publicKey, id }: NoteKey): string {
  return `${name}+${toHex(id)}+${toBase64(concat(new Uint8Array([noteTypes[type]]), publicKey))}`;
}

/** Reads a verifier key. @throws NoteFormatError when its parts don't fit each other. */
export async function parseVerifierKey(text: string): Promise<NoteKey> {
  const [, name = '', id, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = decode(encoded);
  const type = (Object.keys(noteTypes) as NoteType[]).find((one) => noteTypes[one] === bytes[0]);
  if (type === undefined) throw new NoteFormatError();
  const key = await noteKey(name, type, bytes.slice(1));
  if (toHex(key.id) !== id) throw new NoteFormatError();
  return key;
}

/** Parses a note. Signatures are not looked at. @throws NoteFormatError */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  // Control characters other than the line feed have no place in a note.
  const control = [...note].some((character) => character < ' ' && character !== '\n');
  if (note.length > LONGEST_NOTE || end < 0 || !note.endsWith('\n') || control || !note.isWellFormed()) {
    throw new NoteFormatError();
  }
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) throw new NoteFormatError();
  const signatures = lines.map((line) => {
    const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
    const bytes = decode(encoded);
    if (!NAME.test(name) || bytes.length < 5) throw new NoteFormatError();
    return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
  });
  return { text: note.slice(0, end + 1), signatures };
}

/** Writes a note. */
export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, id, signature }) => `— ${name} ${toBase64(concat(id, signature))}\n`);
  return `${text}\n${lines.join('')}`;
}

/** Signs a text. @param at Epoch ms, for a cosignature, which states seconds. */
export async function signNote(text: string, signer: NoteSigner, at = 0): Promise<NoteSignature> {
  const { name, id, type, privateKey } = signer;
  if (type === 'ecdsa') {
    const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, utf8(text));
    return { name, id, signature: derSignature(new Uint8Array(raw)) };
  }
  const seconds = BigInt(Math.floor(at / 1000));
  const message = type === 'cosignature' ? cosigned(text, seconds) : text;
  const signed = new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, utf8(message)));
  return { name, id, signature: type === 'cosignature' ? concat(bigEndian(seconds), signed) : signed };
}

/** A signature that holds; `at` is the time a cosignature states, epoch ms. */
export type NoteVerdict = { readonly ok: true; readonly at?: number } | { readonly ok: false };

/**
 * Whether a note carries a good signature of a key. A line with the key's name and id that does not verify
 * refuses the note, whatever other lines say; lines of other keys are ignored.
 */
export async function verifyNote(note: Note, key: NoteKey): Promise<NoteVerdict> {
  const lines = note.signatures.filter(({ name, id }) => name === key.name && equal(id, key.id));
  let verdict: NoteVerdict = { ok: false };
  for (const { signature } of lines) {
    verdict = await verifyLine(note.text, signature, key);
    if (!verdict.ok) return verdict;
  }
  return verdict;
}

async function verifyLine(text: string, signature: Bytes, key: NoteKey): Promise<NoteVerdict> {
  try {
    if (key.type === 'ecdsa') {
      const raw = rawSignature(signature);
      if (raw === undefined) return { ok: false };
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
      const imported = await crypto.subtle.importKey('spki', key.publicKey, algorithm, false, ['verify']);
      const good = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, raw, utf8(text));
      return good ? { ok: true } : { ok: false };
    }
    const imported = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, ['verify']);
    if (key.type === 'ed25519') {
      return (await crypto.subtle.verify('Ed25519', imported, signature, utf8(text)))
        ? { ok: true }
        : { ok: false };
    }
    if (signature.length !== TIMESTAMP_BYTES + 64) return { ok: false };
    const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
    const message = utf8(cosigned(text, seconds));
    const good = await crypto.subtle.verify('Ed25519', imported, signature.slice(TIMESTAMP_BYTES), message);
    return good ? { ok: true, at: Number(seconds) * 1000 } : { ok: false };
  } catch {
    // A key that the platform does not take verifies nothing. SECURITY: S16
    return { ok: false };
  }
}

/** What a cosignature signs (tlog-cosignature, Ed25519 signed message). */
function cosigned(text: string, seconds: bigint): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`;
}

function bigEndian(value: bigint): Bytes {
  const bytes = new Uint8Array(TIMESTAMP_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

function decode(text: string): Bytes {
  try {
    return fromBase64(text);
  } catch {
    throw new NoteFormatError();
  }
}
