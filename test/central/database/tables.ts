/** Tables as kysely sees them; the migrations make them. Times are `timestamptz`, hashes are hexadecimal. */
import type { Generated } from 'kysely';
import type { RepresentationKind } from '../../../shared/domain/representation.ts';

export interface Tables {
  schema_version: { version: number; applied_at: Generated<Date> };
  /** Facts of this installation, e.g. up to which day demo records were made. */
  settings: { name: string; value: string };
  /** Every policy that was ever in force, as signed: the evidence of what a notice said. */
  policies: { version: number; document: string; cms: string; published_at: Date };
  devices: { id: string; hall: string; enrolled_at: Date; revoked_at: Date | null };
  enrolment_codes: {
    code_hmac: string;
    device_id: string;
    hall: string;
    expires_at: Date;
    used_at: Date | null;
    key_sha256: string | null;
  };
  staff: {
    id: string;
    name: string;
    role: string;
    hall: string;
    pin_hash: string;
    revoked_at: Date | null;
  };
  staff_tokens: {
    jti: string;
    staff_id: string;
    device_id: string;
    expires_at: Date;
    ended_at: Date | null;
  };
  /** When a secret was tried, oldest first; `bucket` names what is counted and never holds a number in full. */
  try_counts: { bucket: string; at: Date[] };
  subscribers: {
    number: string;
    name: string;
    password_hash: string;
    identity_hmac: string;
    /** Day of birth, where the register has it. */
    born: string | null;
  };
  /** Guardians whom a child's number is registered with. */
  guardians: { subscriber: string; identity_hmac: string };
  /** A member of staff confirmed what was signed; two rows a time. */
  attestations: {
    id: string;
    session_id: string;
    device_id: string;
    subscriber: string;
    ink_sha256: string;
    staff_id: string;
    attested_at: Date;
  };
  /** `at` is epoch ms. */
  records: {
    id: Generated<string>;
    subscriber: string;
    category: string;
    at: string;
    direction: string;
    peer: string;
    text: string;
  };
  challenges: {
    id: string;
    session_id: string;
    device_id: string;
    staff_id: string;
    subscriber: string;
    code_hmac: string;
    created_at: Date;
    expires_at: Date;
    ended_at: Date | null;
    assertion_id: string | null;
    verified_at: Date | null;
    /** Who is proven: the subject themself or a representative. */
    representation: Generated<RepresentationKind>;
    /** Keyed hash of the representative's identity number. */
    representative_hmac: string | null;
  };
  consents: {
    id: string;
    hash: string;
    /** Canonical JSON: the very bytes that were signed. */
    document: string;
    cms: string;
    device_id: string;
    staff_id: string;
    hall: string;
    assertion_id: string;
    nonce: string;
    accepted_at: Date;
    expires_at: Date;
    acceptance: string;
    acceptance_cms: string;
    /** 32 random bytes under the service's key, base64; null for good once the consent has ended. */
    secret: string | null;
    /** The member of staff whose lookup was the first. */
    lookup_staff_id: string | null;
    ended_at: Date | null;
    end_reason: string | null;
    subscriber: string | null;
    withdrawal_code_sha256: string | null;
    /** Taken back as a whole; then it has ended too. */
    withdrawn_at: Date | null;
    /** Until when its counter may keep what it was given, sealed; null where that was not agreed to. */
    held_until: Date | null;
  };
  /** Number of the newest change of each counter. */
  feeds: { device_id: string; head: number };
  changes: { device_id: string; seq: number; at: Date; document: string };
  /** Withdrawals as signed. `device_id` sent it in; `request_hash` tells a repetition from another question. */
  withdrawals: {
    id: string;
    consent_id: string;
    device_id: string;
    request_hash: string;
    document: string;
    document_cms: string;
    withdrawn_at: Date;
  };
  /** Purposes taken back on their own. */
  withdrawn_purposes: { consent_id: string; purpose: string; withdrawn_at: Date };
  /** Signed evidence that a counter's keys of a consent are gone. */
  erasures: {
    consent_id: string;
    device_id: string;
    reason: string;
    erased_at: Date;
    document: string;
    cms: string;
    received_at: Date;
  };
  consent_evidence: {
    consent_id: string;
    accepted_at: Date;
    notice_text: string;
    answers: string;
    ink: string;
    picture: Buffer;
  };
  /** Ends that arrived before their consent: such a consent is never accepted. */
  early_ends: { consent_id: string; device_id: string; reason: string; received_at: Date };
  lookups: {
    id: string;
    consent_id: string;
    request_hash: string;
    answered_at: Date;
    rows: number;
    manifest: string;
    manifest_cms: string;
    /** Wrapped layer secrets; null once the consent has ended. */
    secrets: string | null;
    /** Where the sealed pages lie. */
    page_set: string;
    /** When the first of its texts were handed over. */
    content_noted_at: Date | null;
  };
  /** Sealed pages on their way to a counter. */
  sealed_pages: {
    page_set: string;
    layer: string;
    page: number;
    stored_at: Generated<Date>;
    sealed: Buffer;
  };
  /** Who did or tried what: no content, no numbers. */
  access_log: {
    id: Generated<string>;
    at: Date;
    device_id: string | null;
    staff_id: string | null;
    action: string;
    outcome: string;
    consent_id: string | null;
    lookup_id: string | null;
    rows: number | null;
    /** Keyed pseudonym of the number that the request named. */
    subject: string | null;
    session_id: string | null;
  };
  /** `leaf` is the entry's leaf hash (RFC 6962). */
  audit_entries: {
    device_id: string;
    seq: number;
    hash: string;
    leaf: string;
    document: string;
    received_at: Date;
  };
  /**
   * Where each counter's chain ends, and how much of it was cosigned. `frontier`: JSON, roots of the tree's perfect
   * subtrees, largest first; null until it is first needed.
   */
  audit_heads: {
    device_id: string;
    size: number;
    head: string;
    frontier: string | null;
    cosigned_size: Generated<number>;
    cosigned_frontier: Generated<string>;
  };
  /** Device checkpoints that were cosigned. `queued`: number of the event that says so. */
  audit_checkpoints: {
    device_id: string;
    size: number;
    root: string;
    note: string;
    queued: string;
    received_at: Date;
  };
  /** Events that have no place in central's log yet. */
  central_queue: { id: Generated<string>; event: string; at: Date };
  /** Central's own log: what it vouched for and what it refused. */
  central_log: { seq: string; document: string; at: Date; queued: string };
  /** Roots of its tree's perfect subtrees: the `index`-th with 2^level leaves. */
  central_nodes: { level: number; index: string; hash: Buffer };
  /** Its signed heads. `frontier` as above; null in those of before it was kept. */
  central_checkpoints: {
    size: string;
    root: string;
    note: string;
    signed_at: Date;
    frontier: string | null;
  };
  cases: { id: string; device_id: string; document: string; received_at: Date };
}
