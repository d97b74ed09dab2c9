/** Breadth-first search over a model: every reachable state within its bound, the shortest trace to a violation. */

/** One transition: what happened, and the state after it. */
export interface Step<S, A> {
  readonly act: A;
  readonly next: S;
}

/** A model to be searched. States are plain values; `key` tells equal ones apart from others. */
export interface Model<S, A> {
  readonly initial: S;
  key(state: S): string;
  steps(state: S): Iterable<Step<S, A>>;
  /** Name of an act in a trace. */
  label(act: A): string;
}

/** A property of single transitions, named after an invariant of the design. */
export interface Property<S, A> {
  /** Number of the invariant, 1 to 21. */
  readonly id: number;
  /** What must hold, in words. */
  readonly title: string;
  /** Whether the property's antecedent is met here: a property that is never met proves nothing. */
  readonly applies: (before: S, act: A, after: S) => boolean;
  /** Looked at where it applies. */
  readonly holds: (before: S, act: A, after: S) => boolean;
}

export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** The longest shortest path, in steps. */
  readonly depth: number;
  /** How often each property's antecedent was met, in the order given. */
  readonly met: readonly number[];
  readonly violation: { readonly property: string; readonly trace: readonly string[] } | undefined;
  /** False when the search stopped at the limit of states. */
  readonly complete: boolean;
}

export interface SearchOptions {
  /** Stops here; a search that was not complete says so. */
  readonly maxStates?: number;
  /** Told now and then. */
  readonly progress?: (states: number, transitions: number) => void;
}

/** Visits every reachable state; stops at the first violation. */
export function search<S, A>(
  model: Model<S, A>,
  properties: readonly Property<S, A>[],
  { maxStates = Number.POSITIVE_INFINITY, progress }: SearchOptions = {},
): SearchResult {
  const index = new Map<string, number>([[model.key(model.initial), 0]]);
  const from: number[] = [-1];
  const via: string[] = [''];
  let frontier: { state: S; id: number }[] = [{ state: model.initial, id: 0 }];
  const met = properties.map(() => 0);
  let transitions = 0;
  let depth = 0;
  const trace = (id: number, last: string): string[] => {
    const labels = [last];
    for (let at = id; at > 0; at = from[at] ?? -1) labels.unshift(via[at] ?? '');
    return labels;
  };
  const result = (violation?: SearchResult['violation'], complete = true): SearchResult => ({
    states: index.size,
    transitions,
    depth,
    met,
    violation,
    complete,
  });
  while (frontier.length > 0) {
    const following: typeof frontier = [];
    for (const { state, id } of frontier) {
      for (const { act, next } of model.steps(state)) {
        transitions += 1;
        for (const [i, property] of properties.entries()) {
          if (!property.applies(state, act, next)) continue;
          met[i] = (met[i] ?? 0) + 1;
          if (property.holds(state, act, next)) continue;
          const label = model.label(act);
          return result({ property: `${property.id}: ${property.title}`, trace: trace(id, label) });
        }
        const key = model.key(next);
        if (index.has(key)) continue;
        if (index.size >= maxStates) return result(undefined, false);
        index.set(key, from.length);
        following.push({ state: next, id: from.length });
        from.push(id);
        via.push(model.label(act));
        if (progress && index.size % 100_000 === 0) progress(index.size, transitions);
      }
    }
    if (following.length > 0) depth += 1;
    frontier = following;
  }
  return result();
}
