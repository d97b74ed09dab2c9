/** A new policy, published by a process that no counter is connected to: how long it takes to reach all of them. */
import { join } from 'node:path';
import { changeFeed } from '../central/changes/feed.ts';
import { openDatabase } from '../central/database/open.ts';
import { openAuthority } from '../central/pki/authority.ts';
import { policyStore } from '../central/policy/store.ts';
import type { Parts } from './parts.ts';
import type { Stage } from './stage.ts';

export interface News {
  /** Counters that have adopted it. */
  readonly heard: number;
  /** ms from its being in force to the counter's asking for it. */
  readonly p50: number;
  readonly p99: number;
}

/** After this long whoever has not heard has not: a thousand counters verify its signature on the run's own machine. */
const LIMIT_MS = 300_000;

export async function announcePolicy(stage: Stage, parts: Parts): Promise<News> {
  const db = await openDatabase({ url: stage.database });
  const changes = changeFeed(db);
  try {
    const { central } = await openAuthority(join(stage.dataDir, 'ca'));
    const policies = policyStore(db, central, Date.now, changes);
    const policy = await policies.inForce();
    let heard = 0;
    let times: number[] = [];
    await parts.measure('a new policy', async () => {
      const hearing = stage.fleet.awaitPolicy(policy.version + 1, LIMIT_MS);
      await policies.publish({ ...policy, version: policy.version + 1 });
      const published = Date.now();
      const { adopted, askedAt } = await hearing;
      heard = adopted;
      times = askedAt.map((at) => at - published).toSorted((a, b) => a - b);
    });
    const at = (share: number) => times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? Number.NaN;
    return { heard, p50: at(0.5), p99: at(0.99) };
  } finally {
    changes.close();
    await db.destroy();
  }
}
