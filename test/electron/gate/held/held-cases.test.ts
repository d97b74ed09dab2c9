/** Cases that are kept: sealed, made, lent, destroyed; what a start makes of what it finds. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HeldCases } from '../../../../electron/gate/held/held-cases.ts';
import { Failure } from '../../../../shared/domain/errors.ts';
import { CONSENT, HASH, holdInput, keyStore, Machine, NOW, SESSION, secrets, UNTIL } from './scene.ts';

const opened: HeldCases[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((one) => one.stop()));
});

async function start(machine: Machine): Promise<HeldCases> {
  const cases = await machine.start();
  opened.push(cases);
  return cases;
}

/** A case of the list, on a machine. */
async function kept(machine = new Machine(), change: Parameters<typeof holdInput>[0] = {}) {
  const cases = await start(machine);
  const input = holdInput(change);
  await cases.hold(input);
  expect(await cases.keep(input.caseId)).toBe(true);
  return { machine, cases, caseId: input.caseId };
}

const evidence = (machine: Machine) =>
  [...machine.outbox.values()].map((item) => (item.kind === 'erasure' ? item.evidence : undefined));

describe('what is sealed', () => {
  it('is no case before the clerk makes one of it, and opens as it was', async () => {
    const machine = new Machine();
    const cases = await start(machine);
    const input = holdInput();
    const logged = await cases.hold(input);
    expect(logged).toMatchObject({
      caseId: input.caseId,
      consentId: CONSENT,
      consentHash: HASH,
      until: UNTIL,
    });
    expect(machine.actions()).toEqual(['records-held']);
    expect(cases.list()).toEqual([]);
    expect(cases.current(input.caseId)).toBeUndefined();
    expect((await cases.fresh(SESSION))?.caseId).toBe(input.caseId);
    await cases.keep(input.caseId);
    expect(cases.list()).toEqual([
      {
        caseId: input.caseId,
        maskedNumber: '139****4321',
        heldAt: new Date(NOW).toISOString(),
        until: UNTIL,
        state: 'held',
      },
    ]);
    expect(await cases.secrets(input.caseId)).toEqual(secrets());
    expect(await cases.fresh(SESSION)).toBeUndefined();
  });

  it('lies nowhere in plain: no secret, no number in full', async () => {
    const { machine } = await kept();
    const all = machine.disk
      .names()
      .map((name) => Buffer.from(machine.disk.bytes(name) ?? []).toString('latin1'));
    for (const secret of Object.values(secrets())) {
      const plain = Buffer.from(secret).toString('latin1');
      expect(all.some((text) => text.includes(plain))).toBe(false);
    }
    expect(machine.disk.names().map((name) => name.split('.')[1])).toEqual([
      'case',
      'content',
      'key',
      'metadata',
    ]);
  });

  it('is there wholly or not at all when something fails', async () => {
    const machine = new Machine();
    const cases = await start(machine);
    const failing = holdInput({
      pages: async function* () {
        yield new Uint8Array(10);
        throw new Failure('central-unreachable');
      },
    });
    await expect(cases.hold(failing)).rejects.toThrow('central-unreachable');
    expect(machine.disk.names()).toEqual([]);
    machine.logFails = true;
    await expect(cases.hold(holdInput())).rejects.toThrow('audit-failed');
    machine.logFails = false;
    expect([machine.disk.names(), machine.log]).toEqual([[], []]);
    machine.disk.free = 30;
    await expect(cases.hold(holdInput())).rejects.toThrow();
    expect([machine.disk.names(), machine.log]).toEqual([[], []]);
  });

  it('does not count as gone while a part of what failed still lies there, and is tried again', async () => {
    const machine = new Machine();
    const cases = await start(machine);
    const failing = holdInput({
      pages: async function* () {
        yield new Uint8Array(10);
        throw new Failure('central-unreachable');
      },
    });
    const overwrite = vi.spyOn(machine.disk, 'overwrite').mockRejectedValue(new Error('EIO'));
    await expect(cases.hold(failing)).rejects.toThrow('erase-failed');
    // The end of the visit asks, and may not say that all keys are gone.
    await expect(cases.fresh(SESSION)).rejects.toThrow('erase-failed');
    await expect(cases.hold(failing)).rejects.toThrow('erase-failed');
    const { caseId } = failing;
    expect(machine.disk.names()).toEqual([`${caseId}.key`, `${caseId}.metadata`]);
    overwrite.mockRestore();
    expect(await cases.fresh(SESSION)).toBeUndefined();
    expect([machine.disk.names(), machine.log]).toEqual([[], []]);
    // Sealed anew upon nothing that was left.
    await cases.hold(holdInput({ caseId }));
    expect(machine.disk.bytes(`${caseId}.metadata`)).toHaveLength(40);
  });

  it('is not sealed under a consent that was taken back meanwhile, nor past its date', async () => {
    const machine = new Machine();
    const cases = await start(machine);
    const input = holdInput({
      pages: async function* () {
        await cases.destroyConsent(CONSENT, 'withdrawn');
        yield new Uint8Array(10);
      },
    });
    await expect(cases.hold(input)).rejects.toMatchObject({ error: { kind: 'held-ended' } });
    expect([machine.disk.names(), machine.log]).toEqual([[], []]);
    machine.time = Date.parse(UNTIL);
    await expect(cases.hold(holdInput({ consentId: SESSION }))).rejects.toMatchObject({
      error: { kind: 'held-ended' },
    });
  });
});

describe('a case', () => {
  it('is destroyed with its entry and evidence, and the first reason counts', async () => {
    const { machine, cases, caseId } = await kept();
    const told: string[] = [];
    cases.onEnding((id, ending) => told.push(`${id === caseId} ${ending}`));
    const first = cases.destroy(caseId, 'case-closed', { staffId: '1024' });
    // At once: nobody opens it any more, whatever the disk still does.
    expect(cases.current(caseId)).toBeUndefined();
    expect(cases.list()).toMatchObject([{ state: 'ending' }]);
    await Promise.all([first, cases.destroy(caseId, 'expired')]);
    expect(told).toEqual(['true case-closed']);
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed case-closed']);
    expect(machine.disk.names()).toEqual([]);
    expect(cases.list()).toEqual([]);
    expect(evidence(machine)).toMatchObject([
      { consentId: CONSENT, consentHash: HASH, reason: 'case-closed', auditEntry: { seq: 1 } },
    ]);
    expect(evidence(machine)[0]?.destroyed).toContain('held-key');
  });

  it('goes key first: written over where it lies, before anything else is touched', async () => {
    const { machine, cases, caseId } = await kept();
    const key = `${caseId}.key`;
    const before = machine.disk.bytes(key)?.length ?? 0;
    const done = machine.disk.done.length;
    await cases.destroy(caseId, 'withdrawn');
    const steps = machine.disk.done.slice(done).map((step) => step.replace(caseId, 'x'));
    expect(steps).toEqual([
      'overwrite x.key',
      'remove x.case',
      'remove x.new',
      'remove x.metadata',
      'remove x.content',
      'log',
      'outbox',
      'remove x.key',
    ]);
    expect(before).toBeGreaterThan(60);
  });

  it('that a visit has is destroyed at once, and reported when the visit is over', async () => {
    const { machine, cases, caseId } = await kept();
    expect(cases.lend(caseId)).toBe(true);
    expect(cases.lend(caseId)).toBe(false);
    await cases.destroyConsent(CONSENT, 'withdrawn');
    expect(machine.disk.names()).toEqual([`${caseId}.key`]);
    expect(machine.actions()).toEqual(['records-held']);
    expect(evidence(machine)).toEqual([]);
    await cases.release(caseId);
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed withdrawn']);
    expect(evidence(machine)).toMatchObject([{ reason: 'withdrawn' }]);
    expect(machine.disk.names()).toEqual([]);
  });

  it('can not be lent, opened or read once its date has passed', async () => {
    const { machine, cases, caseId } = await kept();
    machine.time = Date.parse(UNTIL);
    expect(cases.lend(caseId)).toBe(false);
    await expect(cases.secrets(caseId)).rejects.toMatchObject({ error: { kind: 'held-ended' } });
    await expect(cases.details(caseId)).rejects.toMatchObject({ error: { kind: 'held-ended' } });
    await expect(cases.pages(caseId, 'content', 0, 4)).rejects.toMatchObject({
      error: { kind: 'held-ended' },
    });
  });

  it('is destroyed by itself once its date has passed, whichever way the clock came there', async () => {
    vi.useFakeTimers();
    const { machine, cases, caseId } = await kept();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(cases.current(caseId)).toBeDefined();
    machine.time = Date.parse(UNTIL);
    await vi.advanceTimersByTimeAsync(5_000);
    // Set back again: what has passed has passed.
    machine.time = NOW;
    // What is under way comes to its end.
    await cases.stop();
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed expired']);
    expect(cases.list()).toEqual([]);
  });

  it('whose end can not be logged is going until it can', async () => {
    vi.useFakeTimers();
    const { machine, cases, caseId } = await kept();
    machine.logFails = true;
    await expect(cases.destroy(caseId, 'case-closed')).rejects.toThrow('audit-failed');
    expect(cases.list()).toMatchObject([{ state: 'ending' }]);
    expect(machine.disk.names()).toEqual([`${caseId}.key`]);
    machine.logFails = false;
    await vi.advanceTimersByTimeAsync(6_000);
    await cases.stop();
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed case-closed']);
    expect(cases.list()).toEqual([]);
  });

  it('is kept while the key store does not answer: that passes', async () => {
    const { cases, caseId } = await kept();
    const unseal = vi.spyOn(keyStore, 'unseal').mockRejectedValue(new Error('locked'));
    await expect(cases.secrets(caseId)).rejects.toMatchObject({
      error: { kind: 'storage-failed', retry: true },
    });
    unseal.mockRestore();
    expect(await cases.secrets(caseId)).toEqual(secrets());
  });
});

describe('a start', () => {
  it('finds what was kept, and unseals nothing of it', async () => {
    const { machine, caseId } = await kept();
    const unseal = vi.spyOn(keyStore, 'unseal');
    const cases = await start(machine.afterCut());
    expect(unseal).not.toHaveBeenCalled();
    expect(cases.list()).toMatchObject([{ caseId, maskedNumber: '139****4321', state: 'held' }]);
    expect(await cases.secrets(caseId)).toEqual(secrets());
    unseal.mockRestore();
  });

  it('destroys what is past its date before anybody asks', async () => {
    const { machine, caseId } = await kept();
    const next = machine.afterCut();
    next.time = Date.parse(UNTIL);
    const cases = await start(next);
    expect(next.actions()).toEqual(['records-held', 'keys-destroyed expired']);
    expect([next.disk.names(), cases.list(), cases.current(caseId)]).toEqual([[], [], undefined]);
    expect(evidence(next)).toMatchObject([{ reason: 'expired' }]);
  });

  it('destroys what was sealed and never became a case', async () => {
    const machine = new Machine();
    await (await start(machine)).hold(holdInput());
    const next = machine.afterCut();
    const cases = await start(next);
    expect(next.actions()).toEqual(['records-held', 'keys-destroyed visit-ended']);
    expect([next.disk.names(), cases.list()]).toEqual([[], []]);
  });

  const damage: [string, (machine: Machine, caseId: string) => void, string][] = [
    ['a key with a bit turned', (m, id) => m.disk.tamper(`${id}.key`, flip(5)), 'key'],
    ['a key cut short', (m, id) => m.disk.tamper(`${id}.key`, (bytes) => bytes.slice(0, 9)), 'key'],
    ['no key', (m, id) => m.disk.tamper(`${id}.key`, () => undefined), 'key'],
    ['secrets with a bit turned', (m, id) => m.disk.tamper(`${id}.case`, flip(-3)), 'case'],
    ['another masked number', (m, id) => m.disk.tamper(`${id}.case`, flip(30)), 'case'],
    ['no secrets', (m, id) => m.disk.tamper(`${id}.case`, () => undefined), 'case'],
    ['pages cut short', (m, id) => m.disk.tamper(`${id}.content`, (bytes) => bytes.slice(1)), 'content'],
    ['no pages', (m, id) => m.disk.tamper(`${id}.metadata`, () => undefined), 'metadata'],
  ];
  it.each(damage)('destroys %s, and says so', async (_, change, what) => {
    const { machine, caseId } = await kept();
    const next = machine.afterCut();
    change(next, caseId);
    const cases = await start(next);
    expect(next.actions()).toEqual(['records-held', `held-damaged ${what}`, 'keys-destroyed damaged']);
    expect(next.disk.names()).toEqual([]);
    expect(cases.list()).toEqual([
      { caseId, heldAt: new Date(NOW).toISOString(), until: UNTIL, state: 'damaged' },
    ]);
    expect(cases.current(caseId)).toBeUndefined();
    expect(evidence(next)).toMatchObject([{ reason: 'damaged' }]);
    // It is said until the next start; then the log alone knows.
    expect((await start(next.afterCut())).list()).toEqual([]);
  });

  it('destroys two cases whose files were exchanged', async () => {
    const { machine, cases, caseId } = await kept();
    const other = holdInput({ consentId: '0192f3aa-0000-7000-8000-00000000000d', sessionId: caseId });
    await cases.hold(other);
    await cases.keep(other.caseId);
    for (const part of ['key', 'case']) {
      const next = machine.afterCut();
      const [mine, theirs] = [`${caseId}.${part}`, `${other.caseId}.${part}`];
      const bytes = next.disk.bytes(mine);
      next.disk.tamper(mine, () => next.disk.bytes(theirs));
      next.disk.tamper(theirs, () => bytes);
      const started = await start(next);
      expect(started.list().map(({ state }) => state)).toEqual(['damaged', 'damaged']);
      expect(next.disk.names()).toEqual([]);
    }
  });

  it('destroys what was put back after its end, and what no log of this counter knows', async () => {
    const { machine, cases, caseId } = await kept();
    const copy = machine.afterCut();
    await cases.destroy(caseId, 'withdrawn');
    const next = machine.afterCut();
    for (const name of copy.disk.names()) next.disk.tamper(name, () => copy.disk.bytes(name));
    const started = await start(next);
    expect(next.actions()).toEqual(['records-held', 'keys-destroyed withdrawn', 'held-damaged put back']);
    expect([next.disk.names(), started.list(), started.current(caseId)]).toEqual([[], [], undefined]);
    // Another counter's.
    const foreign = new Machine();
    for (const name of copy.disk.names()) foreign.disk.tamper(name, () => copy.disk.bytes(name));
    await start(foreign);
    expect(foreign.actions()).toEqual(['held-damaged unknown']);
    expect(foreign.disk.names()).toEqual([]);
  });

  it('leaves files alone that are none of a case', async () => {
    const machine = new Machine();
    machine.disk.tamper('README', () => new Uint8Array([1]));
    await start(machine);
    expect(machine.disk.names()).toEqual(['README']);
  });
});

const flip = (at: number) => (bytes: Uint8Array<ArrayBuffer>) => {
  const changed = bytes.slice();
  const index = at < 0 ? bytes.length + at : at;
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
};
