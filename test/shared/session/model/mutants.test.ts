/**
 * Every guard and every protection removed in turn: the model checker must notice each. A mutant is caught by a
 * violation, or by a property that nothing reaches any more (then something that must work does not).
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import type { CentralRules } from './central.ts';
import { checkCentral, checkGate, checkMachine, checkWhole, type Finding } from './check.ts';
import { type Gate, someSecrets } from './core-alone.ts';
import { type Equivalent, equivalents } from './equivalents.ts';
import { machineMutants } from './machine-mutants.ts';
import { type Requests, requestsVerdict } from './scope-table.ts';
import { mutantsOf, original } from './source-mutants.ts';
import { protections } from './whole.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const LIMIT = 24 * 3_600_000;

interface Mutant {
  readonly name: string;
  caught(): boolean | Promise<boolean>;
}

/** The gate of a module that was loaded. */
const gateOf = ({ requireConsent, requireReading }: Record<string, unknown>) =>
  ({ lookup: requireConsent, reading: requireReading }) as Gate;
const isCaught = ({ violation, unreached }: Finding) => violation !== undefined || unreached.length > 0;
/** A mutant that breaks down is noticed by anybody. */
let broken = 0;
const orBroken = (judge: () => boolean): boolean => {
  try {
    return judge();
  } catch {
    broken += 1;
    return true;
  }
};

/** Runs all, prints killed of total, and tells those that survive without being listed as equivalent. */
async function run(title: string, mutants: readonly Mutant[], known: readonly Equivalent[]): Promise<void> {
  broken = 0;
  const survivors: string[] = [];
  let killed = 0;
  let equivalent = 0;
  const used = new Set<Equivalent>();
  for (const mutant of mutants) {
    const listed = known.find(({ mutant: pattern }) => pattern.test(mutant.name));
    if (listed) {
      used.add(listed);
      equivalent += 1;
    } else if (await mutant.caught()) killed += 1;
    else survivors.push(mutant.name);
  }
  console.log(
    `${title}: ${killed} of ${mutants.length - equivalent} mutants killed (${broken} broke down), ${equivalent} equivalent`,
  );
  expect(survivors, 'mutants that nobody noticed').toEqual([]);
  expect(
    known.filter((one) => !used.has(one)).map(({ mutant }) => String(mutant)),
    'listed as equivalent, and not there any more',
  ).toEqual([]);
}

describe('mutants', () => {
  const baseline = checkMachine();

  it('are told from the originals, which nobody finds fault with', { timeout: LIMIT }, async () => {
    const secrets = await someSecrets();
    const { visitMachine } = await original(join(root, 'shared', 'session', 'machine.ts'));
    expect(isCaught(checkMachine(visitMachine as AnyStateMachine, undefined, baseline))).toBe(false);
    const gate = gateOf(await original(join(root, 'electron', 'gate', 'effects', 'look-up.ts')));
    expect(isCaught(checkGate(secrets, gate))).toBe(false);
    const { withinScope } = await original(join(root, 'shared', 'domain', 'scope.ts'));
    expect(requestsVerdict(withinScope as Requests)).toBe(true);
    const { centralRules } = await original(join(import.meta.dirname, 'central.ts'));
    expect(isCaught(checkCentral(centralRules as CentralRules))).toBe(false);
    expect(isCaught(checkWhole(secrets))).toBe(false);
  });

  it('of the visit machine’s configuration', { timeout: LIMIT }, async () => {
    const mutants = machineMutants().map(({ name, machine }) => ({
      name,
      caught: () => orBroken(() => isCaught(checkMachine(machine, undefined, baseline))),
    }));
    await run('machine', mutants, equivalents.machine);
  });

  it('of the visit machine’s expressions', { timeout: LIMIT }, async () => {
    const path = join(root, 'shared', 'session', 'machine.ts');
    const parts = ['machineSetup', 'freeDisplay', 'largeTypeOnly', 'pagesOf', 'visitMachine'];
    const mutants = (await mutantsOf(path, parts)).map(({ name, load }) => ({
      name,
      caught: async () => {
        const { visitMachine } = await load();
        return orBroken(() => isCaught(checkMachine(visitMachine as AnyStateMachine, undefined, baseline)));
      },
    }));
    await run('machine expressions', mutants, equivalents.expressions);
  });

  it('of the gate and the scope rule', { timeout: LIMIT }, async () => {
    const secrets = await someSecrets();
    const gate = await mutantsOf(join(root, 'electron', 'gate', 'effects', 'look-up.ts'), [
      'requireConsent',
      'requireReading',
    ]);
    const scope = await mutantsOf(join(root, 'shared', 'domain', 'scope.ts'), ['withinScope']);
    await run(
      'gate and scope',
      [
        ...gate.map(({ name, load }) => ({
          name,
          caught: async () => isCaught(checkGate(secrets, gateOf(await load()))),
        })),
        ...scope.map(({ name, load }) => ({
          name,
          caught: async () => !requestsVerdict((await load()).withinScope as Requests),
        })),
      ],
      equivalents.gate,
    );
  });

  it('of central', { timeout: LIMIT }, async () => {
    const mutants = (await mutantsOf(join(import.meta.dirname, 'central.ts'))).map(({ name, load }) => ({
      name,
      caught: async () => {
        const { centralRules } = await load();
        return orBroken(() => isCaught(checkCentral(centralRules as CentralRules)));
      },
    }));
    await run('central', mutants, equivalents.central);
  });

  it('of the core’s protections', { timeout: LIMIT }, async () => {
    const secrets = await someSecrets();
    const mutants = protections.map((name) => ({
      name,
      caught: () => isCaught(checkWhole(secrets, undefined, name)),
    }));
    await run('core', mutants, []);
  });
});
