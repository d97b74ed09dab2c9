/**
 * Has central cosign the counter's checkpoints, and holds central to its own log in turn: each answer must
 * continue what was seen before. Neither side can rewrite alone.
 */
import { equal, fromHex, toHex, utf8 } from '../../shared/canonical/bytes.ts';
import {
  auditOrigin,
  type Checkpoint,
  openCheckpoint,
  parseCheckpoint,
} from '../../shared/canonical/checkpoint.ts';
import { canonicalJson } from '../../shared/canonical/json.ts';
import { verifyConsistency, verifyInclusion } from '../../shared/canonical/merkle.ts';
import { isSignedAt, type SignedDocument, verifyDocument } from '../../shared/canonical/signed-document.ts';
import {
  type NoteKey,
  parseNote,
  parseVerifierKey,
  verifierKey,
  verifyNote,
} from '../../shared/canonical/signed-note.ts';
import { centralEventSchema, type Witness, witnessSchema } from '../../shared/domain/audit.ts';
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import type { AuditCheckpointAnswer, AuditHead } from '../../shared/protocol/documents.ts';
import type { TrustedClock } from '../central/clock.ts';
import type { Connection } from '../central/connection.ts';
import { type CentralSeen, keepSeen, readSeen, SEEN } from './central-seen.ts';
import { AuditDamage, type DamageKind } from './damage.ts';
import type { AuditFiles } from './files.ts';
import { disagree, forwardAudit } from './forward.ts';
import type { AuditLog } from './log.ts';

/**
 * Entries of a few steps of a visit: one cosignature does for them. Central holds each entry before; whoever needs the
 * cosignature at once asks for an exchange.
 */
const GATHER_MS = 3_000;
/** Notes of central that contradict each other: evidence against it, kept as they came. */
export const DISPUTE = 'central-dispute.json';

export interface AuditWitness {
  /**
   * Sends what is missing and fetches a cosignature over it: over every entry that is in the log when this is called.
   * @throws Failure of the calls, 'central-untrusted' for an answer that nobody vouches for; AuditDamage when the
   * two sides disagree: the log is condemned then.
   */
  exchange(): Promise<void>;
  /** Sends entries that are missing at central; a cosignature over them follows within some seconds. */
  forward(): Promise<void>;
  /**
   * Resolves once central's copy of the log was compared with ours in this run: a profile that was put back to an
   * older state is found before anybody is served on it. @throws as `exchange`
   */
  confirmed(): Promise<void>;
  /** Fetches a cosignature soon, when one is missing. */
  soon(): void;
  /** No exchange begins any more. */
  stop(): void;
  /** Central's keys as they are known. */
  readonly document: SignedDocument<Witness> | undefined;
  /** Central's last checkpoint seen. */
  readonly seen: string | undefined;
}

export interface WitnessOptions {
  log: AuditLog;
  files: AuditFiles;
  connection: Pick<Connection, 'call' | 'trusted'>;
  clock: TrustedClock;
  /** HMAC-SHA-256 key of what is written beside the log. */
  stateKey: Buffer;
}

interface Keys {
  readonly witness: NoteKey;
  readonly log: NoteKey;
}

/** What central has signed in an answer, and with which keys. */
interface Words {
  readonly keys: Keys;
  readonly head: Checkpoint;
  /** Epoch ms. */
  readonly at: number;
}

/** @throws AuditDamage when what was seen before can't be read. */
export async function createWitness(options: WitnessOptions): Promise<AuditWitness> {
  const { files, stateKey, log } = options;
  const seen = await readSeen(files, stateKey, log.status().cosigned !== undefined);
  return new CentralWitness(options, seen);
}

class CentralWitness implements AuditWitness {
  readonly #options: WitnessOptions;
  #seen: CentralSeen | undefined;
  #running: Promise<unknown> = Promise.resolve();
  /** The exchange that has not begun yet. */
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  /** Whether central was asked since the start. */
  #asked = false;
  /** Whether central's copy of the log was found to be ours. */
  #compared = false;
  /** Head of that copy, as central said last. */
  #held: AuditHead | undefined;

  constructor(options: WitnessOptions, seen: CentralSeen | undefined) {
    this.#options = options;
    this.#seen = seen;
  }

  get document(): SignedDocument<Witness> | undefined {
    return this.#seen?.witness;
  }

  get seen(): string | undefined {
    return this.#seen?.checkpoint;
  }

  async forward(): Promise<void> {
    await this.#forward();
    this.soon();
  }

  async confirmed(): Promise<void> {
    if (!this.#compared) await this.#forward();
  }

  soon(): void {
    const { log } = this.#options;
    const missing = log.size > (log.status().cosigned?.size ?? 0);
    if (!missing || this.#stopped || this.#timer) return;
    // SECURITY: S10 S16 the first since the start is not waited for: the log may be another one than central holds.
    const wait = this.#asked ? GATHER_MS : 0;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // Damage has condemned the log, which says so; whatever else went wrong, the next poll asks again.
      this.exchange().catch(() => undefined);
    }, wait);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  exchange(): Promise<void> {
    // One that is under way may not know of the newest entry: whoever asks meanwhile shares the one after it.
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const turn = this.#exchange();
      this.#running = turn.catch(() => undefined);
      return turn;
    });
    return this.#next;
  }

  async #forward(): Promise<number> {
    const { log, connection } = this.#options;
    const known = this.#held;
    // After a failure central is asked what it holds.
    this.#held = undefined;
    const held = await forwardAudit(log, connection, known);
    this.#compared = true;
    this.#held = held;
    return held.size;
  }

  async #exchange(): Promise<void> {
    this.#asked = true;
    const { log, connection } = this.#options;
    const held = await this.#forward();
    if (held === 0 || held <= (log.status().cosigned?.size ?? 0)) return;
    const keys = await this.#keys();
    const checkpoint = await log.checkpoint(held);
    const before = await this.#before();
    let answer: AuditCheckpointAnswer;
    try {
      answer = await connection.call('auditCheckpoint', { body: { checkpoint, seen: before?.size ?? 0 } });
    } catch (error) {
      const { kind, detail } = toAppError(error);
      if (kind === 'audit-failed') await disagree(log, detail ?? 'checkpoint');
      throw error;
    }
    const own = parseCheckpoint(checkpoint);
    const said = (await words(answer, own, keys)) ?? (await words(answer, own, await this.#renewKeys()));
    if (!said) throw untrusted("central's signatures");
    await this.#accept(answer, own, said, before);
  }

  /** Every word here is one that central has signed. */
  async #accept(
    answer: AuditCheckpointAnswer,
    own: Checkpoint,
    { keys, head, at }: Words,
    before: Checkpoint | undefined,
  ): Promise<void> {
    const { log, clock, files, stateKey } = this.#options;
    const fault = contradiction(before, head, answer, own);
    if (fault) await this.#condemn(fault, answer, before?.size ?? 0);
    const seen = this.#seen;
    if (!seen) throw new TypeError('no witness');
    this.#seen = {
      ...seen,
      checkpoint: answer.log.checkpoint,
      checkpointKey: verifierKey(keys.log),
      at: clock.now(),
    };
    // SECURITY: S18 what central has shown is on the disk before its word counts for anything.
    await keepSeen(files, stateKey, this.#seen);
    // The counter's own signature line is kept as it was made: central's is added to it.
    await log.cosigned(answer.checkpoint, at);
    log.sawCentral(head.size, this.#seen.at);
  }

  /** The last head of central's log that was seen. */
  async #before(): Promise<Checkpoint | undefined> {
    const { checkpoint, checkpointKey } = this.#seen ?? {};
    if (checkpoint === undefined) return undefined;
    const head = await openCheckpoint(checkpoint, await parseVerifierKey(checkpointKey ?? '')).catch(
      () => undefined,
    );
    if (head) return head;
    const damage = new AuditDamage('checkpoints-altered', SEEN);
    await this.#options.log.condemn(damage);
    throw damage;
  }

  async #condemn(kind: DamageKind, answer: AuditCheckpointAnswer, seen: number): Promise<never> {
    const { files, log } = this.#options;
    const damage = new AuditDamage(kind, `after ${seen} entries`);
    await log.condemn(damage);
    await files.replace(DISPUTE, `${JSON.stringify({ seen: this.#seen?.checkpoint, answer })}\n`);
    throw damage;
  }

  async #keys(): Promise<Keys> {
    const seen = this.#seen ?? (await this.#adopt(await this.#fetchDocument()));
    return readKeys(seen.witness.document);
  }

  /** Central signs with keys that are not known: a newer document may state them. */
  async #renewKeys(): Promise<Keys> {
    const fetched = await this.#fetchDocument();
    const known = this.#seen?.witness.document.validFrom ?? '';
    // SECURITY: S18 an older document, replayed, brings no older keys back.
    if (fetched.document.validFrom <= known) throw untrusted("central's signatures");
    return readKeys((await this.#adopt(fetched)).witness.document);
  }

  async #fetchDocument(): Promise<SignedDocument<Witness>> {
    const { connection, clock } = this.#options;
    const signed = await connection.call('auditWitness');
    const verdict = await verifyDocument(signed, {
      trustedCertificates: connection.trusted,
      at: new Date(clock.now()),
      expectedRole: 'central',
      exact: true,
    });
    if (!verdict.ok) throw untrusted(`witness: ${verdict.reason}`);
    const document = witnessSchema.parse(verdict.document);
    // Customers get a copy; whoever checks it holds both times against each other.
    if (!isSignedAt(verdict.signingTime, document.validFrom)) throw untrusted('witness: signing time');
    return { document, cms: signed.cms };
  }

  async #adopt(witness: SignedDocument<Witness>): Promise<CentralSeen> {
    const { log, files, clock, stateKey } = this.#options;
    const keys = await readKeys(witness.document);
    await log.append('witness-adopted', {
      facts: { witness: toHex(keys.witness.id), log: toHex(keys.log.id) },
    });
    // What was seen of its log stays: new keys are no new beginning.
    const seen: CentralSeen = { at: clock.now(), ...this.#seen, witness };
    await keepSeen(files, stateKey, seen);
    this.#seen = seen;
    return seen;
  }
}

/** What central has signed in an answer; undefined unless all of it verifies. */
async function words(answer: AuditCheckpointAnswer, own: Checkpoint, keys: Keys): Promise<Words | undefined> {
  const cosigned = readNote(answer.checkpoint);
  if (cosigned?.text !== own.note.text) return undefined;
  const verdict = await verifyNote(cosigned, keys.witness);
  const head = await openCheckpoint(answer.log.checkpoint, keys.log);
  return verdict.ok && verdict.at !== undefined && head ? { keys, head, at: verdict.at } : undefined;
}

/** How central's signed words contradict each other or what they answer; undefined when they don't. */
function contradiction(
  before: Checkpoint | undefined,
  head: Checkpoint,
  { log }: AuditCheckpointAnswer,
  own: Checkpoint,
): DamageKind | undefined {
  if (before) {
    const continues = verifyConsistency({
      oldSize: before.size,
      newSize: head.size,
      oldRoot: before.root,
      newRoot: head.root,
      proof: log.consistency.map(fromHex),
    });
    if (!continues) return 'central-rewritten';
  }
  const included = verifyInclusion({
    leaf: utf8(log.event),
    index: log.index,
    size: head.size,
    proof: log.inclusion.map(fromHex),
    root: head.root,
  });
  return included && isAbout(log.event, own) ? undefined : 'central-proof';
}

/** Whether central's entry is about this very checkpoint of ours. */
function isAbout(event: string, own: Checkpoint): boolean {
  try {
    const parsed = centralEventSchema.parse(JSON.parse(event));
    if (parsed.event !== 'checkpoint-cosigned' || canonicalJson(parsed) !== event) return false;
    const { device, size, root } = parsed;
    return own.origin === auditOrigin(device) && own.size === size && equal(fromHex(root), own.root);
  } catch {
    return false;
  }
}

async function readKeys(document: Witness): Promise<Keys> {
  try {
    const witness = await parseVerifierKey(document.witnessKey);
    const log = await parseVerifierKey(document.logKey);
    // SECURITY: S1 a key of another type would sign something that means something else.
    if (witness.type === 'cosignature' && log.type === 'ed25519') return { witness, log };
  } catch {
    // Not keys at all.
  }
  throw untrusted('witness keys');
}

function readNote(text: string): ReturnType<typeof parseNote> | undefined {
  try {
    return parseNote(text);
  } catch {
    return undefined;
  }
}

function untrusted(detail: string): Failure {
  return new Failure('central-untrusted', { detail });
}
