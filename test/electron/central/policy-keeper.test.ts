/** The policy in force: its version never goes down, and for a visit without a line the one held will do for a day. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../electron/central/clock.ts';
import { createPolicyKeeper, type PolicyKeeper } from '../../../electron/central/policy-keeper.ts';
import { signDocument } from '../../../shared/canonical/signed-document.ts';
import { type ErrorKind, Failure, toAppError } from '../../../shared/domain/errors.ts';
import { type Authority, openAuthority } from '../../central/pki/authority.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const HOUR = 3_600_000;
const start = Date.now();
let authority: Authority;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zhiqing-policy-'));
  authority = await openAuthority(folder);
  await rm(folder, { recursive: true });
});

/** Central: which version it serves, or how it fails. */
let central: number | ErrorKind;
let adopted: number[];
let written: number[];
let elapsed: number;
let keeper: PolicyKeeper;
function open({ kept, floor = 0 }: { kept?: number; floor?: number } = {}) {
  let value = kept === undefined ? undefined : { version: kept };
  keeper = createPolicyKeeper({
    kept: {
      get value() {
        return value;
      },
      write: async (next) => {
        value = next;
        written.push(next.version);
      },
    },
    floor,
    connection: {
      call: (async () => {
        if (typeof central === 'string') throw new Failure(central);
        return signDocument(demoPolicy(start - HOUR, central), authority.central);
      }) as never,
      trusted: [authority.root.certificate],
    },
    clock: createClock(
      () => start + elapsed,
      () => elapsed,
    ),
    audit: { append: async (_, fields) => void adopted.push(Number(fields?.facts?.version)) as never },
  });
}
beforeEach(() => {
  central = 2;
  adopted = [];
  written = [];
  elapsed = 0;
});
const kind = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => toAppError(error).kind,
  );

describe('policy keeper', () => {
  it('writes a newer version down once, in the log and in its file', async () => {
    open({ kept: 1, floor: 1 });
    await Promise.all([keeper.fetch(), keeper.fetch()]);
    expect([adopted, written]).toEqual([[2], [2]]);
  });
  it('does not take an older one, whether the file or the log alone remembers', async () => {
    central = 1;
    open({ kept: 2 });
    expect(await kind(keeper.fetch())).toBe('central-untrusted');
    open({ floor: 2 });
    expect(await kind(keeper.fetch())).toBe('central-untrusted');
    expect(adopted).toEqual([]);
  });
  it('writes a file anew that was damaged, without another entry', async () => {
    open({ floor: 2 });
    await keeper.fetch();
    expect([adopted, written]).toEqual([[], [2]]);
  });
});

describe('a visit without a line', () => {
  it('begins with the policy held, within a day of central’s last word', async () => {
    open();
    central = 'central-unreachable';
    expect(await kind(keeper.forVisit())).toBe('central-unreachable');
    central = 2;
    await keeper.fetch();
    central = 'central-unreachable';
    elapsed = 23 * HOUR;
    expect((await keeper.forVisit()).version).toBe(2);
    keeper.heard(2);
    elapsed = 46 * HOUR;
    expect((await keeper.forVisit()).version).toBe(2);
    elapsed = 48 * HOUR;
    expect(await kind(keeper.forVisit())).toBe('central-unreachable');
  });
  it('does not begin with one that central has called old', async () => {
    open();
    await keeper.fetch();
    central = 'central-unreachable';
    keeper.heard(3);
    expect(await kind(keeper.forVisit())).toBe('central-unreachable');
    // Heard late: it says nothing of today.
    keeper.heard(2);
    expect(await kind(keeper.forVisit())).toBe('central-unreachable');
  });
  it.each<ErrorKind>(['central-untrusted', 'central-failed', 'central-garbage', 'forbidden'])(
    'is no excuse where central answers %s',
    async (answer) => {
      open();
      await keeper.fetch();
      central = answer;
      expect(await kind(keeper.forVisit())).toBe(answer);
    },
  );
  it('does not begin with one that is due for review', async () => {
    open();
    const { reviewBy } = await keeper.fetch();
    central = 'central-unreachable';
    elapsed = Date.parse(reviewBy) - start;
    keeper.heard(2);
    expect(await kind(keeper.forVisit())).toBe('central-unreachable');
  });
});
