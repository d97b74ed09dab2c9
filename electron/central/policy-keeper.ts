/** The policy in force, verified, with a version that never goes down. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { verifyDocument } from '../../shared/canonical/signed-document.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { isPolicyCurrent, type Policy } from '../../shared/domain/policy.ts';
import type { AuditLog } from '../audit/log.ts';
import { writeDurably } from '../durable-file.ts';
import type { TrustedClock } from './clock.ts';
import type { Connection } from './connection.ts';

const keptSchema = z.strictObject({ version: z.number().int().min(0) });

export interface PolicyKeeper {
  /** Asks central. @throws Failure 'central-*', 'policy-expired' */
  fetch(): Promise<Policy>;
  /** The last one that was good. */
  readonly known: Policy | undefined;
}

/** @param path File that keeps the highest version seen. A newer one is an entry of the log, once. */
export async function createPolicyKeeper(
  path: string,
  connection: Pick<Connection, 'call' | 'trusted'>,
  clock: TrustedClock,
  audit: Pick<AuditLog, 'append'>,
): Promise<PolicyKeeper> {
  let highest = await readHighest(path);
  let known: Policy | undefined;
  let last: Promise<unknown> = Promise.resolve();
  /** One at a time: of two that fetch the same new policy, one writes it down. */
  const adopt = (version: number) => {
    const turn = last.then(async () => {
      if (version <= highest) return;
      // SECURITY: S10 the log knows of a new notice before anybody reads it.
      await audit.append('policy-adopted', { facts: { version, before: highest } });
      await writeDurably(path, JSON.stringify({ version }));
      highest = version;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    get known() {
      return known;
    },
    async fetch() {
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
      return policy;
    },
  };
}

async function readHighest(path: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
  return keptSchema.parse(JSON.parse(text)).version;
}
