/** The policy in force, verified, with a version that never goes down. */
import { z } from 'zod';
import { verifyDocument } from '../../shared/canonical/signed-document.ts';
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import { isPolicyCurrent, type Policy } from '../../shared/domain/policy.ts';
import type { AuditLog } from '../audit/log.ts';
import type { StateFile } from '../vault/state-file.ts';
import type { TrustedClock } from './clock.ts';
import type { Connection } from './connection.ts';

/** What is kept of it. */
export const keptPolicySchema = z.strictObject({ version: z.number().int().min(0) });

/** How long a policy counts as the one in force after central has last said so. */
const HELD_MS = 24 * 3_600_000;

export interface PolicyKeeper {
  /** Asks central. @throws Failure 'central-*', 'policy-expired' */
  fetch(): Promise<Policy>;
  /**
   * The one that a visit begins with: central's, or without a line the one held, while it is current and central
   * has called it the one in force within a day. @throws as `fetch`
   */
  forVisit(): Promise<Policy>;
  /** Central says which version is in force, or was: versions only grow. */
  heard(version: number): void;
  /** The last one that was good. */
  readonly known: Policy | undefined;
}

export interface PolicyOptions {
  /** Keeps the highest version seen. A newer one is an entry of the log, once. */
  kept: Pick<StateFile<z.infer<typeof keptPolicySchema>>, 'value' | 'write'>;
  /** Highest version that the audit log knows of. */
  floor: number;
  connection: Pick<Connection, 'call' | 'trusted'>;
  clock: TrustedClock;
  audit: Pick<AuditLog, 'append'>;
}

export function createPolicyKeeper(options: PolicyOptions): PolicyKeeper {
  const { kept, connection, clock, audit } = options;
  let highest = Math.max(kept.value?.version ?? 0, options.floor);
  let known: Policy | undefined;
  /** The newest version that central has spoken of in this run. */
  let inForce = 0;
  /** When `known` was last called the one in force, by the trusted clock. */
  let confirmedAt = 0;
  let last: Promise<unknown> = Promise.resolve();
  /** One at a time: of two that fetch the same new policy, one writes it down. */
  const adopt = (version: number) => {
    const turn = last.then(async () => {
      // SECURITY: S10 the log knows of a new notice before anybody reads it.
      if (version > highest) await audit.append('policy-adopted', { facts: { version, before: highest } });
      highest = Math.max(highest, version);
      if (kept.value?.version !== highest) await kept.write({ version: highest });
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  const fetch = async (): Promise<Policy> => {
    const signed = await connection.call('policy');
    const verdict = await verifyDocument(signed, {
      trustedCertificates: connection.trusted,
      at: new Date(clock.now()),
      expectedRole: 'central',
    });
    if (!verdict.ok) throw new Failure('central-untrusted', { detail: `policy: ${verdict.reason}` });
    const policy = verdict.document;
    // SECURITY: S18 an old notice, replayed, would be signed in good faith.
    if (policy.version < highest)
      throw new Failure('central-untrusted', { detail: 'policy version went down' });
    if (!isPolicyCurrent(policy, clock.now())) {
      throw new Failure('policy-expired');
    }
    await adopt(policy.version);
    known = policy;
    heard(policy.version);
    return policy;
  };
  const heard = (version: number) => {
    inForce = Math.max(inForce, version);
    if (known?.version === inForce && version === inForce) confirmedAt = clock.now();
  };
  return {
    get known() {
      return known;
    },
    fetch,
    heard,
    async forVisit() {
      try {
        return await fetch();
      } catch (error) {
        // SECURITY: S16 S18 only silence is made up for: a central that answers otherwise is believed.
        const silent = toAppError(error).kind === 'central-unreachable';
        if (silent && known?.version === inForce && isPolicyCurrent(known, clock.now())) {
          if (!clock.hasPassed(confirmedAt + HELD_MS)) return known;
        }
        throw error;
      }
    },
  };
}
