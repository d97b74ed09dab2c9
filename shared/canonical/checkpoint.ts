/** Checkpoints of a Merkle tree (C2SP tlog-checkpoint): origin, size and root as a signed note. */
import type { Bytes } from './bytes.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import { HASH_BYTES } from './hash.ts';
import type { Note, NoteKey, NoteSigner } from './signed-note.ts';
import { formatNote, noteKey, parseNote, signNote, verifyNote } from './signed-note.ts';

/** A tree's head. */
export interface TreeHead {
  /** Leaves. */
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Bytes;
}

export interface Checkpoint extends TreeHead {
  /** Which log this is a head of. */
  readonly origin: string;
  readonly note: Note;
}

/** Origin of a counter's audit log. */
export const auditOrigin = (deviceId: string): string => `zhiqing/audit/${deviceId}`;
/** Origin of central's own log. */
export const CENTRAL_ORIGIN = 'zhiqing/central/log';
/** Name that central cosigns under. */
export const WITNESS_NAME = 'zhiqing/central/witness';

/** A text that is no checkpoint. */
export class CheckpointFormatError extends Error {
  readonly kind = 'malformed-checkpoint';
  constructor() {
    super('malformed checkpoint');
    this.name = 'CheckpointFormatError';
  }
}

/** The signed part of a checkpoint. */
export function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Signs a head under the signer's name, which is the origin. */
export async function signCheckpoint(head: TreeHead, signer: NoteSigner): Promise<string> {
  const text = checkpointText(signer.name, head);
  return formatNote({ text, signatures: [await signNote(text, signer)] });
}

/**
 * Reads a checkpoint; its signatures are not looked at. Extension lines are refused: nothing here writes any.
 * @throws NoteFormatError, CheckpointFormatError
 */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  const [origin = '', size = '', encoded = '', ...rest] = note.text.split('\n');
  if (origin === '' || !/^(0|[1-9]\d{0,14})$/.test(size) || rest.length !== 1 || rest[0] !== '') {
    throw new CheckpointFormatError();
  }
  let root: Bytes;
  try {
    root = fromBase64(encoded);
  } catch {
    throw new CheckpointFormatError();
  }
  if (root.length !== HASH_BYTES) throw new CheckpointFormatError();
  return { origin, size: Number(size), root, note };
}

/** The checkpoint when the log's own key has signed it under its origin; else undefined. Never throws on input. */
export async function openCheckpoint(text: string, key: NoteKey): Promise<Checkpoint | undefined> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = parseCheckpoint(text);
  } catch {
    return undefined;
  }
  if (checkpoint.origin !== key.name) return undefined;
  return (await verifyNote(checkpoint.note, key)).ok ? checkpoint : undefined;
}

/** Adds a signature line; one of the same key is replaced. */
export function withSignature(text: string, added: Note['signatures'][number]): string {
  const note = parseNote(text);
  const others = note.signatures.filter(
    ({ name, id }) => name !== added.name || id.some((byte, i) => byte !== added.id[i]),
  );
  return formatNote({ text: note.text, signatures: [...others, added] });
}

/** The key a counter signs its checkpoints with. @param publicKey ECDSA P-256, exportable. */
export async function deviceNoteKey(deviceId: string, publicKey: CryptoKey): Promise<NoteKey> {
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  return noteKey(auditOrigin(deviceId), 'ecdsa', spki);
}
