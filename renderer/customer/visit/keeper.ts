/**
 * Keeps the one record store of a visit: opens it once, tells how far it is, follows the part that comes behind
 * the first rows, and forgets everything on a wipe. Screens come and go; the records stay until the visit ends.
 */
import type { PlaneApi } from '../../../shared/contract/contract.ts';
import { type AppError, appError, toAppError } from '../../../shared/domain/errors.ts';
import type { OpenProgress, RecordStore } from '../../cache/records.ts';
import type { CreateStore } from '../../cache/worker-store.ts';

/**
 * The content that comes behind the first rows. Without it they can be read, but not all of them. `held`: all is on
 * this machine, and every row was found to be the one that central committed to.
 */
export type Rest = { is: 'coming' } | { is: 'held' } | { is: 'missing'; error: AppError };

export type RecordsState =
  | { is: 'closed' }
  | { is: 'opening'; progress: OpenProgress }
  | { is: 'open'; store: RecordStore; rest: Rest }
  | { is: 'failed'; error: AppError }
  /** Everything was forgotten; nothing opens again before the next visit. */
  | { is: 'wiped' };

export interface RecordsKeeper {
  state: () => RecordsState;
  subscribe: (changed: () => void) => () => void;
  /** Starts what opening needs, while the answer is still on its way. */
  prepare: () => void;
  /** Opens the records unless they are open, opening or wiped. A failure becomes the state. */
  open: () => Promise<void>;
  /** Goes on with the rest where it is missing. A failure becomes the state again. */
  retryRest: () => Promise<void>;
  /** From now on no screen has the records, and none opens them again. */
  forget: () => void;
  /** Destroys keys, pages and rows. Rejects where the store can't say that nothing is left. */
  wipe: () => Promise<void>;
  /** A new visit may open its own records. */
  renew: () => void;
}

export function recordsKeeper(api: PlaneApi<'customer'>, createStore: CreateStore): RecordsKeeper {
  let state: RecordsState = { is: 'closed' };
  let store: RecordStore | undefined;
  /** The store has not been opened yet: it is as good as new. */
  let isFresh = false;
  const listeners = new Set<() => void>();
  const set = (next: RecordsState) => {
    state = next;
    for (const changed of listeners) changed();
  };

  const discard = async () => {
    const old = store;
    isFresh = false;
    await old?.wipe();
    if (store === old) store = undefined;
  };
  const fresh = () => {
    const made = createStore(() => {
      // SECURITY: S16 rows of a store that can't be asked any more are not shown as if they could: open again.
      if (state.is === 'open' && state.store === made)
        set({ is: 'failed', error: appError('storage-failed') });
    });
    store = made;
    isFresh = true;
    return made;
  };
  /** The rest of a store that is open becomes the state, as long as that store is the one that is open. */
  const follow = async (opened: RecordStore) => {
    const tell = (rest: Rest) => {
      if (state.is === 'open' && state.store === opened) set({ is: 'open', store: opened, rest });
    };
    tell({ is: 'coming' });
    try {
      await opened.whenHeld();
      await opened.whenChecked();
      tell({ is: 'held' });
    } catch (thrown) {
      tell({ is: 'missing', error: toAppError(thrown) });
    }
  };

  return {
    state: () => state,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    prepare: () => {
      if (state.is === 'closed' && store === undefined) fresh();
    },
    open: async () => {
      if (state.is !== 'closed' && state.is !== 'failed') return;
      set({ is: 'opening', progress: { pagesDone: 0, pagesTotal: 0 } });
      // A wipe may come while this waits: then the state is no longer `opening` and nothing is taken over.
      const wanted = () => state.is === 'opening';
      try {
        // A store of before is not used again: its pages go first.
        if (!isFresh) await discard();
        const access = await api.call('openRecords', {});
        if (!wanted()) return;
        if (!access.ok) {
          set({ is: 'failed', error: access.error });
          return;
        }
        const opened = store ?? fresh();
        isFresh = false;
        await opened.open(access.value, (progress) => {
          if (wanted()) set({ is: 'opening', progress });
        });
        if (!wanted()) return;
        set({ is: 'open', store: opened, rest: { is: 'coming' } });
        void follow(opened);
      } catch (thrown) {
        if (wanted()) set({ is: 'failed', error: toAppError(thrown) });
      }
    },
    retryRest: async () => {
      if (state.is === 'open' && state.rest.is === 'missing') await follow(state.store);
    },
    forget: () => set({ is: 'wiped' }),
    // SECURITY: S11 S19 nothing on the screen refers to the rows any more before the store is wiped.
    wipe: async () => {
      set({ is: 'wiped' });
      await discard();
    },
    renew: () => {
      if (state.is === 'wiped') set({ is: 'closed' });
    },
  };
}
