/**
 * What a start makes of what it finds, before any window may open a page: what is past its date, not a case yet,
 * damaged, or unknown to the log is destroyed; a destruction that was cut short is brought to its end.
 * SECURITY: S11 S16 S18
 */
import type { HeldCase, HeldEnding } from '../../../shared/domain/held.ts';
import { HeldFileError } from '../../vault/held/case-file.ts';
import { endCase, evidenceOf, type HeldDeps, type KeptState, shownCase } from './ending.ts';
import type { EndedCase, LoggedCase } from './follower.ts';

/** The cases of the audit log. */
export interface LoggedCases {
  readonly held: readonly LoggedCase[];
  readonly ended: ReadonlyMap<string, EndedCase>;
}

export interface TakenOver {
  readonly cases: readonly KeptState[];
  /** Not what was written, and destroyed. */
  readonly damaged: readonly HeldCase[];
}

export async function takeOver(deps: HeldDeps, logged: LoggedCases): Promise<TakenOver> {
  const cases: KeptState[] = [];
  const damaged: HeldCase[] = [];
  const unknown = await deps.store.list();
  for (const one of logged.held) {
    unknown.delete(one.caseId);
    const found = await takeOne(deps, one);
    if (found === 'damaged') damaged.push(shownCase(one, undefined, 'damaged'));
    else if (found) cases.push(found);
  }
  for (const caseId of unknown) await clear(deps, caseId, logged.ended.get(caseId));
  return { cases, damaged };
}

/** A case that the log says is kept. */
async function takeOne(deps: HeldDeps, logged: LoggedCase): Promise<KeptState | 'damaged' | undefined> {
  const { store, clock, audit } = deps;
  const { caseId, consentId } = logged;
  const end = async (reason: HeldEnding): Promise<undefined> => {
    const ending = { reason, fields: {}, entry: undefined };
    await endCase(deps, { logged, maskedNumber: undefined, kept: true, lent: false, ending });
  };
  const interrupted = await store.ending(caseId);
  if (interrupted) {
    await end(interrupted);
    return interrupted === 'damaged' ? 'damaged' : undefined;
  }
  // Sealed, and the clerk made no case of it.
  if (await store.isFresh(caseId)) return end('visit-ended');
  if (clock.hasPassed(Date.parse(logged.until))) return end('expired');
  try {
    const { maskedNumber } = await store.verify(caseId, logged.hashes);
    return { logged, maskedNumber, kept: true, lent: false, ending: undefined };
  } catch (error) {
    if (!(error instanceof HeldFileError)) throw error;
    await store.destroy(caseId, 'damaged');
    await audit.append('held-damaged', { consentId, facts: { case: caseId, what: error.message } });
    await end('damaged');
    return 'damaged';
  }
}

/** Files of a case that the log does not have as kept: put back from a copy, another counter's, or made by hand. */
async function clear(deps: HeldDeps, caseId: string, ended: EndedCase | undefined): Promise<void> {
  const { store, audit, outbox } = deps;
  // What a crash cut short, before it was a case or while it went, is none of these.
  const interrupted = (await store.ending(caseId)) !== undefined;
  const isAlien = !interrupted && (ended !== undefined || (await store.isKept(caseId)));
  await store.destroy(caseId, ended?.ending ?? 'damaged');
  if (isAlien) {
    await audit.append('held-damaged', { facts: { case: caseId, what: ended ? 'put back' : 'unknown' } });
  }
  if (ended) await outbox.add(await evidenceOf(deps, ended.held, ended.ending, ended.entry));
  await store.forget(caseId);
}
