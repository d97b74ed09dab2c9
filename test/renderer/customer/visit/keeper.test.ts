import { describe, expect, test, vi } from 'vitest';
import { type RecordsState, recordsKeeper } from '../../../../renderer/customer/visit/keeper.ts';
import type { PlaneApi, RecordsAccess } from '../../../../shared/contract/contract.ts';
import { appError, Failure, type Result } from '../../../../shared/domain/errors.ts';
import { createRecordStoreDouble, type RecordStoreDouble, syntheticRows } from '../../record-store-double.ts';

const rows = syntheticRows(3, { from: '2026-11-01', to: '2026-11-03' });

function set(
  answer: () => Promise<Result<RecordsAccess>>,
  change: (store: RecordStoreDouble) => void = () => undefined,
) {
  const stores: RecordStoreDouble[] = [];
  const asked: string[] = [];
  const deaths: (() => void)[] = [];
  const api: PlaneApi<'customer'> = {
    call: (async (name: string) => {
      asked.push(name);
      return await answer();
    }) as PlaneApi<'customer'>['call'],
    on: () => () => undefined,
  };
  const keeper = recordsKeeper(api, (onDeath) => {
    deaths.push(onDeath);
    const store = createRecordStoreDouble(rows);
    change(store);
    stores.push(store);
    return store;
  });
  return { keeper, stores, asked, deaths };
}
// The double's store does not look at its access.
const access = async (): Promise<Result<RecordsAccess>> => ({ ok: true, value: {} as RecordsAccess });

describe('records keeper', () => {
  test('opens once, whoever asks', async () => {
    const { keeper, stores, asked } = set(access);
    await Promise.all([keeper.open(), keeper.open()]);
    await keeper.open();
    expect(keeper.state().is).toBe('open');
    expect(asked).toEqual(['openRecords']);
    expect(stores.length).toBe(1);
  });

  test('a refusal is a state, and can be tried again', async () => {
    let refuse = true;
    const { keeper, stores } = set(async () =>
      refuse ? { ok: false, error: appError('consent-expired') } : await access(),
    );
    await keeper.open();
    expect(keeper.state()).toEqual({ is: 'failed', error: appError('consent-expired') });
    expect(stores.length).toBe(0);
    refuse = false;
    await keeper.open();
    expect(keeper.state().is).toBe('open');
  });

  test('a wipe forgets and nothing opens until the next visit', async () => {
    const { keeper, stores } = set(access);
    await keeper.open();
    await keeper.wipe();
    expect(stores[0]?.wiped()).toBe(true);
    expect(keeper.state().is).toBe('wiped');
    await keeper.open();
    expect(stores.length).toBe(1);
    keeper.renew();
    await keeper.open();
    expect(stores.length).toBe(2);
  });

  test('a wipe during opening wins', async () => {
    const { keeper, stores } = set(access);
    const opening = keeper.open();
    await keeper.wipe();
    await opening;
    expect(keeper.state().is).toBe('wiped');
    expect(stores.every((store) => store.wiped())).toBe(true);
  });

  test('a store that can not be wiped is said, and is tried again before another is made', async () => {
    const { keeper, stores } = set(access);
    await keeper.open();
    const [store] = stores;
    if (!store) throw new Error('no store');
    store.wipe = () => Promise.reject(new Failure('erase-failed'));
    await expect(keeper.wipe()).rejects.toThrow('erase-failed');
    keeper.renew();
    await keeper.open();
    expect(keeper.state()).toEqual({ is: 'failed', error: appError('erase-failed') });
    expect(stores.length).toBe(1);
  });

  test('a store whose worker has died is said, and the records open again', async () => {
    const { keeper, stores, deaths } = set(access);
    await keeper.open();
    deaths[0]?.();
    expect(keeper.state()).toEqual({ is: 'failed', error: appError('storage-failed') });
    await keeper.open();
    expect(keeper.state().is).toBe('open');
    expect([stores[0]?.wiped(), stores.length]).toEqual([true, 2]);
    // Late news of the first, or of one that is being wiped, changes nothing.
    deaths[0]?.();
    expect(keeper.state().is).toBe('open');
    await keeper.wipe();
    deaths[1]?.();
    expect(keeper.state().is).toBe('wiped');
  });

  test('a store made ahead is the one that is opened, and a wipe takes it too', async () => {
    const { keeper, stores } = set(access);
    keeper.prepare();
    keeper.prepare();
    expect(stores.length).toBe(1);
    await keeper.wipe();
    expect(stores[0]?.wiped()).toBe(true);
    keeper.prepare();
    expect(stores.length).toBe(1);
    keeper.renew();
    keeper.prepare();
    await keeper.open();
    keeper.prepare();
    expect(keeper.state().is).toBe('open');
    expect(stores.length).toBe(2);
    expect(stores[1]?.wiped()).toBe(false);
  });
});

describe('the rest of the records', () => {
  const restOf = (state: RecordsState) => (state.is === 'open' ? state.rest : undefined);
  /** Keepers whose store answers `whenHeld` as told, one try after the other. */
  function withRest(...tries: (() => Promise<void>)[]) {
    const made = set(access, (store) => {
      store.whenHeld = () => (tries.shift() ?? (async () => undefined))();
    });
    const seen: (string | undefined)[] = [];
    made.keeper.subscribe(() => seen.push(restOf(made.keeper.state())?.is));
    return { ...made, seen };
  }
  const missing = () => Promise.reject(new Failure('central-unreachable'));

  test('comes behind the first rows', async () => {
    const rest = Promise.withResolvers<void>();
    const { keeper } = withRest(() => rest.promise);
    await keeper.open();
    expect(restOf(keeper.state())).toEqual({ is: 'coming' });
    rest.resolve();
    await vi.waitFor(() => expect(restOf(keeper.state())).toEqual({ is: 'held' }));
  });

  test('that fails is a state, the rows stay, and it can be tried again', async () => {
    const { keeper, stores } = withRest(missing, missing);
    await keeper.open();
    const told = { is: 'missing', error: appError('central-unreachable') };
    await vi.waitFor(() => expect(restOf(keeper.state())).toEqual(told));
    await keeper.retryRest();
    expect(restOf(keeper.state())).toEqual(told);
    await Promise.all([keeper.retryRest(), keeper.retryRest()]);
    expect(restOf(keeper.state())).toEqual({ is: 'held' });
    expect(stores.length).toBe(1);
  });

  test('is not said to be all there when a row is not the one that central committed to', async () => {
    let isWrong = true;
    const { keeper } = set(access, (store) => {
      store.whenChecked = async () => {
        if (isWrong) throw new Failure('records-incomplete');
      };
    });
    await keeper.open();
    const told = { is: 'missing', error: appError('records-incomplete') };
    await vi.waitFor(() => expect(restOf(keeper.state())).toEqual(told));
    isWrong = false;
    await keeper.retryRest();
    expect(restOf(keeper.state())).toEqual({ is: 'held' });
  });

  test('says nothing any more once the visit was wiped', async () => {
    const rest = Promise.withResolvers<void>();
    const { keeper, seen } = withRest(() => rest.promise);
    await keeper.open();
    await keeper.wipe();
    rest.reject(new Failure('wrong-state'));
    await keeper.retryRest();
    expect(keeper.state().is).toBe('wiped');
    expect(seen).not.toContain('missing');
  });
});
