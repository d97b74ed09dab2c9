/** The window's side of the contract as React hooks. */
import { useEffect, useState } from 'react';
import type { Plane, PlaneApi } from '../../shared/contract/contract.ts';
import { type AppError, appError, type Result, toAppError } from '../../shared/domain/errors.ts';

/** The API that the preload exposed. Throws where there is none: the page was opened outside its window. */
export function planeApi<P extends Plane>(): PlaneApi<P> {
  const api = (globalThis as { zhiqing?: PlaneApi<P> }).zhiqing;
  if (!api) throw new TypeError('window.zhiqing is missing');
  return api;
}

/** What a feed holds: nothing yet, the newest value, or why there is none. */
export interface Feed<T> {
  value: T | undefined;
  error: AppError | undefined;
}

/** One command that answers with a value, and one event that carries each newer one. */
interface FeedSource<T, C extends string, E extends string> {
  call: (name: C, args: Record<string, never>) => Promise<Result<T>>;
  on: (name: E, listener: (payload: T) => void) => () => void;
}

function useFeed<T, C extends string, E extends string>(
  source: FeedSource<T, C, E>,
  command: C,
  event: E,
): Feed<T> {
  const [feed, setFeed] = useState<Feed<T>>({ value: undefined, error: undefined });
  useEffect(() => {
    let newer = false;
    let gone = false;
    const stop = source.on(event, (value) => {
      newer = true;
      setFeed({ value, error: undefined });
    });
    source.call(command, {}).then(
      (result) => {
        // An event that overtook the answer is newer than it.
        if (newer || gone) return;
        setFeed(
          result.ok ? { value: result.value, error: undefined } : { value: undefined, error: result.error },
        );
      },
      (thrown: unknown) => {
        if (!newer && !gone) setFeed({ value: undefined, error: toAppError(thrown) });
      },
    );
    return () => {
      gone = true;
      stop();
    };
  }, [source, command, event]);
  return feed;
}

/** The plane's view: asked for once, then pushed by the core. Name the view's type: `useView<StaffView>(api)`. */
export function useView<T>(api: FeedSource<T, 'getView', 'view'>): Feed<T> {
  return useFeed(api, 'getView', 'view');
}

/** The status bar's truth (staff). */
export function useStatus<T>(api: FeedSource<T, 'getStatus', 'status'>): Feed<T> {
  return useFeed(api, 'getStatus', 'status');
}

/** A command's state for a button: running, and how the last try failed. */
export interface Command<A extends unknown[]> {
  run: (...args: A) => Promise<boolean>;
  busy: boolean;
  error: AppError | undefined;
  clear: () => void;
}

/** Wraps a call of the API so that a button can show that it runs and a panel why it failed. */
export function useCommand<A extends unknown[]>(call: (...args: A) => Promise<Result<unknown>>): Command<A> {
  const [state, setState] = useState<{ busy: boolean; error: AppError | undefined }>({
    busy: false,
    error: undefined,
  });
  return {
    ...state,
    clear: () => setState({ busy: false, error: undefined }),
    run: async (...args) => {
      setState({ busy: true, error: undefined });
      try {
        const result = await call(...args);
        setState({ busy: false, error: result.ok ? undefined : result.error });
        return result.ok;
      } catch (thrown) {
        // The gateway answers failures as data; a rejection means that the bridge itself is gone.
        setState({ busy: false, error: appError('internal', { detail: toAppError(thrown).kind }) });
        return false;
      }
    },
  };
}
