/** Everything about counters' audit logs. */
import type { Context } from '../context.ts';
import type { Handlers } from '../routes.ts';
import { cosign } from './checkpoints.ts';
import { appendEntries, readHead } from './entries.ts';

type Names = 'audit' | 'auditHead' | 'auditWitness' | 'auditCheckpoint';

export function auditRoutes(context: Context): Pick<Handlers, Names> {
  const { db, witness } = context;
  return {
    audit: ({ device, body, now }) => appendEntries(context, device.id, body.entries, new Date(now)),
    auditHead: ({ device }) => readHead(db, device.id),
    auditWitness: async () => witness.document,
    auditCheckpoint: ({ device, body }) => cosign(context, device, body.checkpoint, body.seen),
  };
}
