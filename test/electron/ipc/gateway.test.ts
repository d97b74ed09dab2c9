import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDenialRecorder } from '../../../electron/ipc/denials.ts';
import { createGateway, type PlaneContents } from '../../../electron/ipc/gateway.ts';
import { isTrustedSender, type SenderFacts } from '../../../electron/ipc/sender.ts';
import { channel, contract, type Handlers } from '../../../shared/contract/contract.ts';
import { names } from '../../../shared/contract/names.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import { emptyContext } from '../../../shared/session/machine.ts';
import { staffView } from '../../../shared/session/views.ts';

const frame = { origin: 'app://staff', parent: null, detached: false };
const trusted: SenderFacts = { sender: { id: 7 }, senderFrame: frame };
const view = staffView(
  { phase: 'idle', context: emptyContext },
  {
    hall: '厅',
    hallEn: 'Hall',
    counter: '3',
    language: 'zh-CN',
    screen: { mode: 'dual', holder: 'both' },
    presence: 'off',
    today: '2026-11-22',
    maxPeriodMonths: 6,
    representatives: [],
    staff: undefined,
    signedOut: undefined,
    identityPassed: false,
    metadataOpen: false,
    released: [],
    heldCases: [],
  },
);

function setUp(handlers: Partial<Handlers<'staff'>> = {}) {
  const channels = new Map<string, (event: SenderFacts, args: unknown) => Promise<unknown>>();
  const denied: string[] = [];
  const refused: string[] = [];
  const unexpected: string[] = [];
  const gateway = createGateway({
    server: { handle: (name, answer) => void channels.set(name, answer) },
    onDenied: async (plane, command) => void denied.push(`${plane} ${command}`),
    onRefused: async (plane, command, refusal) => {
      // The answer waits for it.
      await new Promise((resolve) => setImmediate(resolve));
      refused.push(`${plane} ${command} ${toAppError(refusal).kind}`);
      // The disk is full: the refusal stands all the same.
      throw new Failure('audit-failed');
    },
    onUnexpected: (plane, command, { kind }) => void unexpected.push(`${plane} ${command} ${kind}`),
  });
  const all = Object.fromEntries(names.staff.commands.map((name) => [name, () => ({})]));
  gateway.serve('staff', { ...all, getView: () => view, ...handlers } as unknown as Handlers<'staff'>);
  const sent: [string, unknown][] = [];
  const contents: PlaneContents = {
    id: 7,
    isDestroyed: () => false,
    send: (...message) => void sent.push(message),
  };
  gateway.admit('staff', contents);
  const call = (name: string, args: unknown, event: SenderFacts = trusted) =>
    channels.get(channel('staff', 'command', name))?.(event, args);
  return { gateway, channels, denied, refused, unexpected, sent, call, contents };
}

describe('names', () => {
  it('are those of the contract', () => {
    for (const plane of ['staff', 'customer'] as const) {
      expect([...names[plane].commands].sort()).toEqual(Object.keys(contract[plane].commands).sort());
      expect([...names[plane].events].sort()).toEqual(Object.keys(contract[plane].events).sort());
    }
  });
});

describe('sender', () => {
  it('is the top frame of the plane’s own window at its own origin', () => {
    expect(isTrustedSender(trusted, 'staff', 7)).toBe(true);
  });
  it.each<[string, SenderFacts]>([
    ['a frame that is gone', { ...trusted, senderFrame: null }],
    ['a detached frame', { ...trusted, senderFrame: { ...frame, detached: true } }],
    ['a frame within', { ...trusted, senderFrame: { ...frame, parent: frame } }],
    ['another window', { ...trusted, sender: { id: 8 } }],
    ['the other plane’s origin', { ...trusted, senderFrame: { ...frame, origin: 'app://customer' } }],
    ['an opaque origin', { ...trusted, senderFrame: { ...frame, origin: 'null' } }],
    ['an origin that starts alike', { ...trusted, senderFrame: { ...frame, origin: 'app://staff.evil' } }],
  ])('is not %s', (_, event) => expect(isTrustedSender(event, 'staff', 7)).toBe(false));
  it('is nobody when there is no window', () =>
    expect(isTrustedSender(trusted, 'staff', undefined)).toBe(false));
});

describe('gateway', () => {
  it('has a channel for each command and no other', () => {
    const { channels } = setUp();
    expect([...channels.keys()].sort()).toEqual(
      names.staff.commands.map((name) => channel('staff', 'command', name)).sort(),
    );
  });
  it('answers with the value', async () => {
    expect(await setUp().call('getView', {})).toEqual({ ok: true, value: view });
  });
  it('refuses a stranger before it reads anything, and tells', async () => {
    const { call, denied } = setUp({ getView: () => Promise.reject(new Error('was called')) });
    const trap = Object.defineProperty({}, 'x', { get: () => expect.fail('was read'), enumerable: true });
    const answer = await call('getView', trap, { ...trusted, senderFrame: null });
    expect(answer).toMatchObject({ ok: false, error: { kind: 'forbidden' } });
    expect(denied).toEqual(['staff getView']);
  });
  it('refuses when the window is gone', async () => {
    const { gateway, call, contents } = setUp();
    gateway.dismiss('staff');
    expect(await call('getView', {})).toMatchObject({ ok: false, error: { kind: 'forbidden' } });
    gateway.admit('staff', { ...contents, isDestroyed: () => true });
    expect(await call('getView', {})).toMatchObject({ ok: false, error: { kind: 'forbidden' } });
    expect(gateway.emit('staff', 'wipe', { sessionId: 's' })).toBe(false);
  });
  it('refuses whatever is not the schema’s, and names no value', async () => {
    const { call } = setUp();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const hostile = [
      undefined,
      null,
      1,
      'x',
      [],
      cycle,
      JSON.parse('{"__proto__":{"a":1}}'),
      { a: 13_900_010_001 },
      // Without a field of their own, but no empty objects.
      new Map(),
      new Date(),
      new Uint8Array(0),
      new Error('x'),
    ];
    for (const args of hostile) {
      const answer = await call('getView', args);
      expect(answer).toMatchObject({ ok: false, error: { kind: 'bad-input' } });
      expect(JSON.stringify(answer)).not.toContain('139');
    }
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (args) => {
        const answer = await call('signIn', args);
        expect(answer).toMatchObject({ ok: false, error: { kind: 'bad-input' } });
      }),
      { numRuns: 1000 },
    );
  });
  it('gives failures as data, and of unforeseen ones no message', async () => {
    const failing = setUp({ retry: () => Promise.reject(new Failure('wrong-state', { detail: 'RETRY' })) });
    expect(await failing.call('retry', {})).toMatchObject({
      ok: false,
      error: { kind: 'wrong-state', detail: 'RETRY' },
    });
    expect(failing.refused).toEqual(['staff retry wrong-state']);
    const broken = setUp({
      retry: () => {
        throw new TypeError('13900010001');
      },
    });
    const answer = await broken.call('retry', {});
    expect(answer).toMatchObject({ ok: false, error: { kind: 'internal', detail: 'TypeError' } });
    expect(broken.unexpected).toEqual(['staff retry internal']);
    expect(broken.refused).toEqual(['staff retry internal']);
  });
  it('tells of each refusal once, before it answers, and of nothing that was done', async () => {
    const { call, refused, denied } = setUp({
      cancel: () => Promise.reject(new Failure('forbidden')),
    });
    await call('retry', {});
    expect(refused).toEqual([]);
    expect(await call('cancel', {})).toMatchObject({ ok: false, error: { kind: 'forbidden' } });
    expect(refused).toEqual(['staff cancel forbidden']);
    expect(await call('retry', { extra: 1 })).toMatchObject({ ok: false, error: { kind: 'bad-input' } });
    expect(refused).toEqual(['staff cancel forbidden', 'staff retry bad-input']);
    // A stranger is told of as such, and once.
    await call('retry', {}, { ...trusted, senderFrame: null });
    expect(refused).toHaveLength(2);
    expect(denied).toEqual(['staff retry']);
  });
  it('lets out nothing that a schema does not name', async () => {
    const { call, gateway, sent } = setUp({ getView: () => Object.assign({ secret: 1 }, view) });
    expect(await call('getView', {})).toMatchObject({ ok: false, error: { kind: 'internal' } });
    expect(() => gateway.emit('staff', 'view', Object.assign({ secret: 1 }, view))).toThrow();
    expect(gateway.emit('staff', 'view', view)).toBe(true);
    expect(sent).toEqual([[channel('staff', 'event', 'view'), view]]);
  });
});

describe('denials', () => {
  afterEach(() => void vi.useRealTimers());

  function recorder(fails = false) {
    vi.useFakeTimers();
    const entries: unknown[] = [];
    const append = async (action: string, fields?: object) => {
      entries.push({ action, ...fields });
      if (fails) throw new Failure('audit-failed');
    };
    return { entries, record: createDenialRecorder({ append: append as never }, 'command-refused') };
  }
  const retry = { plane: 'staff', command: 'retry', kind: 'wrong-state' } as const;

  it('are logged once in ten seconds, and what came again is counted, though nothing follows', async () => {
    const { entries, record } = recorder();
    for (let i = 0; i < 5; i++) await record(retry);
    await record({ ...retry, kind: 'forbidden' });
    const first = [
      { action: 'command-refused', facts: { ...retry, skipped: 0 } },
      { action: 'command-refused', facts: { ...retry, kind: 'forbidden', skipped: 0 } },
    ];
    expect(entries).toEqual(first);
    await vi.advanceTimersByTimeAsync(10_000);
    // One that stands for itself and three more: five in all.
    const rest = { action: 'command-refused', facts: { ...retry, skipped: 3 } };
    expect(entries).toEqual([...first, rest]);
    // A flood that goes on is one entry each ten seconds.
    for (let i = 0; i < 1_000; i++) await record(retry);
    expect(entries).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(entries.at(-1)).toEqual({ action: 'command-refused', facts: { ...retry, skipped: 999 } });
    await vi.advanceTimersByTimeAsync(10_000);
    await record(retry);
    expect(entries.at(-1)).toEqual({ action: 'command-refused', facts: { ...retry, skipped: 0 } });
  });
  it('of another visit have an entry of their own', async () => {
    const { entries, record } = recorder();
    for (const sessionId of ['a', 'b', 'a']) await record(retry, { sessionId });
    expect(entries).toEqual(
      ['a', 'b'].map((sessionId) => ({
        action: 'command-refused',
        sessionId,
        facts: { ...retry, skipped: 0 },
      })),
    );
  });
  it('say so when the log cannot be written, and do not end the core later', async () => {
    const { entries, record } = recorder(true);
    await expect(record(retry)).rejects.toThrow(Failure);
    await record(retry);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(entries).toHaveLength(2);
  });
});
