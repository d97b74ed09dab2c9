/** A log that was found false stays so over a restart, until information security has settled it by hand. */
import { z } from 'zod';
import { fromUtf8 } from '../../shared/canonical/bytes.ts';
import { AuditDamage, type DamageKind, damages } from './damage.ts';
import type { AuditFiles } from './files.ts';

export const CONDEMNED = 'condemned.json';

const schema = z.strictObject({
  damage: z.enum(Object.keys(damages) as [DamageKind, ...DamageKind[]]),
  where: z.string(),
  at: z.iso.datetime(),
});

/** Writes it down; the first one counts. */
export async function keepCondemnation(
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
