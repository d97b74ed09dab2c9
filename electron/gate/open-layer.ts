/** Gives a plane the key of its layer, while the consent lives. */
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { CounterSession } from './counter-session.ts';
import { requireConsent } from './effects/look-up.ts';
import { auditFields, type VisitDeps } from './visit.ts';

type Deps = Pick<VisitDeps, 'audit' | 'clock' | 'pseudonym'>;

/** The staff plane's: metadata only. SECURITY: S4 */
export async function openLayer(deps: Deps, session: CounterSession, plane: 'staff'): Promise<MetadataAccess>;
export async function openLayer(
  deps: Deps,
  session: CounterSession,
  plane: 'customer',
): Promise<RecordsAccess>;
export async function openLayer(
  deps: Deps,
  session: CounterSession,
  plane: 'staff' | 'customer',
): Promise<MetadataAccess | RecordsAccess> {
  const { secrets, context } = session;
  if (!secrets?.lookup) throw new Failure('consent-required');
  requireConsent(secrets, context.request, deps.clock);
  const needed = plane === 'staff' ? 'metadata' : 'content';
  if (!secrets.hasLayer(needed)) throw new Failure('consent-expired');
  if (!secrets.opened.has(plane)) {
    secrets.opened.add(plane);
    // SECURITY: S10 a window that reloads opens again; the log says once that the plane could read.
    await deps.audit
      .append('layer-opened', {
        ...auditFields(deps, { context, secrets }),
        facts: { plane, layers: plane === 'staff' ? 'metadata' : 'metadata, content' },
      })
      .catch((error: unknown) => {
        secrets.opened.delete(plane);
        throw error;
      });
  }
  const { lookup } = secrets;
  const metadataSecret = secrets.layer('metadata');
  if (!lookup || !metadataSecret) throw new Failure('consent-expired');
  const { binding } = lookup;
  const manifest = lookup.manifest.document;
  if (plane === 'staff') {
    const { rows, merkleRoot, pages } = manifest;
    return { binding, metadataSecret, rows, merkleRoot, pages: pages.metadata };
  }
  const contentSecret = secrets.layer('content');
  if (!contentSecret) throw new Failure('consent-expired');
  return { binding, metadataSecret, contentSecret, manifest };
}
