/** Heads of a log's tree: signed by the device key, kept on the disk, cosigned by central. */
import { equal } from '../../shared/canonical/bytes.ts';
import { parseCheckpoint, signCheckpoint } from '../../shared/canonical/checkpoint.ts';
import type { NoteSigner } from '../../shared/canonical/signed-note.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { KeptCheckpoint } from './checkpoints.ts';
import type { Standing } from './condemned.ts';
import { codeOf } from './files.ts';
import type { OpenedLog } from './open.ts';

/** One call at a time: whoever has it takes turns. */
export class Heads {
  readonly #log: OpenedLog;
  readonly #signer: NoteSigner;
  readonly #standing: Standing;

  constructor(log: OpenedLog, signer: NoteSigner, standing: Standing) {
    this.#log = log;
    this.#signer = signer;
    this.#standing = standing;
  }

  /** Signs the tree over the first `size` entries; durable when it resolves. @throws Failure 'audit-failed' */
  async sign(size: number): Promise<string> {
    this.#standing.require();
    const { checkpoints, tree } = this.#log;
    const known = checkpoints.all.findLast((one) => one.size === size);
    if (known) return known.note;
    const root = tree.root(size);
    const note = await signCheckpoint({ size, root }, this.#signer);
    await this.#keep({ size, root, note });
    return note;
  }

  /** Keeps a head of ours that central has cosigned. @throws Failure 'audit-failed' */
  async cosigned(note: string, at: number): Promise<void> {
    this.#standing.require();
    const { size, root } = parseCheckpoint(note);
    await this.#keep({ size, root, note, cosignedAt: at });
  }

  async #keep(checkpoint: KeptCheckpoint): Promise<void> {
    if (!equal(checkpoint.root, this.#log.tree.root(checkpoint.size))) throw new TypeError('not our tree');
    try {
      await this.#log.checkpoints.add(checkpoint);
    } catch (error) {
      // A full disk leaves the file as it was; anything else leaves it unknown.
      if (codeOf(error) !== 'ENOSPC') this.#standing.stop(codeOf(error));
      throw new Failure('audit-failed', { detail: codeOf(error) });
    }
  }
}
