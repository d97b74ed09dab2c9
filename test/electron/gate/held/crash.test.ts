/** The power fails at any step of sealing, making a case and destroying it, and again at any step of the next start. */
import { describe, expect, it } from 'vitest';
import type { HeldCases } from '../../../../electron/gate/held/held-cases.ts';
import type { HeldEnding } from '../../../../shared/domain/held.ts';
import { MemoryDisk } from '../../audit/memory-disk.ts';
import { holdInput, Machine, secrets, UNTIL } from './scene.ts';

const CASE = '0192f3aa-0000-7000-8000-00000000000f';

interface Reached {
  kept: boolean;
  /** The destruction was begun, and its first step is on the disk. */
  overwritten: boolean;
  destroyed: boolean;
}

/** Seals, makes a case, destroys it, until the power fails. */
async function run(machine: Machine, ending: HeldEnding): Promise<Reached> {
  const reached: Reached = { kept: false, overwritten: false, destroyed: false };
  let cases: HeldCases | undefined;
  try {
    cases = await machine.start();
    await cases.hold(holdInput({ caseId: CASE }));
    reached.kept = await cases.keep(CASE);
    await cases.destroy(CASE, ending);
    reached.destroyed = true;
  } catch {
    // The power failed, and with it everything.
  }
  reached.overwritten = machine.disk.done.includes(`overwrite ${CASE}.key`);
  await cases?.stop();
  return reached;
}

const count = (machine: Machine, action: string) => machine.log.filter((one) => one.action === action).length;

/** What must hold after any start that came to its end. */
async function judge(machine: Machine, cases: HeldCases, reached: Reached, where: string): Promise<void> {
  const held = count(machine, 'records-held');
  const gone = count(machine, 'keys-destroyed');
  expect(count(machine, 'held-damaged'), `${where}: nothing is taken for damage`).toBe(0);
  expect(gone, `${where}: one entry for one end`).toBeLessThanOrEqual(held);
  if (cases.current(CASE)) {
    expect(reached.overwritten, `${where}: an end that was begun is final`).toBe(false);
    expect(await cases.secrets(CASE), where).toEqual(secrets());
    expect([held, gone, machine.outbox.size], where).toEqual([1, 0, 0]);
    return;
  }
  expect(reached.kept && !reached.overwritten, `${where}: what was made a case is one`).toBe(false);
  expect(machine.disk.names(), `${where}: nothing lies about`).toEqual([]);
  expect(gone, `${where}: what the log had as kept has its end`).toBe(held);
  expect(machine.outbox.size, `${where}: and its evidence`).toBe(held);
}

describe('a power cut', () => {
  it('at any step keeps what was made a case and ends what had begun to end', async () => {
    const whole = new Machine();
    expect(await run(whole, 'case-closed')).toEqual({ kept: true, overwritten: true, destroyed: true });
    const kinds = new Set(whole.disk.done.map((step) => step.replace(`${CASE}.`, '')));
    for (const kind of [
      'replace key',
      'sync content',
      'replace new',
      'rename new',
      'overwrite key',
      'remove key',
    ]) {
      expect(kinds).toContain(kind);
    }
    let starts = 0;
    for (let cutAt = 1; cutAt <= whole.disk.steps; cutAt++) {
      for (const leftOver of [0, 0.5, 1]) {
        const machine = new Machine(new MemoryDisk({ cutAt, leftOver }));
        const reached = await run(machine, 'case-closed');
        const where = `step ${cutAt} (${machine.disk.done.at(-1)}), ${leftOver} left over`;
        const next = machine.afterCut();
        const cases = await next.start();
        await judge(next, cases, reached, where);
        await cases.stop();
        starts += 1;
        // The power fails again, at each step of that start.
        for (let again = 1; again <= next.disk.steps; again++) {
          const second = machine.afterCut();
          second.disk.cutAfter(again);
          await second
            .start()
            .then((one) => one.stop())
            .catch(() => undefined);
          const third = second.afterCut();
          const last = await third.start();
          await judge(third, last, reached, `${where}, then step ${again}`);
          await last.stop();
          starts += 1;
        }
      }
    }
    expect(starts).toBeGreaterThan(150);
  });

  it('while its date passes makes no difference: it is gone, and reported as that or as what was begun', async () => {
    const whole = new Machine();
    await run(whole, 'withdrawn');
    for (let cutAt = 1; cutAt <= whole.disk.steps; cutAt++) {
      const machine = new Machine(new MemoryDisk({ cutAt }));
      const reached = await run(machine, 'withdrawn');
      const next = machine.afterCut();
      next.time = Date.parse(UNTIL);
      const cases = await next.start();
      const where = `step ${cutAt}`;
      expect(cases.current(CASE), where).toBeUndefined();
      expect(next.disk.names(), where).toEqual([]);
      const reason = next.log.find(({ action }) => action === 'keys-destroyed')?.facts.reason;
      if (reached.overwritten) expect(reason, where).toBe('withdrawn');
      else if (reached.kept) expect(reason, where).toBe('expired');
      await cases.stop();
    }
  });
});
