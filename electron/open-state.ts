/** Opens what the core keeps beside its log; what is damaged is made anew where the log or central knows it too. */
import { join } from 'node:path';
import type { StartedAudit } from './audit/start.ts';
import type { KeptClock } from './central/clock.ts';
import { cursorSchema } from './central/feed.ts';
import { OutboxFile } from './central/outbox-file.ts';
import { keptPolicySchema } from './central/policy-keeper.ts';
import type { Repairs } from './repairs.ts';
import { openStateFile } from './vault/state-file.ts';
import type { Vault } from './vault/vault.ts';

export interface OpenStateOptions {
  userData: string;
  vault: Vault;
  /** What the log says of earlier runs. */
  before: StartedAudit['before'];
  repairs: Repairs;
}

/** @throws StartRefusal when the outbox is damaged: it is evidence. */
export async function openState({ userData, vault, before, repairs }: OpenStateOptions) {
  const { stateKey: key } = vault;
  const path = (name: string) => join(userData, name);
  const policyState = await openStateFile({
    path: path('policy.json'),
    name: 'policy',
    key,
    schema: keptPolicySchema,
  });
  const cursor = await openStateFile({ path: path('feed.json'), name: 'feed', key, schema: cursorSchema });
  const outboxFile = await OutboxFile.open(path('outbox'), vault);
  if (policyState.altered || (wasHeard(before) && !policyState.value)) repairs.found('policy', 'done');
  if (cursor.altered || (wasHeard(before) && !cursor.value)) repairs.found('changes', 'done');
  if (outboxFile.fresh && before) repairs.found('outbox', 'done');
  return { policyState, cursor, outboxFile };
}

/** Central was heard in an earlier run: what is kept of that is there. */
export function wasHeard(before: StartedAudit['before']): boolean {
  return (before?.policy ?? 0) > 0;
}

/** A clock without its mark. SECURITY: S18 it does not stand behind what was written down last. */
export function mendClock(clock: KeptClock, before: StartedAudit['before'], repairs: Repairs): void {
  if (clock.mark === 'kept' || (clock.mark === 'missing' && !wasHeard(before))) return;
  clock.standIn(before?.lastAt ?? 0);
  repairs.found('clock', 'waiting');
}
