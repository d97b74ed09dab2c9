import { describe, expect, it, vi } from 'vitest';
import type { RecordStore } from '../../../renderer/cache/records.ts';
import { createSessionRecords } from '../../../renderer/staff/records/session-records.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { createDouble } from '../double.ts';
import { createRecordStoreDouble, syntheticRows } from '../record-store-double.ts';

const lookupId = '0192f3aa-0000-7000-8000-000000000002';
const period = { from: '2026-11-01', to: '2026-11-21' };
const access = (rows: number) => ({
  binding: { consentHash: 'a'.repeat(64), scopeHash: 'b'.repeat(64), lookupId },
  metadataSecret: new Uint8Array(32),
  rows,
  merkleRoot: 'c'.repeat(64),
  pageRoots: [],
  pages: [],
});

function setUp(rows = 12, promised = rows) {
  const double = createDouble('staff', { openMetadata: () => access(promised) });
  const stores: ReturnType<typeof createRecordStoreDouble>[] = [];
  const deaths: (() => void)[] = [];
  const records = createSessionRecords(double.api, (onDeath) => {
    deaths.push(onDeath);
    const store = createRecordStoreDouble(syntheticRows(rows, period));
    stores.push(store);
    return store;
  });
  const names = () => double.calls.map(({ name }) => name);
  return { double, records, stores, deaths, names };
}

describe('the records of a visit', () => {
  it('are opened once for a lookup, however often the view is pushed', async () => {
    const { records, stores, names } = setUp();
    records.show({ lookupId });
    records.show({ lookupId });
    await vi.waitFor(() => expect(records.get().step).toBe('ready'));
    records.show({ lookupId });
    expect(names()).toEqual(['openMetadata']);
    expect(stores).toHaveLength(1);
    expect(records.get()).toMatchObject({ overview: { rows: 12 } });
  });

  it('are gone before the core hears that they are', async () => {
    const { double, records, stores, names } = setUp();
    records.show({ lookupId });
    await vi.waitFor(() => expect(records.get().step).toBe('ready'));
    double.push('wipe', { sessionId: 's1' });
    expect(records.get()).toEqual({ step: 'none' });
    await vi.waitFor(() => expect(names()).toContain('wiped'));
    expect(stores[0]?.wiped()).toBe(true);
    expect(double.calls.at(-1)).toEqual({ name: 'wiped', args: { sessionId: 's1' } });
  });

  it('whose worker has died are said to have failed, and open again', async () => {
    const { records, stores, deaths } = setUp();
    records.show({ lookupId });
    await vi.waitFor(() => expect(records.get().step).toBe('ready'));
    deaths[0]?.();
    expect(records.get()).toMatchObject({ step: 'failed', error: { kind: 'storage-failed' } });
    records.retry();
    await vi.waitFor(() => expect(records.get().step).toBe('ready'));
    deaths[0]?.();
    expect(records.get().step).toBe('ready');
    expect([stores[0]?.wiped(), stores.length]).toEqual([true, 2]);
  });

  it('answer a wipe also when nothing was opened', async () => {
    const { double, names } = setUp();
    double.push('wipe', { sessionId: 's1' });
    await vi.waitFor(() => expect(names()).toEqual(['wiped']));
  });

  it('are not called wiped when wiping failed; the next wipe tries again', async () => {
    let fails = true;
    const double = createDouble('staff', { openMetadata: () => access(3) });
    const store: RecordStore = {
      ...createRecordStoreDouble(syntheticRows(3, period)),
      wipe: async () => {
        if (fails) throw new Failure('storage-failed');
      },
    };
    const records = createSessionRecords(double.api, () => store);
    records.show({ lookupId });
    await vi.waitFor(() => expect(records.get().step).toBe('ready'));
    double.push('wipe', { sessionId: 's1' });
    await vi.waitFor(() => expect(records.get()).toMatchObject({ step: 'failed' }));
    expect(double.calls.map(({ name }) => name)).not.toContain('wiped');
    fails = false;
    double.push('wipe', { sessionId: 's1' });
    await vi.waitFor(() => expect(double.calls.at(-1)?.name).toBe('wiped'));
  });

  it('that come back after a wipe are dropped', async () => {
    const { double, records, stores } = setUp();
    const gate = Promise.withResolvers<void>();
    double.answer({
      openMetadata: async () => {
        await gate.promise;
        return access(12);
      },
    });
    records.show({ lookupId });
    double.push('wipe', { sessionId: 's1' });
    gate.resolve();
    await vi.waitFor(() => expect(double.calls.at(-1)?.name).toBe('wiped'));
    expect(records.get()).toEqual({ step: 'none' });
    expect(stores).toHaveLength(0);
  });

  it('are refused when fewer came than were promised', async () => {
    const { records } = setUp(11, 12);
    records.show({ lookupId });
    await vi.waitFor(() => expect(records.get()).toMatchObject({ error: { kind: 'records-incomplete' } }));
  });

  it('tell why they could not be opened, and open on retry', async () => {
    const { double, records } = setUp();
    double.answer({
      openMetadata: () => {
        throw new Failure('consent-expired');
      },
    });
    records.show({ lookupId });
    await vi.waitFor(() => expect(records.get()).toMatchObject({ error: { kind: 'consent-expired' } }));
    double.answer({ openMetadata: () => access(12) });
    records.retry();
    await vi.waitFor(() => expect(records.get().step).toBe('ready'));
  });
});
