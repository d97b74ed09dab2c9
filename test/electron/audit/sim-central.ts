/** Central's side of the audit logs in memory, honest until it is told to be otherwise. */
import { toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import {
  CENTRAL_ORIGIN,
  parseCheckpoint,
  signCheckpoint,
  WITNESS_NAME,
  withSignature,
} from '../../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';
import { signDocument } from '../../../shared/canonical/signed-document.ts';
import {
  type NoteSigner,
  type NoteType,
  noteKey,
  signNote,
  verifierKey,
} from '../../../shared/canonical/signed-note.ts';
import type { AuditEntry, Witness } from '../../../shared/domain/audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { AuditCheckpointAnswer } from '../../../shared/protocol/documents.ts';
import { type Identity, issue } from '../../shared/canonical/certificates.ts';

async function signer(name: string, type: NoteType): Promise<NoteSigner> {
  const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('publicKey' in keys)) throw new Error('no pair');
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
  return { ...(await noteKey(name, type, raw)), privateKey: keys.privateKey };
}

export class SimCentral {
  readonly held: AuditEntry[] = [];
  events: string[] = [];
  readonly root: Identity;
  readonly #identity: Identity;
  cosigner: NoteSigner;
  log: NoteSigner;
  calls: string[] = [];
  /** Changes an answer on its way. */
  change: (answer: AuditCheckpointAnswer) => AuditCheckpointAnswer | Promise<AuditCheckpointAnswer> = (
    answer,
  ) => answer;

  private constructor(root: Identity, identity: Identity, cosigner: NoteSigner, log: NoteSigner) {
    this.root = root;
    this.#identity = identity;
    this.cosigner = cosigner;
    this.log = log;
  }

  static async make(): Promise<SimCentral> {
    const root = await issue({ subject: 'CN=root,OU=root', ca: true });
    const identity = await issue({ subject: 'CN=central,OU=central', issuer: root });
    return new SimCentral(
      root,
      identity,
      await signer(WITNESS_NAME, 'cosignature'),
      await signer(CENTRAL_ORIGIN, 'ed25519'),
    );
  }

  /** What a connection to it does. */
  readonly call = async (name: string, options?: { body?: unknown }): Promise<unknown> => {
    this.calls.push(name);
    switch (name) {
      case 'auditHead':
        return this.#head();
      case 'audit':
        for (const entry of (options?.body as { entries: AuditEntry[] } | undefined)?.entries ?? []) {
          if (entry.seq < this.held.length) continue;
          const { head } = await this.#head();
          if (entry.previous !== head)
            throw new Failure('bad-input', { detail: `previous of seq ${entry.seq}` });
          this.held.push(entry);
        }
        return this.#head();
      case 'auditWitness':
        return this.witness();
      case 'auditCheckpoint':
        return this.change(await this.#cosign(options?.body as { checkpoint: string; seen: number }));
      default:
        throw new Error(name);
    }
  };

  async witness(change: Partial<Witness> = {}) {
    const document: Witness = {
      schema: 'zhiqing-witness/1',
      witnessKey: verifierKey(this.cosigner),
      logKey: verifierKey(this.log),
      validFrom: '2026-01-01T00:00:00.000Z',
      ...change,
    };
    const { keys, der } = this.#identity;
    return signDocument(
      document,
      { privateKey: keys.privateKey, certificate: der },
      new Date(document.validFrom),
    );
  }

  /** Other events, as other counters cause them. */
  write(count: number): void {
    for (let i = 0; i < count; i++) this.events.push(`other ${this.events.length} ${Math.random()}`);
  }

  tree(events: readonly string[] = this.events): MerkleLog {
    const tree = new MerkleLog();
    for (const event of events) tree.append(leafHash(utf8(event)));
    return tree;
  }

  async #head() {
    const last = this.held.at(-1);
    return { size: this.held.length, head: last ? await hashOf(last) : '0'.repeat(64) };
  }

  async #cosign({ checkpoint, seen }: { checkpoint: string; seen: number }): Promise<AuditCheckpointAnswer> {
    const { note, size, root, origin } = parseCheckpoint(checkpoint);
    const event = canonicalJson({
      schema: 'zhiqing-central-event/1',
      event: 'checkpoint-cosigned',
      seq: this.events.length,
      at: '2026-11-22T02:00:00.000Z',
      device: origin.slice('zhiqing/audit/'.length),
      size,
      root: toHex(root),
    });
    this.events.push(event);
    const tree = this.tree();
    const signature = await signNote(note.text, this.cosigner, Date.parse('2026-11-22T02:00:00Z'));
    const index = this.events.length - 1;
    return {
      checkpoint: withSignature(checkpoint, signature),
      log: {
        checkpoint: await this.sign(tree),
        consistency: seen <= tree.size ? tree.consistency(seen).map(toHex) : [],
        event,
        index,
        inclusion: tree.inclusion(index).map(toHex),
      },
    };
  }

  sign(tree: MerkleLog, size = tree.size): Promise<string> {
    return signCheckpoint({ size, root: tree.root(size) }, this.log);
  }
}
