/** Searches put together: what the tests, the mutants and the soak ask. */
import type { AnyStateMachine } from 'xstate';
import { requireConsent, requireReading } from '../../../../electron/gate/effects/look-up.ts';
import type { VisitSecrets } from '../../../../electron/gate/visit-secrets.ts';
import { visitMachine } from '../../../../shared/session/machine.ts';
import { type CentralRules, centralRules } from './central.ts';
import { centralAlone, centralProperties } from './central-alone.ts';
import { coreAlone, type Gate, gateProperties } from './core-alone.ts';
import { invariants } from './invariants.ts';
import { machineAlone, machineProperties } from './machine-alone.ts';
import { walkOf } from './machine-walk.ts';
import { type Model, type Property, type SearchOptions, type SearchResult, search } from './search.ts';
import { type Slice, slices } from './slices.ts';
import { type Bounds, type Protection, usualBounds, whole } from './whole.ts';

export interface Finding {
  readonly searches: readonly { readonly name: string; readonly result: SearchResult }[];
  /** The first violation, or the properties that nothing reached. */
  readonly violation: SearchResult['violation'];
  readonly unreached: readonly string[];
}

/**
 * Searches one after the other until one finds a violation.
 * @param baseline What the original reached: a search that no longer reaches it ends it all, too.
 */
function searchAll<S, A>(
  models: Iterable<readonly [string, Model<S, A>]>,
  properties: readonly Property<S, A>[],
  options: SearchOptions = {},
  baseline?: Finding,
): Finding {
  const searches: { name: string; result: SearchResult }[] = [];
  for (const [name, model] of models) {
    const result = search(model, properties, options);
    searches.push({ name, result });
    if (result.violation) return { searches, violation: result.violation, unreached: [] };
    const before = baseline?.searches[searches.length - 1]?.result;
    const lost = properties.filter((_, i) => (before?.met[i] ?? 0) > 0 && result.met[i] === 0);
    if (lost.length > 0) return { searches, violation: undefined, unreached: lost.map(nameOf) };
  }
  const unreached = properties.filter((_, i) => searches.every(({ result }) => result.met[i] === 0));
  return { searches, violation: undefined, unreached: unreached.map(nameOf) };
}

const nameOf = ({ id, title }: { id: number; title: string }) => `${id}: ${title}`;

export function checkMachine(
  machine: AnyStateMachine = visitMachine,
  chosen: readonly Slice[] = slices,
  baseline?: Finding,
): Finding {
  const walk = walkOf(machine);
  return searchAll(
    chosen.map((slice) => [slice.name, machineAlone(walk, slice)]),
    machineProperties(walk),
    {},
    baseline,
  );
}
const realGate: Gate = { lookup: requireConsent, reading: requireReading };
export function checkGate(secrets: VisitSecrets, gate: Gate = realGate): Finding {
  return searchAll([['gate', coreAlone(gate, secrets)]], gateProperties);
}
export function checkCentral(rules: CentralRules = centralRules): Finding {
  return searchAll([['central', centralAlone(rules)]], centralProperties);
}
export function checkWhole(
  secrets: VisitSecrets,
  bounds: readonly Bounds[] = usualBounds,
  without?: Protection,
  options: SearchOptions = {},
): Finding {
  const walk = walkOf(visitMachine);
  const parts = { walk, central: centralRules, gate: realGate, secrets };
  return searchAll(
    bounds.map((bound) => [bound.name, whole(without ? { ...parts, without } : parts, bound)]),
    invariants,
    options,
  );
}

/** One line a search, for the reader of a test run. */
export function report(title: string, { searches }: Finding): string {
  const sum = (of: (result: SearchResult) => number) =>
    searches.reduce((all, { result }) => all + of(result), 0);
  const lines = searches.map(
    ({ name, result: { states, transitions, depth, complete } }) =>
      `  ${name}: ${states} states, ${transitions} transitions, depth ${depth}${complete ? '' : ' (stopped at the limit)'}`,
  );
  return [
    `${title}: ${sum((one) => one.states)} states, ${sum((one) => one.transitions)} transitions`,
    ...lines,
  ].join('\n');
}
