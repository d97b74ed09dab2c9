/**
 * Central in this process: real keys, real CMS, the reference service's own checks of a consent and its own sealing,
 * without TLS and database. It remembers everything that was ever asked of it, and can be made to misbehave.
 */
import { randomUUID } from 'node:crypto';
import { concat, fromBase64, randomBytes, toBase64url } from '../../../shared/canonical/bytes.ts';
import { verifyDetached } from '../../../shared/canonical/cms.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { type SignedDocument, signDocument } from '../../../shared/canonical/signed-document.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { ErasureEvidence } from '../../../shared/domain/erasure.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { pagesOf, parsePageRun } from '../../../shared/domain/page-run.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import { type GrantName, type LookupRequest, withinScope } from '../../../shared/domain/scope.ts';
import type { ApiName } from '../../../shared/protocol/api.ts';
import type { ConsentSubmission, LookupAnswer } from '../../../shared/protocol/documents.ts';
import type { Device } from '../../central/auth.ts';
import { checkConsent } from '../../central/consents/check.ts';
import type { Assertion } from '../../central/consents/facts.ts';
import type { Context } from '../../central/context.ts';
import { answerLookup } from '../../central/lookups/answer.ts';
import type { Authority } from '../../central/pki/authority.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';
import type { SourceRecord } from '../../central/record-source.ts';
import { sealRecords } from '../../central/seal/job.ts';
import { ChangeStreams, type Listening } from './change-streams.ts';

export const STAFF = { id: '1024', name: '王芳', role: 'clerk', hall: '人民路营业厅' } as const;
export const PIN = '246810';
export const PROOFS = { servicePassword: '258036', oneTimeCode: '123456' };
const HOUR = 3_600_000;

interface Held {
  readonly submission: ConsentSubmission;
  readonly hash: string;
  readonly secret: string;
  readonly acceptance: SignedDocument<unknown>;
  ended: 'visit-ended' | 'withdrawn' | 'expired' | undefined;
  /** Taken back on their own. */
  readonly taken: Set<GrantName>;
  /** The counter's word that its keys are gone. */
  erased: ErasureEvidence | undefined;
}

/** Kept records that were to be opened again, and whether central said that they may be. */
export interface Reopened {
  readonly consentId: string;
  readonly answered: boolean;
}

/** How central, or the line to it, fails. */
export type Trouble = 'none' | 'cut' | 'answer lost' | 'garbage' | 'replay' | 'late';

/** What is made once for all runs: keys and signed policies cost more than a visit. */
export interface CentralKeys {
  readonly authority: Authority;
  readonly policies: readonly SignedDocument<Policy>[];
}
export async function centralKeys(authority: Authority): Promise<CentralKeys> {
  const from = Date.now() - HOUR;
  const policies = [1, 2, 3].map((version) => demoPolicy(from, version));
  return {
    authority,
    policies: await Promise.all(policies.map((policy) => signDocument(policy, authority.central))),
  };
}

/** A lookup as it came in, and what was true of its consent at that moment. */
export interface Asked {
  readonly consentId: string;
  readonly lookupId: string;
  readonly request: LookupRequest;
  readonly consent: ConsentRecord | undefined;
  readonly inScope: boolean;
  readonly live: boolean;
  readonly at: number;
}

export class CentralDouble {
  readonly #keys: CentralKeys;
  readonly #certificateSha256: string;
  readonly #device: Device;
  readonly #assertions = new Map<string, Assertion>();
  readonly #challenges = new Map<string, { sessionId: string; subscriber: string }>();
  readonly #lookups = new Map<string, { consentId: string; question: string; answer: LookupAnswer }>();
  readonly #pages = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #answers = new Map<ApiName, unknown>();
  readonly consents = new Map<string, Held>();
  readonly earlyEnds = new Set<string>();
  readonly #streams = new ChangeStreams();
  readonly audit: { entry: AuditEntry; hash: string }[] = [];
  /** All that was ever asked. */
  readonly asked: Asked[] = [];
  readonly answeredLookups: string[] = [];
  readonly reopened: Reopened[] = [];
  readonly submissions: { id: string; hash: string; nonce: string; accepted: boolean }[] = [];
  readonly problems: string[] = [];
  #trouble: Trouble = 'none';
  #revoked = false;
  /** Version served; the newest in force is what counts for consents. */
  policy = 1;
  inForce = 1;
  /** Central's clock minus the machine's, ms. */
  skew = 0;

  constructor(keys: CentralKeys, device: Device) {
    this.#keys = keys;
    this.#device = device;
    this.#certificateSha256 = device.certificateSha256;
  }

  now(): number {
    return Date.now() + this.skew;
  }

  get trouble(): Trouble {
    return this.#trouble;
  }
  /** No stream outlives what is wrong with the line: the counter asks instead. */
  set trouble(trouble: Trouble) {
    this.#trouble = trouble;
    if (trouble !== 'none') this.#streams.cut();
  }

  get revoked(): boolean {
    return this.#revoked;
  }
  revoke(): void {
    this.#revoked = true;
    this.#streams.cut();
  }

  /** The change feed as a stream. @throws Failure */
  async listen(listening: Listening): Promise<void> {
    if (this.#trouble !== 'none') throw new Failure('central-unreachable');
    if (this.#revoked) throw new Failure('forbidden', { detail: 'device revoked' });
    return this.#streams.listen(listening);
  }

  /** A call over the wire, with whatever is wrong with it today. */
  async call(
    name: ApiName,
    options: { params?: Record<string, string | number>; body?: unknown },
  ): Promise<unknown> {
    const { trouble } = this;
    if (trouble === 'cut') throw new Failure('central-unreachable');
    if (this.revoked) throw new Failure('forbidden', { detail: 'device revoked' });
    if (trouble === 'replay' && this.#answers.has(name)) return this.#answers.get(name);
    const answer = await this.#answer(name, options.params ?? {}, structuredClone(options.body));
    if (trouble === 'answer lost') throw new Failure('central-unreachable');
    if (trouble === 'garbage') throw new Failure('central-garbage', { detail: 'HTTP 200' });
    if (trouble === 'late') await new Promise((resolve) => setImmediate(resolve));
    if (!this.#answers.has(name)) this.#answers.set(name, structuredClone(answer));
    return answer;
  }

  #answer(name: ApiName, params: Record<string, string | number>, body: unknown): unknown {
    const at = new Date(this.now()).toISOString();
    switch (name) {
      case 'status':
        return { serverTime: at, policyVersion: this.inForce };
      case 'policy':
        return this.#policy(this.policy);
      case 'signIn': {
        const { staffId, pin } = body as { staffId: string; pin: string };
        if (staffId !== STAFF.id || pin !== PIN) throw new Failure('sign-in-refused', { triesLeft: 3 });
        return { token: randomUUID(), staff: STAFF, expiresAt: new Date(this.now() + HOUR).toISOString() };
      }
      case 'challenge': {
        const challengeId = randomUUID();
        this.#challenges.set(challengeId, body as { sessionId: string; subscriber: string });
        const { identityProofs: proofs } = this.#policy(this.inForce).document;
        return { challengeId, proofs, expiresAt: at, triesLeft: 5 };
      }
      case 'prove':
        return this.#prove(String(params.challengeId), body as typeof PROOFS, at);
      case 'submitConsent':
        return this.#submit(String(params.consentId), body as ConsentSubmission);
      case 'endConsent': {
        const { reason } = body as { reason: Held['ended'] };
        this.end(String(params.consentId), reason);
        return {};
      }
      case 'lookup':
        return this.#lookup(body as { lookupId: string; consentId: string; request: LookupRequest });
      case 'page':
        return this.#page(params);
      case 'audit':
        return this.#append((body as { entries: AuditEntry[] }).entries);
      case 'auditHead':
        return this.#head();
      case 'changes': {
        const after = Number((body as { after?: number } | undefined)?.after ?? 0);
        const { changes } = this.#streams;
        return { changes: changes.slice(after), head: changes.length };
      }
      case 'reopenHeld':
        return this.#reopen(String(params.consentId), body as { sessionId: string; assertionId: string });
      case 'reportErasure': {
        const { evidence } = body as { evidence: ErasureEvidence };
        const held = this.consents.get(evidence.consentId);
        if (held) {
          held.erased ??= evidence;
          held.ended ??= 'visit-ended';
        }
        return {};
      }
      case 'signOut':
      case 'recordCase':
        return {};
      default:
        throw new Failure('central-unreachable');
    }
  }

  #policy(version: number): SignedDocument<Policy> {
    const policy = this.#keys.policies[version - 1];
    if (!policy) throw new Failure('central-failed');
    return policy;
  }

  #prove(challengeId: string, proofs: typeof PROOFS, verifiedAt: string): unknown {
    const challenge = this.#challenges.get(challengeId);
    if (!challenge) throw new Failure('code-expired');
    if (proofs.servicePassword !== PROOFS.servicePassword || proofs.oneTimeCode !== PROOFS.oneTimeCode) {
      throw new Failure('identity-failed', { triesLeft: 4 });
    }
    this.#challenges.delete(challengeId);
    const assertionId = randomUUID();
    this.#assertions.set(assertionId, {
      ...challenge,
      deviceId: DEVICE,
      staffId: STAFF.id,
      verifiedAt: this.now(),
      representation: 'self',
    });
    return { assertionId, subscriber: challenge.subscriber, name: '张三', verifiedAt };
  }

  async #submit(id: string, submission: ConsentSubmission): Promise<unknown> {
    const { consent, cms } = submission;
    const hash = await hashOf(consent);
    const seen = { id, hash, nonce: consent.nonce, accepted: false };
    this.submissions.push(seen);
    if (this.earlyEnds.has(id)) throw new Failure('consent-expired');
    const held = this.consents.get(id);
    if (held) {
      if (held.hash !== hash) throw new Failure('consent-rejected', { detail: 'already used' });
      return held.acceptance;
    }
    const verdict = await verifyDetached({
      content: canonicalBytes(consent),
      cms: fromBase64(cms),
      trustedCertificates: [this.#keys.authority.root.certificate],
    });
    if (!verdict.ok || verdict.signer.certificateSha256 !== this.#certificateSha256) {
      throw new Failure('consent-rejected', { detail: 'cms' });
    }
    await checkConsent(submission, {
      policy: this.#policy(this.inForce).document,
      device: this.#device,
      staff: { staff: STAFF, jti: 'j' },
      assertion: this.#assertions.get(consent.evidence.identityAssertion),
      attestations: [],
      now: this.now(),
    });
    if ([...this.consents.values()].some((one) => one.submission.consent.nonce === consent.nonce)) {
      throw new Failure('consent-rejected', { detail: 'nonce' });
    }
    const document = {
      schema: 'zhiqing-acceptance/1' as const,
      consentId: id,
      consentHash: hash,
      acceptedAt: new Date(this.now()).toISOString(),
    };
    const { central } = this.#keys.authority;
    const acceptance = await signDocument(document, central, new Date(document.acceptedAt));
    seen.accepted = true;
    this.consents.set(id, {
      submission,
      hash,
      secret: toBase64url(randomBytes(32)),
      acceptance,
      ended: undefined,
      taken: new Set(),
      erased: undefined,
    });
    return acceptance;
  }

  /** Ends a consent for good; the first end counts. */
  end(id: string, reason: Held['ended']): void {
    const held = this.consents.get(id);
    if (held) held.ended ??= reason;
    else this.earlyEnds.add(id);
  }

  /** Whether the counter may keep what it was given under this consent, by what central knows. */
  mayKeep(id: string): boolean {
    const held = this.consents.get(id);
    const until = held?.submission.consent.scope.heldUntil;
    if (!held || until === undefined || held.ended === 'withdrawn' || held.erased) return false;
    return !held.taken.has('keep') && this.now() < Date.parse(until);
  }

  #reopen(
    consentId: string,
    { sessionId, assertionId }: { sessionId: string; assertionId: string },
  ): unknown {
    const held = this.consents.get(consentId);
    const check = this.#assertions.get(assertionId);
    const consent = held?.submission.consent;
    const passed = check?.sessionId === sessionId && check.subscriber === consent?.scope.subscriber;
    const answered = passed && this.mayKeep(consentId);
    this.reopened.push({ consentId, answered });
    if (!consent) throw new Failure('consent-required');
    if (!passed) throw new Failure('identity-failed');
    if (!answered) throw new Failure('consent-expired');
    const given = consent.processing.purposes.filter((one) => one.given).map(({ purpose }) => purpose);
    return {
      consentId,
      heldUntil: consent.scope.heldUntil,
      purposes: given.filter((name) => !held?.taken.has(name)),
    };
  }

  /** The subject takes purposes back elsewhere. */
  withdrawPurposes(id: string, purposes: readonly GrantName[]): void {
    const held = this.consents.get(id);
    if (!held || held.ended === 'withdrawn' || held.erased) return;
    for (const name of purposes) held.taken.add(name);
    this.#streams.push(
      (seq, at) => ({ seq, at, kind: 'purposes-withdrawn', consentId: id, purposes: [...purposes] }),
      this.now(),
    );
  }

  /** The subject withdraws elsewhere: a counter that has not reported its end is told through its feed. */
  withdraw(id: string): void {
    const held = this.consents.get(id);
    if (!held || held.ended === 'withdrawn' || held.erased) return;
    held.ended = 'withdrawn';
    const { hash: consentHash } = held;
    this.#streams.push(
      (seq, at) => ({ seq, at, kind: 'consent-ended', consentId: id, consentHash, reason: 'withdrawn' }),
      this.now(),
    );
  }

  async #lookup(body: {
    lookupId: string;
    consentId: string;
    request: LookupRequest;
  }): Promise<LookupAnswer> {
    const { lookupId, consentId, request } = body;
    const held = this.consents.get(consentId);
    const consent = held?.submission.consent;
    const inScope = consent !== undefined && withinScope(request, consent.scope);
    const live = held !== undefined && !held.ended && this.now() < Date.parse(consent?.scope.expiresAt ?? '');
    this.asked.push({ consentId, lookupId, request, consent, inScope, live, at: this.now() });
    if (!held || !consent || !live) throw new Failure('consent-expired');
    if (!inScope) throw new Failure('scope-exceeded');
    const question = JSON.stringify([consentId, request]);
    const known = this.#lookups.get(lookupId);
    if (known) {
      if (known.question !== question) throw new Failure('scope-exceeded');
      this.answeredLookups.push(lookupId);
      return known.answer;
    }
    const answer = await answerLookup(sealing(this.#keys.authority), {
      lookupId,
      request,
      consent,
      consentHash: held.hash,
      wrappedSecret: held.secret,
      records: RECORDS,
      device: this.#device,
      now: this.now(),
      keep: async (pages) => {
        for (const { layer, ref, sealed } of pages)
          this.#pages.set(`${lookupId} ${layer} ${ref.page}`, sealed);
      },
    });
    // The end wins also while sealing is under way.
    if (held.ended) throw new Failure('consent-expired');
    this.#lookups.set(lookupId, { consentId, question, answer });
    this.answeredLookups.push(lookupId);
    return answer;
  }

  #page({ lookupId, layer, pages }: Record<string, string | number>): Uint8Array<ArrayBuffer> {
    const lookup = this.#lookups.get(String(lookupId));
    const run = parsePageRun(String(pages));
    const found =
      run && pagesOf(run).flatMap((page) => this.#pages.get(`${lookupId} ${layer} ${page}`) ?? []);
    if (!lookup || !found?.length || this.consents.get(lookup.consentId)?.ended)
      throw new Failure('consent-expired');
    return concat(...found);
  }

  async #append(entries: readonly AuditEntry[]): Promise<unknown> {
    for (const entry of entries) {
      const hash = await hashOf(entry);
      const known = this.audit[entry.seq];
      if (known) {
        if (known.hash !== hash) this.problems.push(`fork at ${entry.seq}`);
        continue;
      }
      const head = this.#head();
      if (entry.seq !== head.size || entry.previous !== head.head) this.problems.push(`gap at ${entry.seq}`);
      this.audit.push({ entry, hash });
    }
    return this.#head();
  }

  #head(): { size: number; head: string } {
    return { size: this.audit.length, head: this.audit.at(-1)?.hash ?? '0'.repeat(64) };
  }
}

export const DEVICE = 'counter-0001';
/** What central holds of the subject. */
const RECORDS: readonly SourceRecord[] = [1, 2, 3].map((i) => ({
  at: Date.now() - i * 24 * HOUR,
  direction: i % 2 === 0 ? 'out' : 'in',
  category: 'sms',
  peer: '95588',
  text: `余额 ${i}`,
}));

/** What sealing needs of the service. */
function sealing(authority: Authority): Context {
  const keys = { unwrap: async (secret: string) => new Uint8Array(Buffer.from(secret, 'base64url')) };
  const sealer = {
    seal: (job: Parameters<Context['sealer']['seal']>[0]) => sealRecords({ ...job, firstPage: 0 }),
  };
  return { authority, keys, sealer } as Partial<Record<keyof Context, unknown>> as Context;
}

/** The counter as central knows it. */
export async function deviceOf(
  certificate: Uint8Array<ArrayBuffer>,
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<Device> {
  return { id: DEVICE, hall: STAFF.hall, certificateSha256: await sha256Hex(certificate), publicKey };
}
