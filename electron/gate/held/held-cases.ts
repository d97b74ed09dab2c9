/**
 * The cases for which something is kept at this counter: sealed when a customer is done, opened when they come back,
 * destroyed at their date, when the case is done or when keeping is taken back. The audit log says which there are;
 * the files only hold them. SECURITY: S11 S16 S18
 */
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { HeldCase, HeldEnding } from '../../../shared/domain/held.ts';
import type { LayerName } from '../../../shared/domain/lookup.ts';
import type { AuditFields } from '../../audit/writer.ts';
import { type HeldDetails, HeldFileError, type HeldSecrets } from '../../vault/held/case-file.ts';
import type { HeldInput } from '../../vault/held/store.ts';
import { endCase, type HeldDeps, type KeptState, shownCase } from './ending.ts';
import { type LoggedCase, loggedCase } from './follower.ts';
import { type LoggedCases, takeOver } from './take-over.ts';

/** What a visit has sealed. */
export interface HoldInput extends Omit<HeldInput, 'binding' | 'about'> {
  caseId: string;
  sessionId: string;
  consentId: string;
  consentHash: string;
  /** As in the signed scope. */
  until: string;
  maskedNumber: string;
  rows: number;
  /** Of the visit. */
  fields: AuditFields;
}

/** A sleeping machine's timers stand still, and what could not be destroyed is tried again: looked at this often. */
const LOOK_MS = 5_000;

export class HeldCases {
  readonly #deps: HeldDeps;
  readonly #cases = new Map<string, KeptState>();
  /** Found not to be what was written, since the start. */
  readonly #damaged: HeldCase[] = [];
  /** Consents under which nothing shall be sealed any more. */
  readonly #unwanted = new Set<string>();
  readonly #changed: (() => void)[] = [];
  readonly #endings: ((caseId: string, ending: HeldEnding) => void)[] = [];
  /** What is under way, one after the other for each case. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Visits that seal. */
  readonly #sealing = new Map<string, Promise<unknown>>();
  /** By visit: what was not sealed wholly and could not be destroyed yet. */
  readonly #scraps = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  private constructor(deps: HeldDeps) {
    this.#deps = deps;
  }

  /** With what the log says is kept, and what has become of it: see take-over.ts. */
  static async open(deps: HeldDeps, logged: LoggedCases): Promise<HeldCases> {
    const cases = new HeldCases(deps);
    const found = await takeOver(deps, logged);
    for (const one of found.cases) cases.#cases.set(one.logged.caseId, one);
    cases.#damaged.push(...found.damaged);
    cases.#look();
    return cases;
  }

  /** What staff may know. */
  list(): HeldCase[] {
    const held = [...this.#cases.values()].filter(({ kept }) => kept);
    return [
      ...held.map(({ logged, maskedNumber, ending }) =>
        shownCase(logged, maskedNumber, ending ? 'ending' : 'held'),
      ),
      ...this.#damaged,
    ].sort((a, b) => (a.heldAt < b.heldAt ? 1 : -1));
  }

  /** The case, if it may be opened now as far as this counter knows. SECURITY: S16 S18 */
  current(caseId: string): LoggedCase | undefined {
    const one = this.#cases.get(caseId);
    if (!one?.kept || one.ending || this.#deps.clock.hasPassed(Date.parse(one.logged.until)))
      return undefined;
    return one.logged;
  }

  /** Something under this consent is kept or being sealed. */
  holdsConsent(consentId: string): boolean {
    return [...this.#cases.values()].some(({ logged, ending }) => logged.consentId === consentId && !ending);
  }

  /**
   * Seals what a visit has found; not a case yet. The entry is written when all of it is on the disk.
   * @throws what stopped it; nothing is left then
   */
  hold(input: HoldInput): Promise<LoggedCase> {
    const { caseId, consentId, consentHash, sessionId, until, maskedNumber, rows, fields } = input;
    const { store, audit, clock } = this.#deps;
    const requireWanted = () => {
      input.requireWanted();
      if (this.#stopped || this.#unwanted.has(consentId) || clock.hasPassed(Date.parse(until))) {
        throw new Failure('held-ended', { detail: 'not wanted any more' });
      }
    };
    const work = this.#inTurn(caseId, async () => {
      await this.#clearScrap(sessionId);
      try {
        const binding = { caseId, consentHash, heldUntil: until };
        const hashes = await store.seal({ ...input, binding, about: { maskedNumber }, requireWanted });
        const entry = await audit.append('records-held', {
          ...fields,
          consentId,
          facts: { case: caseId, until, consentHash, rows, key: hashes.key, secrets: hashes.file },
        });
        const logged = loggedCase(entry);
        if (!logged) throw new Failure('internal', { detail: 'records-held' });
        const one: KeptState = { logged, maskedNumber, kept: false, lent: true, ending: undefined };
        this.#cases.set(caseId, one);
        this.#look();
        // Taken back while the entry was on its way to the disk.
        if (this.#unwanted.has(consentId)) {
          this.#begin(one, 'withdrawn', fields);
          await this.#end(one);
          throw new Failure('held-ended');
        }
        return logged;
      } catch (error) {
        // SECURITY: S11 what is not whole is not kept: the key goes first here too.
        if (!this.#cases.has(caseId)) await this.#scrap(sessionId, caseId);
        throw error;
      }
    });
    this.#sealing.set(sessionId, work);
    return work;
  }

  /**
   * What a visit has sealed and is no case yet; waits for what is under way.
   * @throws Failure 'erase-failed' while a part of what failed to be sealed still lies there; asked again it tries again
   */
  async fresh(sessionId: string): Promise<LoggedCase | undefined> {
    await this.#sealing.get(sessionId)?.catch(() => undefined);
    this.#sealing.delete(sessionId);
    await this.#clearScrap(sessionId);
    return [...this.#cases.values()].find(({ logged, kept }) => logged.sessionId === sessionId && !kept)
      ?.logged;
  }

  /** Makes a case of it. False when it has gone meanwhile. */
  keep(caseId: string): Promise<boolean> {
    return this.#inTurn(caseId, async () => {
      const one = this.#cases.get(caseId);
      if (!one || one.ending) return false;
      if (!one.kept) await this.#deps.store.keep(caseId);
      one.kept = true;
      one.lent = false;
      this.#tell();
      return true;
    });
  }

  /** A visit takes it. False when it may not be opened, or another has it. */
  lend(caseId: string): boolean {
    const one = this.#cases.get(caseId);
    if (!one || one.lent || !this.current(caseId)) return false;
    one.lent = true;
    return true;
  }

  /** The visit is over and its windows are clear. What has to go meanwhile goes to its end. */
  async release(caseId: string): Promise<void> {
    const one = this.#cases.get(caseId);
    if (!one) return;
    one.lent = false;
    if (one.ending) await this.destroy(caseId, one.ending.reason);
  }

  /** Under which consent it is kept. @throws Failure 'held-ended', 'held-damaged', 'storage-failed' */
  details(caseId: string): Promise<HeldDetails> {
    return this.#opened(caseId, (one) => this.#deps.store.details(...named(one)));
  }

  /** Copies that the caller overwrites. @throws as {@link details} */
  secrets(caseId: string): Promise<HeldSecrets> {
    return this.#opened(caseId, (one) => this.#deps.store.secrets(...named(one)));
  }

  /** Bytes of a layer's file. @throws Failure 'held-ended' */
  async pages(caseId: string, layer: LayerName, offset: number, length: number): Promise<Bytes> {
    if (!this.current(caseId)) throw new Failure('held-ended');
    return this.#deps.store.readPages(caseId, layer, offset, length);
  }

  /** It is not what was written: destroyed, and said. @param what part of it */
  async damaged(caseId: string, what: string): Promise<void> {
    const one = this.#cases.get(caseId);
    if (!one || one.ending) return;
    this.#damaged.push(shownCase(one.logged, one.maskedNumber, 'damaged'));
    const gone = this.destroy(caseId, 'damaged');
    const { consentId } = one.logged;
    const said = this.#deps.audit.append('held-damaged', { consentId, facts: { case: caseId, what } });
    await Promise.all([said, gone]);
  }

  /** As {@link destroy}, for a visit that has it and whose windows are clear. */
  async end(caseId: string, reason: HeldEnding, fields: AuditFields): Promise<void> {
    const one = this.#cases.get(caseId);
    if (one) one.lent = false;
    await this.destroy(caseId, reason, fields);
  }

  /**
   * Destroys a case for good: its key at once, then the rest, then the entry and the evidence. May be repeated; the
   * first reason counts.
   * @throws Failure 'erase-failed', 'audit-failed', 'storage-failed': it goes on by itself, and when asked again
   */
  destroy(caseId: string, reason: HeldEnding, fields: AuditFields = {}): Promise<void> {
    const one = this.#cases.get(caseId);
    if (!one) return Promise.resolve();
    this.#begin(one, reason, fields);
    return this.#inTurn(caseId, () => this.#end(one));
  }

  /** Destroys what is past its date, and goes on with what is not gone yet. Also called when the time was heard. */
  enforce(): void {
    for (const { logged, ending } of [...this.#cases.values()]) {
      const { caseId, until } = logged;
      if (!ending && !this.#deps.clock.hasPassed(Date.parse(until))) continue;
      // What fails is tried again at the next look; staff see that it is still going.
      this.destroy(caseId, 'expired').catch(() => undefined);
    }
    this.#look();
  }

  /** All that is kept, or being sealed, under a consent. */
  async destroyConsent(consentId: string, reason: HeldEnding): Promise<void> {
    this.#unwanted.add(consentId);
    const own = [...this.#cases.values()].filter(({ logged }) => logged.consentId === consentId);
    // SECURITY: S11 in this very moment, before anything is waited for.
    for (const one of own) this.#begin(one, reason, {});
    await Promise.all(own.map(({ logged }) => this.destroy(logged.caseId, reason)));
  }

  /** Told of every change of the list. */
  onChange(listener: () => void): void {
    this.#changed.push(listener);
  }

  /** Told at the moment in which a case begins to go: whoever has it open lets it go too. */
  onEnding(listener: (caseId: string, ending: HeldEnding) => void): void {
    this.#endings.push(listener);
  }

  /** What is under way comes to its end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#turns.values());
  }

  /** Destroys what was not sealed wholly; no entry speaks of it. SECURITY: S11 */
  async #scrap(sessionId: string, caseId: string): Promise<void> {
    const { store } = this.#deps;
    this.#scraps.set(sessionId, caseId);
    try {
      await store.destroy(caseId, 'visit-ended');
      await store.forget(caseId);
    } catch {
      throw new Failure('erase-failed', { detail: 'held' });
    }
    this.#scraps.delete(sessionId);
  }

  async #clearScrap(sessionId: string): Promise<void> {
    const scrap = this.#scraps.get(sessionId);
    if (scrap !== undefined) await this.#scrap(sessionId, scrap);
  }

  #begin(one: KeptState, reason: HeldEnding, fields: AuditFields): void {
    if (one.ending) return;
    one.ending = { reason, fields, entry: undefined };
    for (const listener of this.#endings) listener(one.logged.caseId, reason);
    this.#tell();
  }

  async #end(one: KeptState): Promise<void> {
    const { caseId } = one.logged;
    if (this.#cases.get(caseId) !== one || !(await endCase(this.#deps, one))) return;
    this.#cases.delete(caseId);
    this.#tell();
  }

  async #opened<T>(caseId: string, open: (one: LoggedCase) => Promise<T>): Promise<T> {
    const one = this.current(caseId);
    if (!one) throw new Failure('held-ended');
    try {
      const opened = await open(one);
      if (!this.current(caseId)) throw new Failure('held-ended');
      return opened;
    } catch (error) {
      if (!(error instanceof HeldFileError)) throw error;
      await this.damaged(caseId, error.message);
      throw new Failure('held-damaged', { detail: error.message });
    }
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#cases.size === 0) return;
    this.#timer = setTimeout(() => this.enforce(), LOOK_MS);
  }

  #tell(): void {
    for (const listener of this.#changed) listener();
  }

  #inTurn<T>(caseId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(caseId) ?? Promise.resolve()).then(work);
    const settled = turn
      .catch(() => undefined)
      .finally(() => {
        if (this.#turns.get(caseId) === settled) this.#turns.delete(caseId);
      });
    this.#turns.set(caseId, settled);
    return turn;
  }
}

function named({ caseId, consentHash, until, hashes }: LoggedCase) {
  return [{ caseId, consentHash, heldUntil: until }, hashes] as const;
}
