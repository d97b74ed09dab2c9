/** Malformed messages by the thousand over every command of both planes: each is refused as data, and nothing changes. */
import { names, type Plane } from '../../../shared/contract/names.ts';
import { errorKinds } from '../../../shared/domain/errors.ts';
import { type Counter, openCounter } from '../../e2e/support/counter.ts';
import type { Family, Fuzz } from '../attack.ts';
import { auditHolds, counterState } from '../scene.ts';
import { noteDecisions, Window } from '../windows/tools.ts';

/** How often each command is fed all the values; their random parts differ each time. */
const ROUNDS = 2;

/** Sends every value to every command, in the page. Returns how many went and which were not refused. */
async function feed([commands, rounds, kinds]: readonly [readonly string[], number, readonly string[]]) {
  const random = () => Math.floor(Math.random() * 2 ** 31);
  const word = () => random().toString(36);
  const values = (): [string, unknown][] => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle.self = cycle;
    const ring: unknown[] = [];
    ring.push(ring);
    const deep = (n: number): unknown => (n === 0 ? word() : { next: deep(n - 1) });
    return [
      ['undefined', undefined],
      ['null', null],
      ['true', true],
      ['zero', 0],
      ['not a number', Number.NaN],
      ['infinity', Number.POSITIVE_INFINITY],
      ['big integer', 2n ** 70n],
      ['empty text', ''],
      ['text', word()],
      ['lone surrogate', '\ud800'],
      ['megabyte of text', word().padEnd(1_000_000, 'x')],
      ['empty list', []],
      ['list', [{}, word()]],
      ['holes', Array.from({ length: 3 }).concat(new Array(50))],
      ['long list', Array.from({ length: 20_000 }, random)],
      ['cycle', cycle],
      ['ring', ring],
      ['deep', deep(200)],
      ['too deep', deep(3_000)],
      ['getter', Object.defineProperty({}, 'sessionId', { enumerable: true, get: () => random() })],
      [
        'throwing getter',
        Object.defineProperty({}, 'x', {
          enumerable: true,
          get: () => {
            throw new Error(word());
          },
        }),
      ],
      ['own __proto__', JSON.parse(`{"__proto__":{"polluted":"${word()}"}}`)],
      ['constructor', { constructor: { prototype: { polluted: word() } } }],
      ['no prototype', Object.assign(Object.create(null), { x: word() })],
      ['toString', { toString: 'x', valueOf: word() }],
      ['then', Object.fromEntries([['then', word()]])],
      ['function', () => word()],
      ['function inside', { x: () => word() }],
      ['promise', Promise.resolve({})],
      ['symbol', Symbol(word())],
      ['symbol key', { [Symbol.iterator]: 1, x: word() }],
      ['date', new Date()],
      ['invalid date', new Date(Number.NaN)],
      ['pattern', /(a+)+$/],
      ['map', new Map([[word(), cycle]])],
      ['set', new Set([word()])],
      ['error', new Error(word())],
      ['bytes', new Uint8Array(32)],
      ['floats', new Float64Array([random()])],
      ['buffer', new ArrayBuffer(64)],
      ['view', new DataView(new ArrayBuffer(8))],
      [
        'proxy',
        new Proxy(
          {},
          {
            ownKeys: () => [word()],
            getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
          },
        ),
      ],
      ['window', { x: document.body }],
      [
        'class',
        new (class Odd {
          own = word();
        })(),
      ],
      ['an unknown field', { [word()]: word() }],
      ['many fields', Object.fromEntries(Array.from({ length: 500 }, () => [word(), random()]))],
      ['session of somebody', { sessionId: { toString: 'x' } }],
      [
        'wrong everywhere',
        {
          subscriber: 1,
          categories: 'sms',
          period: [],
          purpose: {},
          page: '1',
          pin: 5,
          staffId: [],
          rows: {},
          grants: null,
          strokes: 'x',
          language: 1,
          followUp: {},
        },
      ],
      ['a command in a command', { name: 'openRecords', args: {} }],
    ];
  };
  const through: string[] = [];
  let sent = 0;
  const bridge = Reflect.get(window, 'zhiqing');
  for (const command of commands) {
    for (let round = 0; round < rounds; round++) {
      for (const [what, value] of values()) {
        sent += 1;
        try {
          const answer = await bridge.call(command, value);
          const { kind, detail } = answer?.error ?? {};
          // The bridge's own word has no detail; the core's 'internal' has one, and would be a crash that was caught.
          const carried = kind !== 'internal' || detail !== undefined;
          const isRefusal = answer?.ok === false && (!carried || kinds.includes(kind));
          if (!isRefusal) through.push(`${command} took ${what}: ${answer?.ok ? 'ok' : answer?.error?.kind}`);
        } catch (error) {
          // The bridge itself does not carry it: it never left the page.
          if (!(error instanceof Error)) through.push(`${command} threw ${typeof error} for ${what}`);
        }
      }
    }
  }
  return { sent, through };
}

function fuzzOf(counter: Counter, plane: Plane): Fuzz {
  const window = new Window(
    counter.app,
    plane === 'staff' ? counter.staff : counter.customer,
    `${plane}-renderer`,
  );
  return {
    fuzz: `${plane}-renderer/ipc`,
    try: async () => {
      const before = await counterState(counter);
      // 'internal' is a crash that was caught: it does not count as a refusal.
      const kinds = errorKinds.filter((kind) => kind !== 'internal');
      const { sent, through } = await window.page.evaluate(feed, [
        names[plane].commands,
        ROUNDS,
        kinds,
      ] as const);
      const polluted = await counter.app.evaluate(() => Reflect.has({}, 'polluted'));
      const after = await counterState(counter);
      const entries = await auditHolds(counter.kiosk);
      const wrong = [
        ...through,
        ...(polluted ? ['the core’s Object.prototype was changed'] : []),
        ...(before === after ? [] : [`from ${before} to ${after}`]),
      ];
      const note =
        wrong.length === 0
          ? `core alive, nothing changed, log of ${entries} entries holds`
          : wrong.slice(0, 8).join('; ');
      return { sent, refused: wrong.length === 0 ? sent : Math.min(sent - wrong.length, sent - 1), note };
    },
  };
}

export const fuzz: Family = {
  name: 'IPC fuzz',
  open: async () => {
    const counter = await openCounter();
    await noteDecisions(counter.app);
    return {
      steps: [
        {
          control: 'staff-renderer/a-well-formed-message-is-taken',
          try: async () => {
            const answer = await new Window(counter.app, counter.staff, 'staff-renderer').call(
              'getStatus',
              {},
            );
            if (!answer.ok) throw new Error(answer.error.kind);
            return 'getStatus with {}';
          },
        },
        fuzzOf(counter, 'staff'),
        fuzzOf(counter, 'customer'),
      ],
      close: () => counter.close(),
    };
  },
};
