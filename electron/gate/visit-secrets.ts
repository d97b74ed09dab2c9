/**
 * All that a visit holds and the session machine must not: proofs in flight, ink, picture, name, keys, layer
 * secrets, released rows, the report. One object, made with the visit and destroyed with it.
 */
import { type Bytes, toBase64url } from '../../shared/canonical/bytes.ts';
import type { PageBinding } from '../../shared/canonical/page-keys.ts';
import type { SignedDocument } from '../../shared/canonical/signed-document.ts';
import { makeWithdrawalCode } from '../../shared/canonical/withdrawal-code.ts';
import type { AuditProof } from '../../shared/domain/audit.ts';
import type { ConsentRecord, Witnesses } from '../../shared/domain/consent.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Ink } from '../../shared/domain/ink.ts';
import type { LayerName, Manifest, PageRef } from '../../shared/domain/lookup.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { ReleasedRow } from '../../shared/domain/record.ts';
import type { Credentials } from '../../shared/domain/staff.ts';
import type {
  ConsentAcceptance,
  ConsentEvidence,
  ConsentSubmission,
  IdentityAssertion,
  Proofs,
} from '../../shared/protocol/documents.ts';
import type { LastWord } from '../central/outbox.ts';

export interface SignedConsent {
  record: ConsentRecord;
  /** Canonical bytes of the record: what was hashed and signed. */
  bytes: Bytes;
  hash: string;
  /** Detached CMS, DER. */
  cms: Bytes;
  accepted: boolean;
  /** What central is sent, with ink and picture; dropped once central has it. */
  submission: ConsentSubmission | undefined;
}

export interface LiveLookup {
  manifest: SignedDocument<Manifest>;
  binding: PageBinding;
  /** Number of the audit entry of the answer. */
  auditSeq: number;
}

export interface Report {
  reportId: string;
  /** The signed PDF: what is shown, saved and hashed. */
  bytes: Bytes;
  sha256: string;
  pages: number;
  /** Number of its audit entry. */
  auditSeq: number;
}

/** What the papers of a visit refer to, made once. */
export interface VisitProof {
  audit: AuditProof;
  /** Text of the QR code. */
  qr: string;
}

/** Central's word on the consent, and what the consent's hashes stand for: the customer's copies. */
export interface ConsentCopies {
  acceptance: SignedDocument<ConsentAcceptance>;
  evidence: ConsentEvidence;
}

/** A case that is open: its pages lie on this machine. */
export interface KeptCase {
  caseId: string;
  /** Consecutive pages, checked. @throws Failure 'held-ended', 'held-damaged' */
  read: (layer: LayerName, refs: readonly PageRef[]) => Promise<Bytes[]>;
}

export type LayerSecrets = { metadata: Bytes; content: Bytes };

export class VisitSecrets {
  readonly sessionId: string;
  /** SECURITY: S7 layer secrets are wrapped to this pair alone; it never leaves memory and cannot be read out. */
  readonly keyPair: CryptoKeyPair;
  /** Raw point of the pair's public key, base64url. */
  readonly recipientKey: string;
  /** Chosen once a visit, so that a lookup asked again is the same lookup. */
  readonly lookupId: string = crypto.randomUUID();
  /** So that what is sealed for a case is sealed once, however often it is tried. */
  readonly caseId: string = crypto.randomUUID();

  policy: Policy | undefined;
  challengeId: string | undefined;
  assertion: IdentityAssertion | undefined;
  /** Who confirmed what is signed now. */
  witnesses: Witnesses | undefined;
  consent: SignedConsent | undefined;
  /** What delivering the consent came to, also where nobody waited for it. */
  lastWord: LastWord = {};
  lookup: LiveLookup | undefined;
  /** The case whose records the customer came back for, once it is open. */
  kept: KeptCase | undefined;
  readonly released = new Map<number, ReleasedRow>();

  #withdrawalCode: string | undefined = makeWithdrawalCode();
  #proofs: Proofs | undefined;
  #credentials: Credentials | undefined;
  #signature: { ink: Ink; picture: Bytes } | undefined;
  #layers: Partial<LayerSecrets> = {};
  /** Of a customer who has finished: for sealing what they agreed to have kept, for no window any more. */
  #toHold: LayerSecrets | undefined;
  #report: Report | undefined;
  #copies: ConsentCopies | undefined;
  #proof: Promise<VisitProof> | undefined;
  #alive = true;
  readonly #readers = new AbortController();

  private constructor(sessionId: string, keyPair: CryptoKeyPair, recipientKey: string) {
    this.sessionId = sessionId;
    this.keyPair = keyPair;
    this.recipientKey = recipientKey;
  }

  static async create(sessionId: string): Promise<VisitSecrets> {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
      'deriveBits',
    ]);
    if (!('privateKey' in pair)) throw new Failure('internal', { detail: 'key pair' });
    const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return new VisitSecrets(sessionId, pair, toBase64url(point));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Ends when the visit does. */
  get signal(): AbortSignal {
    return this.#readers.signal;
  }

  /** For effects that outlived their visit. @throws Failure 'wrong-state' SECURITY: S16 S19 */
  requireAlive(): void {
    if (!this.#alive) throw new Failure('wrong-state', { detail: 'visit is over' });
  }

  /** The code on the receipt that withdraws this visit's consent. @throws Failure 'wrong-state' once the visit is over */
  get withdrawalCode(): string {
    if (this.#withdrawalCode === undefined) throw new Failure('wrong-state', { detail: 'visit is over' });
    return this.#withdrawalCode;
  }

  putProofs(proofs: Proofs): void {
    this.requireAlive();
    this.#proofs = proofs;
  }

  /** The proofs, once: after this they are nowhere in the core. */
  takeProofs(): Proofs | undefined {
    const proofs = this.#proofs;
    this.#proofs = undefined;
    return proofs;
  }

  /** A witness's number and PIN, until they are checked. */
  putCredentials(credentials: Credentials): void {
    this.requireAlive();
    this.#credentials = credentials;
  }

  /** The credentials, once: after this they are nowhere in the core. */
  takeCredentials(): Credentials | undefined {
    const credentials = this.#credentials;
    this.#credentials = undefined;
    return credentials;
  }

  /** SECURITY: S8 whoever witnessed an earlier signature has not seen this one. */
  putSignature(ink: Ink, picture: Bytes): void {
    this.requireAlive();
    this.#signature?.picture.fill(0);
    this.witnesses = undefined;
    this.#signature = { ink, picture };
  }

  get signature(): { ink: Ink; picture: Bytes } | undefined {
    return this.#signature;
  }

  /** What was signed belongs to a policy that no longer counts, and central has not taken it. */
  startAnew(): void {
    if (this.consent?.accepted) throw new Failure('wrong-state', { detail: 'the consent is accepted' });
    this.#signature?.picture.fill(0);
    this.#signature = undefined;
    this.#credentials = undefined;
    this.witnesses = undefined;
    this.consent = undefined;
    this.lastWord = {};
  }

  /** Central has the consent. Copies of what was shown and signed wait for the customer until they are done. */
  consentAccepted(acceptance: SignedDocument<ConsentAcceptance>): void {
    const evidence = this.consent?.submission?.evidence;
    if (evidence) this.#copies = { acceptance, evidence };
    this.#signature?.picture.fill(0);
    this.#signature = undefined;
    if (this.consent) this.consent = { ...this.consent, accepted: true, submission: undefined };
  }

  putLayers(layers: LayerSecrets): void {
    if (!this.#alive) {
      layers.metadata.fill(0);
      layers.content.fill(0);
    }
    this.requireAlive();
    this.#wipeLayer('metadata');
    this.#wipeLayer('content');
    this.#layers = { ...layers };
  }

  /** A copy of a layer's secret; undefined once it is destroyed. */
  layer(name: keyof LayerSecrets): Bytes | undefined {
    return this.#layers[name]?.slice();
  }

  hasLayer(name: keyof LayerSecrets): boolean {
    return this.#layers[name] !== undefined;
  }

  /**
   * The customer has finished and what was found is to be kept: no window gets the content key from here on, it is
   * there to be sealed. SECURITY: S11
   */
  beginHolding(): void {
    const { metadata, content } = this.#layers;
    const toHold = metadata && content && { metadata: metadata.slice(), content: content.slice() };
    const before = this.#toHold;
    this.#toHold = undefined;
    this.destroyContent();
    this.#toHold = toHold ?? before;
  }

  /** What is to be sealed; not a copy. */
  get toHold(): LayerSecrets | undefined {
    return this.#toHold;
  }

  putReport(report: Report): void {
    if (!this.#alive) report.bytes.fill(0);
    this.requireAlive();
    this.#report?.bytes.fill(0);
    this.#report = report;
  }

  get report(): Report | undefined {
    return this.#report;
  }

  get copies(): ConsentCopies | undefined {
    return this.#copies;
  }

  /** The proof; made by the first who asks, and again only where that failed. */
  proof(make: () => Promise<VisitProof>): Promise<VisitProof> {
    this.requireAlive();
    this.#proof ??= make().catch((error: unknown) => {
      this.#proof = undefined;
      throw error;
    });
    return this.#proof;
  }

  /** What only the customer may have: content key, name, report, copies. SECURITY: S11 the key first. */
  destroyContent(): void {
    this.#wipeLayer('content');
    this.#toHold?.metadata.fill(0);
    this.#toHold?.content.fill(0);
    this.#toHold = undefined;
    this.#report?.bytes.fill(0);
    this.#report = undefined;
    this.#copies = undefined;
    this.#proof = undefined;
    this.#proofs = undefined;
    this.#credentials = undefined;
  }

  /** Keys of both layers. */
  destroyKeys(): void {
    this.destroyContent();
    this.#wipeLayer('metadata');
    this.lookup = undefined;
  }

  /** Everything. Late effects find nothing and can put nothing in. */
  destroy(): void {
    this.#alive = false;
    this.destroyKeys();
    this.#signature?.picture.fill(0);
    this.#signature = undefined;
    this.consent?.bytes.fill(0);
    this.consent = undefined;
    this.lastWord = {};
    this.kept = undefined;
    this.assertion = undefined;
    this.witnesses = undefined;
    this.policy = undefined;
    this.challengeId = undefined;
    this.#withdrawalCode = undefined;
    this.released.clear();
    this.#readers.abort();
  }

  #wipeLayer(name: keyof LayerSecrets): void {
    this.#layers[name]?.fill(0);
    delete this.#layers[name];
  }
}
