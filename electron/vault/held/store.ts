/**
 * What is kept for cases, on the disk: a wrapping key sealed by the key store, the secrets under it, the pages as
 * they came. Knows nothing of consents, clocks or the audit log: gate/held decides, this does it durably.
 */
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { fromBase64url, randomBytes, toBase64url, utf8 } from '../../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { type HeldEnding, heldEndingSchema } from '../../../shared/domain/held.ts';
import type { LayerName } from '../../../shared/domain/lookup.ts';
import type { KeyStore } from '../key-store.ts';
import { NAMED } from '../vault.ts';
import {
  type HeldAbout,
  type HeldBinding,
  type HeldDetails,
  HeldFileError,
  type HeldSecrets,
  openDetails,
  openSecrets,
  readAbout,
  sealCase,
} from './case-file.ts';
import { caseOf, type HeldFiles, nameOf } from './files.ts';

const KEY_BYTES = 32;
/** In the place of a key that was destroyed, until all that follows is done. The reason follows. */
const ENDED = 'zhiqing-ended/1';
const layers = ['metadata', 'content'] as const;

/** SHA-256 (hex) of the two files that must be the very ones written; the audit log holds them. */
export interface HeldHashes {
  key: string;
  file: string;
}

export interface HeldInput {
  binding: HeldBinding;
  about: Pick<HeldAbout, 'maskedNumber'>;
  details: HeldDetails;
  secrets: HeldSecrets;
  /** Sealed pages of a layer in order. */
  pages: (layer: LayerName) => AsyncIterable<Bytes>;
  /** @throws when nothing shall be kept any more: looked at between all steps. */
  requireWanted: () => void;
}

export class HeldStore {
  readonly #files: HeldFiles;
  readonly #keyStore: Pick<KeyStore, 'seal' | 'unseal'>;

  constructor(files: HeldFiles, keyStore: Pick<KeyStore, 'seal' | 'unseal'>) {
    this.#files = files;
    this.#keyStore = keyStore;
  }

  /** Ids of all cases of which anything lies there. */
  async list(): Promise<Set<string>> {
    return new Set((await this.#files.list()).flatMap((name) => caseOf(name) ?? []));
  }

  /** Seals: the key first, then the pages, then the secrets, each on the disk before the next. Not yet a case. */
  async seal(input: HeldInput): Promise<HeldHashes> {
    const { binding, about, details, secrets, pages, requireWanted } = input;
    const { caseId } = binding;
    const key = randomBytes(KEY_BYTES);
    try {
      const sealed = await this.#keyStore.seal(`${headOf(caseId)}${toBase64url(key)}`);
      requireWanted();
      await this.#files.replace(nameOf.key(caseId), sealed);
      const bytes = { metadata: 0, content: 0 };
      for (const layer of layers) {
        requireWanted();
        bytes[layer] = await this.#write(nameOf.pages(caseId, layer), pages(layer), requireWanted);
      }
      requireWanted();
      const file = sealCase(key, binding, { about: { ...about, bytes }, details, secrets });
      await this.#files.replace(nameOf.fresh(caseId), file);
      requireWanted();
      return { key: await sha256Hex(new Uint8Array(sealed)), file: await sha256Hex(file) };
    } finally {
      key.fill(0);
    }
  }

  /** Makes a case of what was sealed: one durable step. */
  async keep(caseId: string): Promise<void> {
    await this.#files.rename(nameOf.fresh(caseId), nameOf.case(caseId));
  }

  /** Whether it is a case of the list. */
  async isKept(caseId: string): Promise<boolean> {
    return (await this.#files.size(nameOf.case(caseId))) !== undefined;
  }

  /** Whether it is only what a visit has sealed. */
  async isFresh(caseId: string): Promise<boolean> {
    return (await this.#files.size(nameOf.fresh(caseId))) !== undefined;
  }

  /**
   * What the list shows of a case whose files are the ones written. Nothing is unsealed for it.
   * @throws HeldFileError naming what is not
   */
  async verify(caseId: string, hashes: HeldHashes): Promise<HeldAbout> {
    await this.#key(caseId, hashes);
    const about = readAbout(await this.#file(caseId, hashes));
    for (const layer of layers) {
      const size = await this.#files.size(nameOf.pages(caseId, layer));
      if (size !== about.bytes[layer]) throw new HeldFileError(layer);
    }
    return about;
  }

  /** @throws HeldFileError; Failure 'storage-failed' while the key store does not answer */
  async details(binding: HeldBinding, hashes: HeldHashes): Promise<HeldDetails> {
    return this.#opened(binding, hashes, openDetails);
  }

  /** Copies that the caller overwrites. @throws as {@link details} */
  async secrets(binding: HeldBinding, hashes: HeldHashes): Promise<HeldSecrets> {
    return this.#opened(binding, hashes, openSecrets);
  }

  /** Bytes of a layer's pages; fewer where the file ends. */
  async readPages(caseId: string, layer: LayerName, offset: number, length: number): Promise<Bytes> {
    return this.#files.readAt(nameOf.pages(caseId, layer), offset, length);
  }

  /** Why a destruction was begun that has not come to its end; undefined when none was. */
  async ending(caseId: string): Promise<HeldEnding | undefined> {
    const bytes = await this.#files.read(nameOf.key(caseId));
    const said = /^zhiqing-ended\/1 ([a-z-]+)\n/.exec(Buffer.from(bytes ?? []).toString('latin1'))?.[1];
    return heldEndingSchema.safeParse(said).data;
  }

  /**
   * Destroys a case: the sealed wrapping key is written over where it lies, then the secrets go, then the pages. The
   * reason stands in the key's place until {@link forget}. May be repeated. SECURITY: S11
   */
  async destroy(caseId: string, ending: HeldEnding): Promise<void> {
    const key = nameOf.key(caseId);
    const before = await this.#files.read(key);
    if (before && (await this.ending(caseId)) === undefined) {
      const mark = utf8(`${ENDED} ${ending}\n`);
      const over = new Uint8Array(Math.max(before.length, mark.length));
      over.set(mark);
      await this.#files.overwrite(key, over);
    }
    for (const name of [nameOf.case(caseId), nameOf.fresh(caseId)]) await this.#files.remove(name);
    for (const layer of layers) await this.#files.remove(nameOf.pages(caseId, layer));
    // What a crash left half written.
    for (const name of await this.#files.list()) {
      if (caseOf(name) === caseId && name !== key) await this.#files.remove(name);
    }
  }

  /** The destruction is logged and reported: its mark goes too. */
  async forget(caseId: string): Promise<void> {
    await this.#files.remove(nameOf.key(caseId));
  }

  async #write(name: string, pages: AsyncIterable<Bytes>, requireWanted: () => void): Promise<number> {
    const file = await this.#files.append(name);
    try {
      let size = 0;
      for await (const page of pages) {
        requireWanted();
        await file.write(page);
        size += page.length;
      }
      await file.sync();
      return size;
    } finally {
      await file.close();
    }
  }

  async #opened<T>(
    binding: HeldBinding,
    hashes: HeldHashes,
    open: (key: Bytes, binding: HeldBinding, file: Bytes) => T,
  ): Promise<T> {
    const { caseId } = binding;
    const sealed = await this.#key(caseId, hashes);
    const file = await this.#file(caseId, hashes);
    const { text } = await this.#keyStore.unseal(Buffer.from(sealed)).catch(() => {
      // The file is the one written: it is the key store that does not answer, and that passes.
      throw new Failure('storage-failed', { detail: 'key store' });
    });
    // SECURITY: S14 the key says whose it is: two files exchanged do not pass for each other.
    if (!text.startsWith(headOf(caseId))) throw new HeldFileError('key');
    const key = fromBase64url(text.slice(headOf(caseId).length));
    try {
      return open(key, binding, file);
    } finally {
      key.fill(0);
    }
  }

  async #key(caseId: string, hashes: HeldHashes): Promise<Bytes> {
    return requireHash(await this.#files.read(nameOf.key(caseId)), hashes.key, 'key');
  }

  async #file(caseId: string, hashes: HeldHashes): Promise<Bytes> {
    const file =
      (await this.#files.read(nameOf.case(caseId))) ?? (await this.#files.read(nameOf.fresh(caseId)));
    return requireHash(file, hashes.file, 'case');
  }
}

const headOf = (caseId: string) => `${NAMED} held ${caseId}\n`;

// SECURITY: S16 lost, altered, exchanged or put back: all the same, and never opened.
async function requireHash(bytes: Bytes | undefined, hash: string, part: string): Promise<Bytes> {
  if (!bytes || (await sha256Hex(bytes)) !== hash) throw new HeldFileError(part);
  return bytes;
}
