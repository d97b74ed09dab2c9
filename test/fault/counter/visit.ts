/** A visit without windows: what a clerk and a customer would do next, until it is over. */
import { toBase64url, toHex } from '../../../shared/canonical/bytes.ts';
import { inclusionProof } from '../../../shared/canonical/merkle.ts';
import { SALT_BYTES } from '../../../shared/canonical/row.ts';
import {
  decodeContent,
  decodeMetadata,
  importLayerKey,
  openPage,
  pageSalts,
} from '../../../shared/canonical/sealed-page.ts';
import type { RecordsAccess, ReleaseRow } from '../../../shared/contract/contract.ts';
import type { CaseRow } from '../../../shared/domain/case.ts';
import { lastMonth } from '../../../shared/domain/period.ts';
import type { Language } from '../../../shared/domain/policy.ts';
import { type GrantName, grantNames } from '../../../shared/domain/scope.ts';
import { pageCommitments } from '../../support/page-commitments.ts';
import type { Random } from '../random.ts';
import type { BareCounter } from './bare-counter.ts';
import type { Acknowledge } from './ledger.ts';

/** What the people know who play it. */
export interface Known {
  number: string;
  servicePassword: string;
  /** The code that came to the customer's phone last. */
  code: () => Promise<string>;
  /** Id of the right answer to the policy's question. */
  answer: Record<Language, string>;
}

const INK = {
  width: 600,
  height: 240,
  device: 'pen' as const,
  strokes: [
    Array.from({ length: 12 }, (_, i) => ({ x: 40 + i * 9, y: 100 + (i % 7) * 12, p: 0.5, t: i * 20 })),
  ],
};
/** Steps after which a visit that does not get on is ended. A good one has some fifteen. */
const PATIENCE = 60;

export interface VisitOptions {
  known: Known;
  random: Random;
  acknowledge: Acknowledge;
  /** The customer agrees that what is found is kept for a case, and the clerk makes one of it. */
  keep?: boolean;
  /** They come back for what was kept, instead of asking for anything. */
  caseId?: string;
  /** Called when the records are there; a withdrawal elsewhere, say. */
  onReading?: () => Promise<void>;
  /** Called before each step. */
  onStep?: () => void;
}

/** Plays one from idle to idle. @returns how it ended */
export async function playVisit(counter: BareCounter, options: VisitOptions): Promise<string> {
  const { known, random, acknowledge, keep = false, caseId } = options;
  // By the counter's own idea of the time: the machine's may be anything.
  const day = counter.staff().today;
  const request = {
    subscriber: known.number,
    categories: ['sms' as const],
    period: lastMonth(day),
    purpose: 'own-copy' as const,
  };
  if (caseId === undefined) await counter.must('staff', 'startSession', request);
  else await counter.must('staff', 'startHeld', { caseId });
  let consentId: string | undefined;
  let outcome = '';
  let read = false;
  for (let step = 0; ; step++) {
    options.onStep?.();
    await counter.settle();
    const { phase, consentId: known } = counter.customer();
    consentId = known ?? consentId;
    if (phase === 'serving.submitFailed') await acknowledgeKept(counter, acknowledge);
    else if (known !== undefined) acknowledge({ what: 'consent', consentId: known });
    if (phase === 'idle' && step > 0) break;
    if (phase === 'ended') {
      outcome = counter.customer().outcome ?? 'ended';
      if (consentId !== undefined) acknowledge({ what: 'erasure', consentId });
      await counter.ask('staff', 'acknowledge');
      continue;
    }
    if (step > PATIENCE) {
      // Even so it ends as every visit does.
      await counter.ask('staff', phase === 'closeFailed' ? 'retry' : 'cancel');
      if (step > 2 * PATIENCE) throw new Error(`a visit does not end: ${phase}`);
      continue;
    }
    if (phase === 'serving.reading' && !read) {
      read = true;
      await readAndShow(counter, random, acknowledge);
      await options.onReading?.();
      continue;
    }
    if (phase === 'serving.followUp') outcome = 'completed';
    await next(counter, options);
  }
  // What is kept is erased at its date.
  if (outcome === 'completed' && consentId !== undefined && !keep && caseId === undefined)
    acknowledge({ what: 'erasure', consentId });
  const rows = await counter.ask('staff', 'dayList', { day });
  if (rows.ok) for (const { caseId } of rows.value as CaseRow[]) acknowledge({ what: 'case', caseId });
  return outcome;
}

/** One thing that brings the visit on. Refusals are the fault's doing: the next step looks where it stands. */
async function next(counter: BareCounter, { known, keep = false }: VisitOptions): Promise<void> {
  const { phase, display, grantChoices } = counter.customer();
  const customer = (name: string, args: unknown = {}) => counter.ask('customer', name, args);
  switch (phase) {
    case 'serving.request':
      await customer('acceptRequest');
      break;
    case 'serving.notice': {
      const { of = 0 } = counter.staff().noticePage ?? {};
      for (let page = 1; page <= Math.max(of, 1); page++) await customer('noticePage', { page });
      const { page = 0, of: all = 1 } = counter.staff().noticePage ?? {};
      for (let rest = page + 1; rest <= all; rest++) await customer('noticePage', { page: rest });
      await customer('noticeRead');
      break;
    }
    case 'serving.identity.entering':
      await customer('prove', { servicePassword: known.servicePassword, oneTimeCode: await known.code() });
      await counter.settle();
      // A code that was sent again since, or whose answer was lost: another one.
      if (counter.phase === 'serving.identity.entering') await customer('resendCode');
      break;
    case 'serving.question':
      await customer('answer', { answerId: known.answer[display.language] });
      break;
    case 'serving.ticks': {
      const ticked = (name: GrantName) =>
        name !== 'richInk' && (name !== 'keep' || keep) && grantChoices.includes(name);
      const given = grantNames.map((name) => [name, ticked(name)]);
      await customer('tick', Object.fromEntries(given));
      break;
    }
    case 'serving.signature':
      await customer('sign', INK);
      break;
    case 'serving.reading':
      await customer('finish');
      break;
    case 'serving.followUp':
      await counter.ask('staff', 'closeSession', { followUp: '无需后续' });
      break;
    default:
      await counter.ask('staff', 'retry');
  }
}

/** In this phase the customer reads: your signature is kept, you need not sign again. */
async function acknowledgeKept(counter: BareCounter, acknowledge: Acknowledge): Promise<void> {
  const { audit } = counter.core;
  const { entries } = await audit.page({ action: 'consent-signed', limit: 1 });
  const [newest] = entries;
  if (newest?.consentId !== undefined && newest.sessionId === counter.staff().sessionId)
    acknowledge({ what: 'consent', consentId: newest.consentId });
}

/** Opens the records as the customer's window does, and shows staff some of them. */
async function readAndShow(counter: BareCounter, random: Random, acknowledge: Acknowledge): Promise<void> {
  const opened = await counter.ask('customer', 'openRecords');
  await counter.ask('staff', 'openMetadata');
  if (!opened.ok) return;
  const access = opened.value as RecordsAccess;
  const rows = await readRows(counter, access).catch(() => []);
  const chosen = rows.filter(() => random.chance(0.4));
  if (chosen.length === 0) return;
  const { consentId } = access.manifest;
  const answer = await counter.ask('customer', 'release', { rows: chosen });
  if (answer.ok) acknowledge({ what: 'release', consentId, rows: chosen.length });
}

/** Every row of the first page, with its proof. @throws whatever fetching a page came to */
async function readRows(
  { core }: BareCounter,
  { binding, manifest, ...secrets }: RecordsAccess,
): Promise<ReleaseRow[]> {
  if (manifest.pages.metadata.length === 0) return [];
  const keys = {
    metadata: await importLayerKey(
      secrets.metadataSecret as Uint8Array<ArrayBuffer>,
      binding,
      'metadata',
      'open',
    ),
    content: await importLayerKey(
      secrets.contentSecret as Uint8Array<ArrayBuffer>,
      binding,
      'content',
      'open',
    ),
  };
  const open = async (layer: 'metadata' | 'content') => {
    const sealed = await core.sealedPages({
      plane: 'customer',
      lookupId: binding.lookupId,
      runs: [{ layer, first: 0, last: 0 }],
    });
    return openPage(keys[layer], 0, sealed);
  };
  const metadata = decodeMetadata(await open('metadata'));
  const content = decodeContent(await open('content'));
  const salts = await pageSalts(keys.content, 0, content.length);
  const leaves = pageCommitments(metadata, content, salts);
  return leaves.map((_, index) => {
    const { at, direction, category, maskedPeer } = metadata.row(index);
    const { peer, text } = content.row(index);
    const salt = salts.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
    if (category === 'service') throw new Error('not asked for');
    const proof = inclusionProof(leaves, index).map(toHex);
    return {
      index,
      at,
      direction,
      category,
      maskedPeer,
      peer,
      text,
      salt: toBase64url(salt),
      proof,
      showPeer: false,
    };
  });
}
