/** Gives a plane the key of its layer, while the consent lives. */
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import type { AuditFields } from '../audit/writer.ts';
import type { CounterSession } from './counter-session.ts';
import { requireReading } from './effects/look-up.ts';
import { noted } from './noted.ts';
import { auditFields, type VisitDeps } from './visit.ts';
import type { VisitSecrets } from './visit-secrets.ts';

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
  const fields = secrets ? auditFields(deps, { context, secrets }) : {};
  try {
    clear(accessOf(deps, session, plane));
  } catch (error) {
    await deps.audit.append('layer-denied', { ...fields, facts: { plane, kind: toAppError(error).kind } });
    throw noted(error);
  }
  if (secrets) await logOpened(deps, secrets, plane, fields);
  // It may have ended, or its time have passed, while the entry was on its way to the disk. SECURITY: S16 S19
  return accessOf(deps, session, plane);
}

type Plane = 'staff' | 'customer';
const layerOf = (plane: Plane) => (plane === 'staff' ? 'metadata' : 'content');

/** @throws Failure 'consent-required', 'consent-expired', 'scope-exceeded' */
function accessOf(deps: Deps, session: CounterSession, plane: Plane): MetadataAccess | RecordsAccess {
  const { secrets, context } = session;
  if (!secrets?.lookup) throw new Failure('consent-required');
  requireReading(secrets, context.request, deps.clock);
  const { lookup } = secrets;
  const metadataSecret = secrets.layer('metadata');
  if (!secrets.hasLayer(layerOf(plane)) || !metadataSecret) throw new Failure('consent-expired');
  const { binding } = lookup;
  const manifest = lookup.manifest.document;
  if (plane === 'staff') {
    const { rows, merkleRoot, pageRoots, pages } = manifest;
    return { binding, metadataSecret, rows, merkleRoot, pageRoots, pages: pages.metadata };
  }
  const contentSecret = secrets.layer('content');
  if (!contentSecret) throw new Failure('consent-expired');
  return { binding, metadataSecret, contentSecret, manifest };
}

/** Copies of secrets that nobody gets. */
function clear(access: MetadataAccess | RecordsAccess): void {
  access.metadataSecret.fill(0);
  if ('contentSecret' in access) access.contentSecret.fill(0);
}

/** Entries on their way or on the disk, one a plane. */
const logged = new WeakMap<VisitSecrets, Map<Plane, Promise<unknown>>>();

/**
 * A window that reloads opens again; the log says once that the plane could read.
 * SECURITY: S10 whoever asks second waits for the first one's entry as well.
 */
async function logOpened(
  deps: Deps,
  secrets: VisitSecrets,
  plane: Plane,
  fields: AuditFields,
): Promise<void> {
  const entries = logged.get(secrets) ?? new Map<Plane, Promise<unknown>>();
  logged.set(secrets, entries);
  const layers = plane === 'staff' ? 'metadata' : 'metadata, content';
  const entry =
    entries.get(plane) ?? deps.audit.append('layer-opened', { ...fields, facts: { plane, layers } });
  entries.set(plane, entry);
  try {
    await entry;
  } catch (error) {
    entries.delete(plane);
    throw error;
  }
}
