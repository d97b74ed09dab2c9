/**
 * What each window is told of a visit: pure projections of the machine's snapshot and of facts that the core
 * holds. What a plane may not know has no way in. SECURITY: S4
 */
import type { CustomerView, MaskedRequest, StaffView } from '../contract/views.ts';
import type { HeldCase } from '../domain/held.ts';
import { maskNumber } from '../domain/mask.ts';
import type { Language, Policy, Question, RepresentativeRule } from '../domain/policy.ts';
import type { ReleasedRow } from '../domain/record.ts';
import type { LookupRequest } from '../domain/scope.ts';
import type { Staff } from '../domain/staff.ts';
import { emptyContext, type LookupFacts, type VisitContext, type VisitPhase } from './machine.ts';

/** A snapshot of the visit machine, reduced to what a view needs. */
export interface VisitSnapshot {
  phase: VisitPhase;
  context: VisitContext;
}

/** What both planes are told of the place they stand in. */
export interface PlaceFacts {
  hall: string;
  hallEn: string;
  counter: string;
  /** The idle screen's language. */
  language: Language;
  screen: StaffView['screen'];
  presence: StaffView['presence'];
}

/** What the core holds beside the machine and staff may know. */
export interface StaffFacts extends PlaceFacts {
  today: string;
  maxPeriodMonths: number;
  representatives: readonly RepresentativeRule[];
  staff: Staff | undefined;
  signedOut: StaffView['signedOut'] | undefined;
  identityPassed: boolean;
  /** The metadata layer can be opened: its key lives. */
  metadataOpen: boolean;
  /** As released: the counterpart in full only where the customer chose so. */
  released: readonly ReleasedRow[];
  /** What is kept at this counter. */
  heldCases: readonly HeldCase[];
}

/** What the core holds beside the machine and the customer may know. */
export interface CustomerFacts extends PlaceFacts {
  policy: Policy | undefined;
  expiresAt: string | undefined;
  /** As in the signed scope. */
  heldUntil: string | undefined;
  name: string | undefined;
  /** The content layer can be opened: its key lives. */
  contentOpen: boolean;
  releasedIndexes: readonly number[];
}

/** The request with its number masked. */
export function maskRequest(request: LookupRequest): MaskedRequest {
  const { subscriber, categories, period, purpose } = request;
  return { maskedNumber: maskNumber(subscriber), categories, period, purpose };
}

function countsOf({ rows, received, sent, byCategory }: LookupFacts) {
  return { rows, received, sent, byCategory };
}

/** Pass or fail, never which proof or what was typed. */
function identityOf({ phase, context }: VisitSnapshot, passed: boolean): StaffView['identity'] {
  if (passed) return 'passed';
  if (context.outcome === 'identity-failed') return 'failed';
  return phase.startsWith('serving.identity.') ? 'waiting' : 'none';
}

type Optional<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** An object without its undefined members, as exact optional properties want it. */
function optional<T extends object>(object: T): Optional<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Optional<T>;
}

/** The staff window's view. */
export function staffView(given: VisitSnapshot, known: StaffFacts): StaffView {
  // SECURITY: S4 an auditor reads the log; of a visit that is open they are told no more than that.
  const isAuditor = known.staff?.role === 'auditor';
  const snapshot = isAuditor ? { phase: given.phase, context: emptyContext } : given;
  const facts = isAuditor
    ? { ...known, identityPassed: false, metadataOpen: false, released: [], heldCases: [] }
    : known;
  const { phase, context } = snapshot;
  const serving = phase !== 'idle';
  return {
    language: facts.language,
    hall: facts.hall,
    hallEn: facts.hallEn,
    counter: facts.counter,
    today: facts.today,
    maxPeriodMonths: facts.maxPeriodMonths,
    phase,
    identity: identityOf(snapshot, facts.identityPassed),
    // SECURITY: S4 field by field: nothing rides along with a released row.
    released: facts.released.map(({ index, at, direction, category, maskedPeer, peer, text }) => ({
      index,
      at,
      direction,
      category,
      maskedPeer,
      peer,
      text,
    })),
    representatives: [...facts.representatives],
    // SECURITY: S4 nobody signed in, nothing shown.
    heldCases: facts.staff ? [...facts.heldCases] : [],
    representation: context.representation.kind,
    renewed: context.renewed,
    reportSaved: context.savedAs !== undefined && context.report !== undefined,
    screen: facts.screen,
    presence: facts.presence,
    ...optional({
      staff: facts.staff,
      signedOut: facts.signedOut,
      sessionId: serving ? context.sessionId : undefined,
      request: context.request && maskRequest(context.request),
      noticePage: context.noticePage.page > 0 ? context.noticePage : undefined,
      method: methodOf(context),
      triesLeft: context.triesLeft,
      grants: context.grants,
      consentId: context.consentId,
      counts: context.lookup && countsOf(context.lookup),
      lookupId: facts.metadataOpen ? context.lookup?.lookupId : undefined,
      reportPages: context.report && context.report.pages > 0 ? context.report.pages : undefined,
      kept: keptOf(context),
      outcome: context.outcome,
      error: context.error,
    }),
  };
}

/** Until when, and whether the customer came back for it; the case's id is the core's. */
function keptOf({ kept }: VisitContext): StaffView['kept'] {
  return kept && { until: kept.until, again: kept.again };
}

/** How it was signed, once it was. */
function methodOf({ grants, method, witnessed, consentId }: VisitContext): StaffView['method'] {
  return grants && (method !== 'signature' || witnessed || consentId !== undefined) ? method : undefined;
}

/** The customer sees in whose name they sign, and under which name of their own. */
function signerOf({ representation }: VisitContext): CustomerView['representation'] {
  return representation.kind === 'self'
    ? { kind: 'self' }
    : { kind: representation.kind, name: representation.name };
}

/** A question without its answer key. */
function withoutKey({ id, text, answers, section }: Question): Omit<Question, 'correct'> {
  return { id, text, answers, section };
}

/** The customer window's view. */
export function customerView({ phase, context }: VisitSnapshot, facts: CustomerFacts): CustomerView {
  const serving = phase !== 'idle';
  const policy = serving ? facts.policy : undefined;
  return {
    hall: facts.hall,
    hallEn: facts.hallEn,
    counter: facts.counter,
    phase,
    display: serving ? context.display : { language: facts.language, largeType: false },
    wrongAnswer: context.wrongAnswer,
    questionTriesLeft: context.questionTriesLeft,
    proofs: context.proofs,
    grantChoices: policy ? context.offered : [],
    declined: context.declined,
    representation: signerOf(context),
    witnessWanted: context.witnessWanted,
    renewed: context.renewed,
    releasedIndexes: [...facts.releasedIndexes],
    screen: facts.screen,
    presence: facts.presence,
    ...optional({
      operator: policy?.operator,
      staffId: serving ? context.staffId : undefined,
      request: context.request && maskRequest(context.request),
      policyVersion: context.policyVersion,
      notices: policy?.notices,
      questions: policy && {
        'zh-CN': withoutKey(policy.questions['zh-CN']),
        en: withoutKey(policy.questions.en),
      },
      triesLeft: context.triesLeft,
      grants: context.grants,
      method: methodOf(context),
      consentMinutes: policy?.consentMinutes,
      caseDays: policy?.caseDays,
      consentId: context.consentId,
      expiresAt: facts.expiresAt,
      heldUntil: context.grants?.keep ? facts.heldUntil : undefined,
      name: facts.name,
      lookupId: facts.contentOpen ? context.lookup?.lookupId : undefined,
      counts: context.lookup && countsOf(context.lookup),
      report:
        context.report && context.report.pages > 0
          ? { reportId: context.report.reportId, pages: context.report.pages }
          : undefined,
      kept: keptOf(context),
      savedAs: context.savedAs,
      outcome: context.outcome,
      error: context.error,
    }),
  };
}
