/**
 * Keeps the one record store of a visit: opens it once, tells how far it is, and forgets everything on a
 * wipe. Screens come and go; the records stay until the visit ends.
 */
import type { PlaneApi } from '../../../shared/contract/contract.ts';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import type { OpenProgress, RecordStore } from '../../cache/records.ts';

export type RecordsState =
  | { is: 'closed' }
  | { is: 'opening'; progress: OpenProgress }
  | { is: 'open'; store: RecordStore }
  | { is: 'failed'; error: AppError }
  /** Everything was forgotten; nothing opens again before the next visit. */
  | { is: 'wiped' };

export interface RecordsKeeper {
  state: () => RecordsState;
  subscribe: (changed: () => void) => () => void;
  /** Opens the records unless they are open, opening or wiped. A failure becomes the state. */
  open: () => Promise<void>;
  /** From now on no screen has the records, and none opens them again. */
  forget: () => void;
  /** Destroys keys, pages and rows. Rejects where the store can't say that nothing is left. */
  wipe: () => Promise<void>;
  /** A new visit may open its own records. */
  renew: () => void;
}

export function recordsKeeper(api: PlaneApi<'customer'>, createStore: () => RecordStore): RecordsKeeper {
  let state: RecordsState = { is: 'closed' };
  let store: RecordStore | undefined;
  const listeners = new Set<() => void>();
  const set = (next: RecordsState) => {
    state = next;
    for (const changed of listeners) changed();
  };

  const discard = async () => {
    const old = store;
    await old?.wipe();
    if (store === old) store = undefined;
  };

  return {
    state: () => state,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    open: async () => {
      if (state.is !== 'closed' && state.is !== 'failed') return;
      set({ is: 'opening', progress: { pagesDone: 0, pagesTotal: 0 } });
      // A wipe may come while this waits: then the state is no longer `opening` and nothing is taken over.
      const wanted = () => state.is === 'opening';
      try {
        // A store of before is not used again: its pages go first.
        await discard();
        const access = await api.call('openRecords', {});
        if (!wanted()) return;
        if (!access.ok) {
          set({ is: 'failed', error: access.error });
          return;
        }
        const opened = createStore();
        store = opened;
        await opened.open(access.value, (progress) => {
          if (wanted()) set({ is: 'opening', progress });
        });
        if (wanted()) set({ is: 'open', store: opened });
      } catch (thrown) {
        if (wanted()) set({ is: 'failed', error: toAppError(thrown) });
      }
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
