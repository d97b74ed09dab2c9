/** The real visit machine as a table: each (state, event) is asked of XState once. No timers, no effects run. */
import { type AnyStateMachine, initialTransition, transition } from 'xstate';
import {
  type EffectName,
  phaseOf,
  type VisitContext,
  type VisitEvent,
  type VisitPhase,
} from '../../../../shared/session/machine.ts';

/** A state of the machine: interned, so that equal states are the same object. */
export interface Place {
  readonly id: number;
  readonly phase: VisitPhase;
  readonly value: unknown;
  readonly context: VisitContext;
  /** The effect that runs here. */
  readonly effect: { readonly name: EffectName; readonly id: string } | undefined;
}

export interface Walk {
  readonly initial: Place;
  /** Where an event of a window or the core leads; the same place when the machine does not take it. */
  send(place: Place, event: VisitEvent): Move;
  /** The running effect has answered. */
  done(place: Place, output: unknown): Move;
  /** The running effect has failed. */
  failed(place: Place, error: unknown): Move;
  readonly places: number;
}

export interface Move {
  readonly place: Place;
  /** The machine took the event (`can`). */
  readonly taken: boolean;
  /** An effect starts, anew or again. */
  readonly starts: EffectName | undefined;
}

type Kind = 'send' | 'done' | 'failed';

/** Works on any machine of this shape: the real one, or a mutant of it. */
export function walkOf(machine: AnyStateMachine): Walk {
  const byKey = new Map<string, Place>();
  // Samples are the same objects every time: a move is remembered under what was sent or answered.
  const moves: Record<Kind, Map<unknown, Move>>[] = [];
  type Snapshot = ReturnType<typeof initialTransition>[0];

  const intern = (snapshot: Snapshot): Place => {
    const context: VisitContext = snapshot.context;
    const key = `${JSON.stringify(snapshot.value)} ${JSON.stringify(context)}`;
    const known = byKey.get(key);
    if (known) return known;
    const invoke = snapshot._nodes.flatMap(
      (node: { invoke: { id: string; src: unknown }[] }) => node.invoke,
    )[0];
    const place: Place = {
      id: byKey.size,
      phase: phaseOf(snapshot.value),
      value: snapshot.value,
      context,
      effect: invoke && { name: String(invoke.src) as EffectName, id: invoke.id },
    };
    byKey.set(key, place);
    moves.push({ send: new Map(), done: new Map(), failed: new Map() });
    return place;
  };
  const move = (place: Place, kind: Kind, key: unknown, event: { type: string }): Move => {
    const known = moves[place.id]?.[kind].get(key);
    if (known) return known;
    const snapshot = machine.resolveState({ value: place.value as never, context: place.context });
    const taken = snapshot.can(event as never);
    if (!taken) {
      const stays: Move = { place, taken, starts: undefined };
      moves[place.id]?.[kind].set(key, stays);
      return stays;
    }
    const [next, actions] = transition(machine, snapshot, event as never);
    const spawned = actions.find(({ type }) => type === 'xstate.spawnChild');
    const src = spawned && 'params' in spawned ? (spawned.params as { src?: unknown }).src : undefined;
    const made: Move = {
      place: intern(next),
      taken,
      starts: src === undefined ? undefined : (String(src) as EffectName),
    };
    moves[place.id]?.[kind].set(key, made);
    return made;
  };
  return {
    initial: intern(initialTransition(machine)[0]),
    send: (place, event) => move(place, 'send', event, event),
    done(place, output) {
      if (!place.effect) return { place, taken: false, starts: undefined };
      const type = `xstate.done.actor.${place.effect.id}`;
      return move(place, 'done', output, { type, output } as { type: string });
    },
    failed(place, error) {
      if (!place.effect) return { place, taken: false, starts: undefined };
      const type = `xstate.error.actor.${place.effect.id}`;
      return move(place, 'failed', error, { type, error } as { type: string });
    },
    get places() {
      return byKey.size;
    },
  };
}
