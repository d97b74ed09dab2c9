/**
 * Central as a model: what it holds of consents, and how it decides. Every check stands alone, so that each can be
 * left out in turn. It believes nothing that a counter concluded. The scope rule is the real one.
 */
import { type LookupRequest, type Scope, withinScope } from '../../../../shared/domain/scope.ts';

/** A consent as submitted, reduced to what decides. Times are ticks; one tick is as long as a consent lives. */
export interface Doc {
  /** Stands for its bytes: two documents of one name are the same. */
  readonly name: string;
  readonly id: number;
  readonly nonce: number;
  readonly staff: string;
  /** Whose key made the signature. */
  readonly signer: number;
  readonly policy: number;
  readonly at: number;
  readonly scope: Scope;
  /** Keeping was ticked. */
  readonly keeps: boolean;
}
export interface Held {
  readonly state: 'live' | 'ended' | 'withdrawn';
  readonly doc: Doc;
  readonly device: number;
  /** The first lookup: who asked and what. */
  readonly lookup?: { readonly staff: string; readonly lookupId: number; readonly question: string };
  /** Keeping was taken back on its own. */
  readonly keepTaken?: boolean;
  /** The counter has signed that its keys are gone. */
  readonly erased?: boolean;
}
export interface Central {
  readonly policy: number;
  readonly revoked: readonly number[];
  readonly consents: Readonly<Record<number, Held | 'ended early'>>;
}
/** Who sends a message, as TLS and token say, and when by central's clock. */
export interface Sender {
  readonly device: number;
  readonly staff: string;
  readonly now: number;
}
export interface Verdict {
  readonly central: Central;
  /** `accepted`, `answered`, or the kind of the refusal. */
  readonly said: string;
}

export const emptyCentral: Central = { policy: 1, revoked: [], consents: {} };

const refuse = (central: Central, said: string): Verdict => ({ central, said });
const put = (central: Central, id: number, held: Held | 'ended early'): Central => ({
  ...central,
  consents: { ...central.consents, [id]: held },
});

export function submit(central: Central, { device, staff, now }: Sender, doc: Doc): Verdict {
  if (central.revoked.includes(device)) return refuse(central, 'forbidden');
  const held = central.consents[doc.id];
  if (held === 'ended early') return refuse(central, 'consent-expired');
  if (held) {
    if (held.device !== device) return refuse(central, 'consent-rejected');
    if (held.doc.name !== doc.name) return refuse(central, 'consent-rejected');
    return refuse(central, 'accepted');
  }
  if (doc.signer !== device) return refuse(central, 'consent-rejected');
  if (doc.staff !== staff) return refuse(central, 'consent-rejected');
  if (doc.policy !== central.policy) return refuse(central, 'policy-changed');
  if (doc.at !== now) return refuse(central, 'consent-rejected');
  const used = Object.values(central.consents).some(
    (one) => one !== 'ended early' && one.doc.nonce === doc.nonce,
  );
  if (used) return refuse(central, 'consent-rejected');
  return { central: put(central, doc.id, { state: 'live', doc, device }), said: 'accepted' };
}

/** The end of a consent, by the counter that took it or, withdrawn, by its subject. Final. */
export function end(central: Central, device: number, id: number, state: 'ended' | 'withdrawn'): Verdict {
  const held = central.consents[id];
  if (held === undefined) return { central: put(central, id, 'ended early'), said: 'answered' };
  if (held === 'ended early') return refuse(central, 'answered');
  if (held.device !== device) return refuse(central, 'consent-required');
  if (held.state === 'withdrawn') return refuse(central, 'answered');
  return { central: put(central, id, { ...held, state }), said: 'answered' };
}

export interface Question {
  readonly lookupId: number;
  readonly consentId: number;
  readonly request: LookupRequest;
  /** Stands for the request's bytes. */
  readonly name: string;
}

export function lookup(central: Central, { device, staff, now }: Sender, question: Question): Verdict {
  if (central.revoked.includes(device)) return refuse(central, 'forbidden');
  const held = central.consents[question.consentId];
  if (held === undefined || held === 'ended early') return refuse(central, 'consent-required');
  if (held.device !== device) return refuse(central, 'consent-required');
  if (held.state !== 'live') return refuse(central, 'consent-expired');
  if (now >= held.doc.at + 1) return refuse(central, 'consent-expired');
  const asked = question.name;
  if (held.lookup) {
    if (held.lookup.staff !== staff) return refuse(central, 'forbidden');
    if (held.lookup.lookupId === question.lookupId) {
      if (held.lookup.question !== asked) return refuse(central, 'scope-exceeded');
      return refuse(central, 'answered');
    }
  }
  if (!withinScope(question.request, held.doc.scope)) return refuse(central, 'scope-exceeded');
  const first = held.lookup ?? { staff, lookupId: question.lookupId, question: asked };
  return { central: put(central, question.consentId, { ...held, lookup: first }), said: 'answered' };
}

/** For how many ticks what was given may be kept, from the signature on. */
export const KEPT_TICKS = 2;

/** May what a counter keeps be opened? `proven`: whoever gave the consent has proved themselves in this visit. */
export function reopen(central: Central, { device, now }: Sender, id: number, proven: boolean): Verdict {
  if (central.revoked.includes(device)) return refuse(central, 'forbidden');
  const held = central.consents[id];
  if (held === undefined || held === 'ended early') return refuse(central, 'consent-required');
  if (held.device !== device) return refuse(central, 'consent-required');
  if (!proven) return refuse(central, 'identity-failed');
  if (!held.doc.keeps) return refuse(central, 'consent-expired');
  if (held.state === 'withdrawn') return refuse(central, 'consent-expired');
  if (held.keepTaken) return refuse(central, 'consent-expired');
  if (held.erased) return refuse(central, 'consent-expired');
  if (now >= held.doc.at + KEPT_TICKS) return refuse(central, 'consent-expired');
  return refuse(central, 'answered');
}

/** The subject takes keeping back on its own. */
export function stopKeeping(central: Central, id: number): Central {
  const held = central.consents[id];
  if (held === undefined || held === 'ended early') return central;
  return put(central, id, { ...held, keepTaken: true });
}

/** A counter's evidence that its keys are gone. What is held already stands. */
export function erase(central: Central, device: number, id: number): Verdict {
  const held = central.consents[id];
  if (held === undefined || held === 'ended early') return refuse(central, 'consent-required');
  if (held.device !== device) return refuse(central, 'consent-required');
  const state = held.state === 'live' ? 'ended' : held.state;
  return { central: put(central, id, { ...held, state, erased: true }), said: 'answered' };
}

export function publish(central: Central, version: number): Central {
  if (version <= central.policy) return central;
  return { ...central, policy: version };
}

/** What a counter's log may become at central: continued, never rewritten. Entries are letters. */
export function appendAudit(held: string, from: number, entries: string): string | undefined {
  if (from > held.length) return undefined;
  const known = held.slice(from);
  const overlap = entries.slice(0, known.length);
  if (overlap !== known.slice(0, overlap.length)) return undefined;
  return held + entries.slice(known.length);
}

export const centralRules = { submit, end, lookup, reopen, stopKeeping, erase, publish, appendAudit };
export type CentralRules = typeof centralRules;
