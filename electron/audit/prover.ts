/** Proofs that an entry is in the log, under central's cosignature when that can be had. */
import { toHex } from '../../shared/canonical/bytes.ts';
import { parseCheckpoint } from '../../shared/canonical/checkpoint.ts';
import type { AuditProof } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { EntryReader } from './entry-reader.ts';
import type { OpenedLog } from './open.ts';

/** How long a proof waits for central's cosignature when nobody says otherwise. */
const WITNESS_PATIENCE_MS = 3_000;
/** A connection that breaks off is tried once more. */
const WITNESS_TRIES = 2;

interface Parts {
  readonly log: OpenedLog;
  readonly reader: EntryReader;
  /** Signs the whole tree as it is. */
  readonly sign: () => Promise<string>;
}

export class Prover {
  readonly #parts: Parts;
  #witness: (() => Promise<void>) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  setWitness(fetch: () => Promise<void>): void {
    this.#witness = fetch;
  }

  /** @throws Failure 'bad-input' for no such entry, 'audit-failed' */
  async prove(seq: number, patienceMs = WITNESS_PATIENCE_MS): Promise<AuditProof> {
    if (!Number.isInteger(seq) || seq < 0 || seq >= this.#parts.log.tree.size)
      throw new Failure('bad-input', { detail: 'seq' });
    await this.#askWitness(seq, patienceMs);
    const { log, reader, sign } = this.#parts;
    const { checkpoints, tree } = log;
    const { cosigned, last } = checkpoints;
    let note = [cosigned, last].find((one) => one !== undefined && one.size > seq)?.note;
    note ??= await sign();
    const { size } = parseCheckpoint(note);
    const [entry] = await reader.from(seq, 1);
    if (!entry) throw new Failure('bad-input', { detail: 'seq' });
    return { entry, index: seq, size, proof: tree.inclusion(seq, size).map(toHex), checkpoint: note };
  }

  async #askWitness(seq: number, patienceMs: number): Promise<void> {
    const over = () => (this.#parts.log.checkpoints.cosigned?.size ?? 0) > seq;
    const ask = async (): Promise<void> => {
      for (let tries = 0; tries < WITNESS_TRIES && !over(); tries++) {
        await this.#witness?.().catch(() => undefined);
      }
    };
    if (!this.#witness || over()) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([ask(), patience]);
    clearTimeout(timer);
  }
}
