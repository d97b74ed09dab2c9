/**
 * A test double of `window.zhiqing`, derived from the contract: it knows exactly the plane's commands and
 * events, parses arguments, answers and payloads with the contract's schemas, and remembers the calls.
 * Runs in Node and in a page.
 */
import type { z } from 'zod';
import {
  type CommandArgs,
  type CommandName,
  type CommandResult,
  contract,
  type EventName,
  type EventPayload,
  type Plane,
  type PlaneApi,
} from '../../shared/contract/contract.ts';
import { appError, type ErrorKind, Failure, type Result, toAppError } from '../../shared/domain/errors.ts';

/** What the double answers; throw a `Failure` to refuse. */
export type Answers<P extends Plane> = {
  [N in CommandName<P>]?: (args: CommandArgs<P, N>) => CommandResult<P, N> | Promise<CommandResult<P, N>>;
};

export interface Double<P extends Plane> {
  readonly api: PlaneApi<P>;
  /** Every call so far, in order, with parsed arguments. */
  readonly calls: { name: CommandName<P>; args: unknown }[];
  /** Replaces or adds answers. */
  answer: (answers: Answers<P>) => void;
  /** Lets a command fail from now on. */
  refuse: (name: CommandName<P>, kind: ErrorKind, more?: { triesLeft?: number }) => void;
  /** Sends an event as the core would. */
  push: <N extends EventName<P>>(name: N, payload: EventPayload<P, N>) => void;
}

type Schemas = Record<string, { args: z.ZodType; result: z.ZodType }>;

/** Commands without an answer of their own are done (`{}`), or refused where `{}` is not their result. */
export function createDouble<P extends Plane>(plane: P, initial: Answers<P> = {}): Double<P> {
  const commands = contract[plane].commands as Schemas;
  const events = contract[plane].events as Record<string, z.ZodType>;
  let answers: Record<string, ((args: never) => unknown) | undefined> = { ...initial };
  const calls: Double<P>['calls'] = [];
  const listeners = new Map<string, Set<(payload: unknown) => void>>();

  const call = async (name: CommandName<P>, args: unknown): Promise<Result<unknown>> => {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) return { ok: false, error: appError('forbidden', { detail: name }) };
    const parsed = command.args.safeParse(args);
    if (!parsed.success) return { ok: false, error: appError('bad-input', { detail: name }) };
    calls.push({ name, args: parsed.data });
    try {
      const answer = answers[name];
      const value = answer ? await answer(parsed.data as never) : {};
      return { ok: true, value: command.result.parse(value) };
    } catch (thrown) {
      return { ok: false, error: toAppError(thrown) };
    }
  };
  const on = (name: string, listener: (payload: unknown) => void) => {
    if (!Object.hasOwn(events, name)) throw new TypeError(`no event ${name}`);
    const group = listeners.get(name) ?? new Set();
    listeners.set(name, group.add(listener));
    return () => {
      group.delete(listener);
    };
  };
  return {
    api: { call, on } as PlaneApi<P>,
    calls,
    answer: (more) => {
      answers = { ...answers, ...more };
    },
    refuse: (name, kind, more = {}) => {
      const refused = () => {
        throw new Failure(kind, more);
      };
      answers = { ...answers, [name]: refused };
    },
    push: (name, payload) => {
      const parsed = events[name]?.parse(payload);
      for (const listener of listeners.get(name) ?? []) listener(parsed);
    },
  };
}
