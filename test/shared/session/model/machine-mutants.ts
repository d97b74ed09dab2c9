/** Mutants of the visit machine: every guard and every protective element of its configuration removed in turn. */
import { type AnyStateMachine, createMachine } from 'xstate';
import { visitMachine } from '../../../../shared/session/machine.ts';

export interface MachineMutant {
  readonly name: string;
  readonly machine: AnyStateMachine;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy in which objects and lists are new and functions are the same. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)])) as T;
}

/** A place in the configuration, and what is put there; `undefined` takes it away. */
interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly what: string;
}

const CLOSING = '#visit.closing';
const nameOf = (action: unknown): string =>
  typeof action === 'string' ? action : isObject(action) ? String(action.type) : 'assign';

/** Edits of one transition. */
function ofTransition(path: Edit['path'], transition: unknown, success: unknown): Edit[] {
  if (typeof transition === 'string') {
    return success === undefined || success === transition
      ? []
      : [{ path, value: success, what: 'failure goes on as success does' }];
  }
  if (!isObject(transition)) return [];
  const edits: Edit[] = [];
  if (transition.guard !== undefined) {
    edits.push({
      path: [...path, 'guard'],
      value: undefined,
      what: `guard ${String(transition.guard)} removed`,
    });
  }
  if (transition.target === CLOSING) {
    for (const target of [undefined, '#visit.ended', '#visit.idle']) {
      edits.push({ path: [...path, 'target'], value: target, what: `closing → ${target ?? 'nowhere'}` });
    }
  } else if (success !== undefined && success !== transition.target) {
    edits.push({ path: [...path, 'target'], value: success, what: 'failure goes on as success does' });
  }
  if (transition.reenter === true) {
    edits.push({ path: [...path, 'reenter'], value: undefined, what: 'not entered anew' });
  }
  const actions = Array.isArray(transition.actions) ? transition.actions : [transition.actions];
  if (transition.actions !== undefined) {
    for (const [i, action] of actions.entries()) {
      const value = actions.filter((_, at) => at !== i);
      edits.push({ path: [...path, 'actions'], value, what: `action ${nameOf(action)} removed` });
    }
  }
  return edits;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Edits of all transitions under a key. */
function ofTransitions(path: Edit['path'], value: unknown, success?: unknown): Edit[] {
  if (!Array.isArray(value)) return ofTransition(path, value, success);
  return value.flatMap((transition, i) => [
    ...ofTransition([...path, i], transition, success),
    // Who stands first decides.
    ...(i > 0
      ? [{ path, value: value.filter((_, at) => at !== i - 1), what: `way ${i} of ${value.length} removed` }]
      : []),
  ]);
}

/** Whether an event's handler protects: it ends the visit, forbids, changes the display or tries again. */
function protects(event: string, handler: unknown): boolean {
  if (event === 'RETRY') return true;
  return listOf(handler).some(
    (one) => isObject(one) && (one.target === CLOSING || one.target === undefined || event === 'SET_DISPLAY'),
  );
}

/** Edits of a state and all below it. */
function ofState(path: Edit['path'], state: Json): Edit[] {
  const edits: Edit[] = [];
  const entries = state.entry === undefined ? [] : listOf(state.entry);
  for (const [i, action] of entries.entries()) {
    const value = entries.filter((_, at) => at !== i);
    edits.push({ path: [...path, 'entry'], value, what: `entry ${nameOf(action)} removed` });
  }
  for (const [event, handler] of Object.entries(isObject(state.on) ? state.on : {})) {
    if (protects(event, handler)) {
      edits.push({ path: [...path, 'on', event], value: undefined, what: 'not handled here' });
    }
    edits.push(...ofTransitions([...path, 'on', event], handler));
  }
  if (isObject(state.invoke)) {
    const { onDone, onError } = state.invoke;
    const [first] = listOf(onDone);
    const success = isObject(first) ? first.target : first;
    edits.push(...ofTransitions([...path, 'invoke', 'onDone'], onDone));
    edits.push(...ofTransitions([...path, 'invoke', 'onError'], onError, success));
  }
  for (const [name, child] of Object.entries(isObject(state.states) ? state.states : {})) {
    if (isObject(child)) edits.push(...ofState([...path, 'states', name], child));
  }
  return edits;
}

function apply(config: Json, { path, value }: Edit): Json {
  const changed = copy(config);
  let at: unknown = changed;
  for (const key of path.slice(0, -1)) at = (at as Record<string | number, unknown>)[key];
  const holder = at as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined && isObject(at)) delete holder[last];
  else holder[last] = value;
  return changed;
}

/** All mutants of the configuration, and of each named guard as a whole. */
export function machineMutants(): MachineMutant[] {
  const config = visitMachine.config as unknown as Json;
  const { implementations } = visitMachine;
  const build = (mutated: Json, guards = implementations.guards): AnyStateMachine =>
    createMachine(mutated as never, { ...implementations, guards } as never);
  const structural = ofState([], config).map((edit) => ({
    name: `${edit.path.filter((key) => key !== 'states').join('.')}: ${edit.what}`,
    machine: build(apply(config, edit)),
  }));
  const guards = Object.keys(implementations.guards).flatMap((name) =>
    [true, false].map((verdict) => ({
      name: `guard ${name}: always ${verdict}`,
      machine: build(copy(config), { ...implementations.guards, [name]: () => verdict }),
    })),
  );
  return [...structural, ...guards];
}
