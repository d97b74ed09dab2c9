/** A log that was found false stays so over a restart, until information security has settled it by hand. */
import { z } from 'zod';
import { fromUtf8 } from '../../shared/canonical/bytes.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { AuditDamage, type DamageKind, damages } from './damage.ts';
import type { AuditFiles } from './files.ts';

export const CONDEMNED = 'condemned.json';

const schema = z.strictObject({
  damage: z.enum(Object.keys(damages) as [DamageKind, ...DamageKind[]]),
  where: z.string(),
  at: z.iso.datetime(),
});

/** Writes it down; the first one counts. */
async function keepCondemnation(
  files: AuditFiles,
  { damage, where }: AuditDamage,
  now: number,
): Promise<void> {
  if (await files.read(CONDEMNED)) return;
  const at = new Date(now).toISOString();
  await files.replace(CONDEMNED, `${JSON.stringify({ damage, where, at })}\n`);
}

/** What was written down. A file that cannot be read condemns as well. SECURITY: S16 */
export async function condemnation(files: AuditFiles): Promise<AuditDamage | undefined> {
  const bytes = await files.read(CONDEMNED);
  if (!bytes) return undefined;
  try {
    const { damage, where } = schema.parse(JSON.parse(fromUtf8(bytes)));
    return new AuditDamage(damage, where);
  } catch {
    return new AuditDamage('altered', CONDEMNED);
  }
}

/** Whether an open log still takes entries. */
export class Standing {
  readonly #files: AuditFiles;
  readonly #now: () => number;
  readonly #listeners: (() => void)[] = [];
  #stopped: string | undefined;

  constructor(files: AuditFiles, now: () => number) {
    this.#files = files;
    this.#now = now;
  }

  /** Why nothing is taken any more. */
  get stopped(): string | undefined {
    return this.#stopped;
  }

  /** @throws Failure 'audit-failed' */
  require(): void {
    if (this.#stopped !== undefined)
      throw new Failure('audit-failed', { detail: this.#stopped.slice(0, 300) });
  }

  /** Until the next start; the first reason counts. */
  stop(reason: string): void {
    this.#stopped ??= reason;
  }

  /** For good. SECURITY: S16 */
  async condemn(damage: AuditDamage): Promise<void> {
    const first = this.#stopped === undefined;
    this.stop(damage.error.detail ?? damage.damage);
    if (first) for (const listener of this.#listeners) listener();
    await keepCondemnation(this.#files, damage, this.#now());
  }

  onCondemned(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
