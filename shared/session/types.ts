/** Types of the counter session: what it knows, what happens to it, what its effects answer, where it stands. */
import type { Outcome } from '../domain/case.ts';
import type { SignatureMethod } from '../domain/consent.ts';
import type { AppError } from '../domain/errors.ts';
import type { NameStyle } from '../domain/mask.ts';
import type { PageCounts } from '../domain/notice-pages.ts';
import type { Language, ProofKind } from '../domain/policy.ts';
import type { Representation } from '../domain/representation.ts';
import type { GrantName, Grants, LookupRequest } from '../domain/scope.ts';

export interface ReportOptions {
  nameStyle: NameStyle;
  texts: boolean;
  peers: 'masked' | 'full';
}

/** Facts about a lookup that every plane may know. */
export interface LookupFacts {
  lookupId: string;
  rows: number;
  received: number;
  sent: number;
  byCategory: Record<string, number>;
}

/** Records kept for a case: sealed in this visit, or the ones that a customer came back for. */
export interface Kept {
  caseId: string;
  /** RFC 3339, as in the signed scope. */
  until: string;
  /** The customer has come back for them: no notice, no signature, no lookup. */
  again: boolean;
}

export interface VisitContext {
  sessionId: string;
  staffId: string;
  request: LookupRequest | undefined;
  /** How the customer reads: the language and size shown are the ones recorded. */
  display: { language: Language; largeType: boolean };
  /** Who signs in whose name. */
  representation: Representation;
  policyVersion: number | undefined;
  /** A newer policy came into force during the visit: what was read before does not count any more. */
  renewed: boolean;
  /** Pages of the notice, as the core counts them. */
  pageCounts: PageCounts | undefined;
  /** The last page seen of those there are. */
  noticePage: { page: number; of: number };
  proofs: ProofKind[];
  triesLeft: number | undefined;
  /** The identity check has passed and still counts. */
  proved: boolean;
  questionTriesLeft: number;
  wrongAnswer: boolean;
  answerId: string | undefined;
  grants: Grants | undefined;
  /** What this customer is asked to tick. */
  offered: GrantName[];
  /** Purposes refused in this visit: not asked again unless the customer asks for it. */
  declined: GrantName[];
  /** A second member of staff has to confirm, whatever the method. */
  witnessWanted: boolean;
  method: SignatureMethod;
  witnessed: boolean;
  consentId: string | undefined;
  lookup: LookupFacts | undefined;
  released: number;
  report: { reportId: string; pages: number; options: ReportOptions } | undefined;
  savedAs: string | undefined;
  outcome: Outcome | undefined;
  followUp: string;
  kept: Kept | undefined;
  /** The clerk says that the case is done. */
  caseDone: boolean;
  error: AppError | undefined;
}

export type VisitEvent =
  // staff
  | {
      type: 'START';
      sessionId: string;
      staffId: string;
      request: LookupRequest;
      representation?: Representation;
      /** The case whose records the customer comes back for. */
      kept?: Omit<Kept, 'again'>;
    }
  | { type: 'CANCEL' }
  | { type: 'RETRY' }
  | { type: 'WITNESS' }
  /** `caseDone`: what was kept goes. */
  | { type: 'CLOSE'; followUp: string; caseDone?: boolean }
  | { type: 'ACKNOWLEDGE' }
  // customer
  | { type: 'SET_DISPLAY'; language: Language; largeType: boolean }
  | { type: 'ACCEPT' }
  | { type: 'NOT_MY_NUMBER' }
  | { type: 'REFUSE' }
  | { type: 'NOTICE_PAGE'; page: number }
  | { type: 'NOTICE_READ' }
  | { type: 'PROVE' }
  | { type: 'RESEND_CODE' }
  | { type: 'ANSWER'; answerId: string; correct: boolean }
  | { type: 'READ_AGAIN' }
  | { type: 'TICK'; grants: Grants }
  | { type: 'RECONSIDER'; grant: GrantName }
  | { type: 'BACK' }
  | { type: 'SIGN' }
  | { type: 'CANNOT_SIGN' }
  | { type: 'MARK' }
  | { type: 'RELEASED'; count: number }
  | { type: 'OPEN_REPORT' }
  | { type: 'MAKE_REPORT'; options: ReportOptions }
  | { type: 'SAVE_REPORT' }
  | { type: 'TAKE_RECEIPT' }
  | { type: 'FINISH' }
  /** Nothing shall be kept after all. */
  | { type: 'KEEP_NOTHING' }
  | { type: 'STOP' }
  // core
  /** A newer policy is in force than the one of this visit. */
  | { type: 'POLICY_CHANGED' }
  | { type: 'ABANDON' }
  | { type: 'EXPIRE' }
  /** What was kept for the case is gone: damaged, or not to be opened any more. */
  | { type: 'HELD_LOST' }
  /** Central says that the consent was taken back. */
  | { type: 'WITHDRAWN' }
  /** Purposes of it were. */
  | { type: 'PURPOSES_WITHDRAWN'; purposes: readonly GrantName[] };

/** What effects answer. Each may reject with a Failure, which becomes `context.error`. */
export interface EffectResults {
  prepare: {
    policyVersion: number;
    questionTries: number;
    pageCounts: PageCounts;
    offered: GrantName[];
    witnessWanted: boolean;
    /** The identity check that passed counts under this policy too. */
    identityStands: boolean;
  };
  challenge: { proofs: ProofKind[]; triesLeft: number };
  prove: { passed: true } | { passed: false; triesLeft: number };
  /** A second member of staff confirms what was signed. */
  attest: undefined;
  submitConsent: { consentId: string };
  lookUp: LookupFacts;
  makeReport: { reportId: string; pages: number };
  /** Prints the receipt and hands it over with all evidence; with the report where the customer saves one. */
  saveReport: { savedAs: string };
  /** Central says that what is kept may be opened; it opens, and is what was sealed. */
  reopen: { consentId: string; grants: Grants; lookup: LookupFacts };
  /**
   * The customer has finished: content keys and pages of the customer plane go now. What they agreed to have kept is
   * sealed first.
   */
  wipeContent: { kept: Omit<Kept, 'again'> | undefined };
  /** Keys destroyed on both planes and in the core, pages deleted, evidence and day-list row written. */
  closeVisit: undefined;
}
export type EffectName = keyof EffectResults;

/** The state as one dotted path, e.g. `serving.identity.entering`. */
export type VisitPhase =
  | 'idle'
  | 'closing'
  | 'closeFailed'
  | 'ended'
  | `serving.${'preparing' | 'prepareFailed' | 'request' | 'notice' | 'question' | 'ticks' | 'signature' | 'mark'}`
  | `serving.witnessing.${'waiting' | 'checking'}`
  | `serving.identity.${'challenging' | 'challengeFailed' | 'entering' | 'checking'}`
  | `serving.${'submitting' | 'submitFailed' | 'lookingUp' | 'lookUpFailed' | 'reading'}`
  | `serving.${'reopening' | 'reopenFailed'}`
  | `serving.${'takingReceipt' | 'receipt'}`
  | `serving.report.${'composing' | 'making' | 'preview' | 'saving'}`
  | `serving.${'finishing' | 'finishFailed' | 'followUp'}`;
