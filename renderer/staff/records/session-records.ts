/**
 * The metadata of the visit's records, outside React: opened when the core says that there is a lookup,
 * dropped when the core says wipe. SECURITY: S4 opened with the metadata key only; S11 `wiped` is sent
 * only when the store is gone.
 */
import type { PlaneApi } from '../../../shared/contract/contract.ts';
import type { StaffView } from '../../../shared/contract/views.ts';
import { type AppError, appError, Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { OpenProgress, Overview, RecordStore } from '../../cache/records.ts';
import type { CreateStore } from '../../cache/worker-store.ts';

export type RecordsState =
  | { step: 'none' }
  | { step: 'opening'; progress: OpenProgress | undefined }
  | { step: 'ready'; store: RecordStore; overview: Overview }
  | { step: 'failed'; error: AppError };

export interface SessionRecords {
  get: () => RecordsState;
  subscribe: (changed: () => void) => () => void;
  /** Follows the view: opens the records of its lookup once. */
  show: (view: Pick<StaffView, 'lookupId'>) => void;
  /** Opens again after a failure. */
  retry: () => void;
  /** Stops listening to the core. */
  stop: () => void;
}

/** One for the life of the window. `createStore` makes a fresh, empty store. */
export function createSessionRecords(api: PlaneApi<'staff'>, createStore: CreateStore): SessionRecords {
  let state: RecordsState = { step: 'none' };
  let store: RecordStore | undefined;
  /** Lookup that is open or was tried, so that every push of the view does not open again. */
  let lookupId: string | undefined;
  /** Counts openings and wipes: what comes back from an older one is dropped. */
  let epoch = 0;
  const listeners = new Set<() => void>();
  const set = (next: RecordsState) => {
    state = next;
    for (const listener of listeners) listener();
  };

  /** Wipes follow each other: one that is asked for while another runs waits for it, and tries what it left. */
  let wiping: Promise<void> = Promise.resolve();
  const wipeStore = () => {
    const next = async () => {
      await store?.wipe();
      store = undefined;
    };
    wiping = wiping.then(next, next);
    return wiping;
  };
  const drop = () => {
    epoch++;
    lookupId = undefined;
    set({ step: 'none' });
    return wipeStore();
  };

  const open = async () => {
    const mine = ++epoch;
    set({ step: 'opening', progress: undefined });
    try {
      await wipeStore();
      const access = await api.call('openMetadata', {});
      if (mine !== epoch) return;
      if (!access.ok) {
        set({ step: 'failed', error: access.error });
        return;
      }
      const opened = createStore(() => {
        if (mine === epoch) set({ step: 'failed', error: appError('storage-failed') });
      });
      store = opened;
      await opened.open(access.value, (progress) => {
        if (mine === epoch) set({ step: 'opening', progress });
      });
      const overview = await opened.overview({});
      if (mine !== epoch) return;
      // SECURITY: S16 fewer rows than the manifest promises are not shown as if they were all.
      if (overview.rows !== access.value.rows) throw new Failure('records-incomplete');
      set({ step: 'ready', store: opened, overview });
    } catch (thrown) {
      if (mine === epoch) set({ step: 'failed', error: toAppError(thrown) });
    }
  };

  const stopWipe = api.on('wipe', ({ sessionId }) => {
    drop().then(
      () => api.call('wiped', { sessionId }),
      // Nothing is reported as wiped: the core then says that erasing is not finished and wipes again.
      (thrown: unknown) => set({ step: 'failed', error: toAppError(thrown) }),
    );
  });

  return {
    get: () => state,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => {
        listeners.delete(changed);
      };
    },
    show: (view) => {
      if (view.lookupId === lookupId) return;
      lookupId = view.lookupId;
      if (lookupId === undefined)
        void drop().catch((thrown: unknown) => set({ step: 'failed', error: toAppError(thrown) }));
      else void open();
    },
    retry: () => {
      if (lookupId !== undefined) void open();
    },
    stop: stopWipe,
  };
}
