/** Before anything is told to central, what central has to tell is heard; a consent comes from whom it names. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createDeliver, type DeliverOptions, refusalRecorder } from '../../../electron/central/deliver.ts';
import type { OutboxItem } from '../../../electron/central/outbox-item.ts';
import { appError, Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { Staff } from '../../../shared/domain/staff.ts';
import { added, audit, CONSENT, end, row } from './outbox-items.ts';

const MINUTE = 60_000;
let called: string[];
let staff: Staff | undefined;
let now: number;
let heard: Failure | undefined;
beforeEach(() => {
  called = [];
  staff = undefined;
  now = 1;
  heard = undefined;
});
const member = (id: string, role: Staff['role'] = 'clerk'): Staff => ({ id, name: '王芳', role, hall: '厅' });
const options = (): DeliverOptions => ({
  connection: {
    call: (async (name: string) => {
      called.push(name);
      throw new Failure('central-failed');
    }) as never,
    trusted: [],
    identity: () => ({ certificate: new Uint8Array(), pem: '', notAfter: 0 }),
  },
  deviceKey: {} as never,
  audit: {
    append: async (action, fields) => void called.push(`${action} ${JSON.stringify(fields)}`) as never,
  },
  forwardAudit: async () => void called.push('forward'),
  clock: { now: () => now } as never,
  staff: () => staff,
  pseudonym: (subscriber) => `pseudonym of ${subscriber.length}`,
  heardChanges: async () => {
    called.push('heard');
    if (heard) throw heard;
  },
});
const deliver = (item: OutboxItem) =>
  createDeliver(options())(item).then(
    () => 'sent',
    (error) => toAppError(error).kind,
  );
const consent = {
  kind: 'consent',
  id: `consent ${CONSENT}`,
  addedAt: 1,
  staffId: '1024',
  submission: {
    consent: {
      header: { recordId: CONSENT },
      sessionId: 's',
      scope: { subscriber: '13900010001' },
      parties: [{ role: 'staff', id: '1024' }],
    },
  },
} as unknown as OutboxItem;

describe('delivery', () => {
  it('hears withdrawals first', async () => {
    expect(await deliver(added(row))).toBe('central-failed');
    expect(called).toEqual(['heard', 'recordCase']);
  });
  it('sends nothing while they can not be heard', async () => {
    for (const kind of ['central-unreachable', 'central-untrusted', 'central-failed'] as const) {
      heard = new Failure(kind);
      for (const item of [added(row), added(end('a')), added(audit), consent])
        expect(await deliver(item)).toBe(kind);
    }
    expect(called.filter((name) => name !== 'heard')).toEqual([]);
  });
  it('sends evidence, and no consent, where the feed contradicts itself', async () => {
    heard = new Failure('central-untrusted', { detail: 'changes went back' });
    staff = member('1024');
    expect(await deliver(added(audit))).toBe('sent');
    expect(await deliver(consent)).toBe('central-untrusted');
    expect(called).toEqual(['heard', 'forward', 'heard']);
  });

  it('takes a consent from the member of staff it names, and from a colleague only once it is late', async () => {
    expect(await deliver(consent)).toBe('not-signed-in');
    staff = member('1025');
    expect(await deliver(consent)).toBe('not-signed-in');
    now = 7 * MINUTE;
    expect(await deliver(consent)).toBe('central-failed');
    staff = member('2001', 'auditor');
    expect(await deliver(consent)).toBe('not-signed-in');
    staff = undefined;
    expect(await deliver(consent)).toBe('not-signed-in');
    now = 1;
    staff = member('1024');
    expect(await deliver(consent)).toBe('central-failed');
  });
});

describe('what central refuses for good', () => {
  it('has an entry, whatever it was', async () => {
    const record = refusalRecorder(options());
    await record(consent, appError('consent-rejected'));
    await record(added(end('a')), appError('bad-input'));
    await record(added({ ...row, consentId: CONSENT }), appError('bad-input'));
    await record(added(row), appError('bad-input'));
    expect(called.map((one) => one.split(' ')[0])).toEqual([
      'consent-rejected',
      'delivery-refused',
      'delivery-refused',
      'delivery-refused',
    ]);
    expect(called[0]).toContain('pseudonym of 11');
    expect(called[2]).toBe(
      `delivery-refused {"consentId":"${CONSENT}","facts":{"what":"case","kind":"bad-input"}}`,
    );
    expect(called[3]).toBe('delivery-refused {"facts":{"what":"case","kind":"bad-input"}}');
  });
});
