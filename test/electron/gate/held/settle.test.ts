/** What becomes of a visit's case at its end: kept, left as it was, or gone with entry and evidence. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeldCases } from '../../../../electron/gate/held/held-cases.ts';
import { destroySettled, settle, settlingOf } from '../../../../electron/gate/held/settle.ts';
import { emptyContext } from '../../../../shared/session/machine.ts';
import type { VisitContext } from '../../../../shared/session/types.ts';
import { holdInput, Machine, SESSION, UNTIL } from './scene.ts';

const fields = { sessionId: SESSION, staffId: '1024' };
let machine: Machine;
let cases: HeldCases;
beforeEach(async () => {
  machine = new Machine();
  cases = await machine.start();
});
afterEach(() => cases.stop());

/** The end of a visit, as closing does it. */
async function end(change: Partial<VisitContext>, between: () => unknown = () => undefined) {
  const context: VisitContext = { ...emptyContext, outcome: 'completed', ...change };
  const settling = await settlingOf(cases, context, SESSION);
  if (!settling) return 'nothing';
  await destroySettled({ held: cases }, settling, fields);
  await between();
  const deps = { held: cases, audit: { append: machine.note.bind(machine) } };
  return settle(deps, settling, fields);
}

async function sealed(): Promise<string> {
  const input = holdInput();
  await cases.hold(input);
  return input.caseId;
}

/** A case that a customer has come back for. */
async function lent() {
  const caseId = await sealed();
  await cases.keep(caseId);
  expect(cases.lend(caseId)).toBe(true);
  return { caseId, kept: { caseId, until: UNTIL, again: true } };
}

describe('what a visit has sealed', () => {
  it('is nothing where nothing was', async () => {
    expect(await end({})).toBe('nothing');
    expect(machine.log).toEqual([]);
  });

  it('becomes a case by the clerk’s follow-up', async () => {
    const caseId = await sealed();
    const kept = { caseId, until: UNTIL, again: false };
    expect(await end({ kept, followUp: '等计费核查' })).toEqual({ caseId, until: UNTIL, state: 'kept' });
    expect(machine.actions()).toEqual(['records-held', 'held-closed']);
    expect(cases.list()).toMatchObject([{ caseId, state: 'held' }]);
  });

  it.each<[string, Partial<VisitContext>]>([
    ['no follow-up', { followUp: '  ' }],
    ['a case that is done', { followUp: 'x', caseDone: true }],
    ['a visit that was broken off', { outcome: 'stopped', followUp: 'x' }],
  ])('goes after %s', async (_, change) => {
    const caseId = await sealed();
    expect(await end({ kept: { caseId, until: UNTIL, again: false }, ...change })).toBeUndefined();
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed visit-ended']);
    expect(machine.disk.names()).toEqual([]);
  });

  it('goes when the machine never heard that it was sealed', async () => {
    await sealed();
    expect(await end({ outcome: 'abandoned' })).toBeUndefined();
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed visit-ended']);
  });

  it('is no case when it was taken back while the windows were cleared', async () => {
    const caseId = await sealed();
    const kept = { caseId, until: UNTIL, again: false };
    expect(await end({ kept, followUp: 'x' }, () => cases.destroy(caseId, 'withdrawn'))).toBeUndefined();
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed withdrawn']);
    expect(cases.list()).toEqual([]);
  });
});

describe('what a customer came back for', () => {
  it.each(['completed', 'stopped', 'refused', 'identity-failed'] as const)(
    'stays after %s',
    async (outcome) => {
      const { caseId, kept } = await lent();
      expect(await end({ kept, outcome })).toEqual({ caseId, until: UNTIL, state: 'read' });
      expect(cases.current(caseId)).toBeDefined();
      // And may be taken by the next visit.
      expect(cases.lend(caseId)).toBe(true);
    },
  );

  it('goes when the case is done', async () => {
    const { caseId, kept } = await lent();
    expect(await end({ kept, caseDone: true })).toEqual({ caseId, until: UNTIL, state: 'done' });
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed case-closed']);
  });

  it('has its entry and evidence only when the windows are clear', async () => {
    const { caseId, kept } = await lent();
    const said = await end({ kept, outcome: 'withdrawn' }, () => {
      expect(machine.disk.names()).toEqual([`${caseId}.key`]);
      expect([machine.actions(), machine.outbox.size]).toEqual([['records-held'], 0]);
    });
    expect(said).toEqual({ caseId, until: UNTIL, state: 'over' });
    expect([machine.actions(), machine.outbox.size]).toEqual([
      ['records-held', 'keys-destroyed withdrawn'],
      1,
    ]);
  });

  it('whose date passed meanwhile goes as expired, though no timer had looked yet', async () => {
    const { caseId, kept } = await lent();
    machine.time = Date.parse(UNTIL);
    expect(await end({ kept })).toEqual({ caseId, until: UNTIL, state: 'over' });
    expect(machine.actions()).toEqual(['records-held', 'keys-destroyed expired']);
  });
});
