/** Central by itself against hostile counters that send it anything, in any order, again and again. */
import {
  type Central,
  type CentralRules,
  type Doc,
  emptyCentral,
  KEPT_TICKS,
  type Question,
  type Sender,
} from './central.ts';
import { requests, scope } from './requests.ts';
import type { Model, Property } from './search.ts';

export interface CentralWorld {
  readonly central: Central;
  readonly now: number;
  /** The copy of counter 0's log, and what was ever told of it as held. */
  readonly log: string;
}
export type CentralAct =
  | { readonly kind: 'submit'; readonly from: Sender; readonly doc: Doc; readonly said: string }
  | {
      readonly kind: 'lookup';
      readonly from: Sender;
      readonly question: Question;
      readonly within: boolean;
      readonly said: string;
    }
  | {
      readonly kind: 'end';
      readonly device: number;
      readonly id: number;
      readonly how: 'ended' | 'withdrawn';
      readonly said: string;
    }
  | {
      readonly kind: 'reopen';
      readonly from: Sender;
      readonly id: number;
      readonly proven: boolean;
      readonly said: string;
    }
  | { readonly kind: 'erase'; readonly device: number; readonly id: number; readonly said: string }
  | { readonly kind: 'stop keeping'; readonly id: number }
  | { readonly kind: 'publish'; readonly version: number }
  | { readonly kind: 'audit'; readonly from: number; readonly entries: string; readonly taken: boolean }
  | { readonly kind: 'revoke' | 'tick' };

const LAST_TICK = 2;
/** Who sends: the counter with either member of staff, and another counter. */
const senders = [
  { device: 0, staff: 'A' },
  { device: 0, staff: 'B' },
  { device: 1, staff: 'A' },
];
/** As signed, less, and one that is not in scope; each way out of scope is asked of the gate's own rule. */
const asked = requests.slice(0, 3);
const good: Doc = {
  name: 'good',
  id: 1,
  nonce: 1,
  staff: 'A',
  signer: 0,
  policy: 1,
  at: 0,
  scope,
  keeps: true,
};
/** A good consent, and each way in which one is not. */
const docs: readonly Doc[] = [
  good,
  { ...good, name: 'keeps nothing', keeps: false },
  { ...good, name: 'staff', staff: 'B' },
  { ...good, name: 'signer', signer: 1 },
  { ...good, name: 'policy', policy: 2 },
  { ...good, name: 'at', at: 1 },
  { ...good, name: 'nonce', nonce: 2 },
  { ...good, name: 'replayed nonce', id: 2 },
  { ...good, name: 'second', id: 2, nonce: 2 },
];
const logs: readonly [number, string][] = [
  [0, 'a'],
  [0, 'ab'],
  [1, 'b'],
  [0, 'x'],
  [1, 'y'],
  [2, 'c'],
];

/** A consent as part of a state's name. */
function nameOf({ consents }: Central, id: number): string {
  const one = consents[id];
  if (one === undefined || one === 'ended early') return one ?? 'none';
  const { lookup, keepTaken = false, erased = false } = one;
  const first = lookup ? `${lookup.staff} ${lookup.lookupId} ${lookup.question}` : '';
  return `${one.state} ${one.doc.name} ${one.device} ${first} ${keepTaken} ${erased}`;
}

export function centralAlone(rules: CentralRules): Model<CentralWorld, CentralAct> {
  return {
    initial: { central: emptyCentral, now: 0, log: '' },
    key: ({ central, now, log }) =>
      `${now} ${central.policy} ${central.revoked.length} ${log} ${nameOf(central, 1)} ${nameOf(central, 2)}`,
    *steps(world) {
      const { central, now, log } = world;
      // A log does not depend on consents: it is looked at by itself.
      if (central === emptyCentral && now === 0) {
        for (const [from, entries] of logs) {
          const taken = rules.appendAudit(log, from, entries);
          const act = { kind: 'audit', from, entries, taken: taken !== undefined } as const;
          yield { act, next: { ...world, log: taken ?? log } };
        }
      }
      if (log !== '') return;
      for (const sender of senders) {
        const from = { ...sender, now };
        for (const doc of docs) {
          const { central: next, said } = rules.submit(central, from, doc);
          yield { act: { kind: 'submit', from, doc, said }, next: { ...world, central: next } };
        }
        for (const { what, request, within } of asked) {
          // A second question under the same number, and under another.
          for (const lookupId of [1, 2]) {
            const question = { lookupId, consentId: 1, request, name: what };
            const { central: next, said } = rules.lookup(central, from, question);
            yield {
              act: { kind: 'lookup', from, question, within, said },
              next: { ...world, central: next },
            };
          }
        }
        for (const id of [1, 2]) {
          for (const how of ['ended', 'withdrawn'] as const) {
            const { central: next, said } = rules.end(central, from.device, id, how);
            yield {
              act: { kind: 'end', device: from.device, id, how, said },
              next: { ...world, central: next },
            };
          }
        }
      }
      // What is kept does not depend on lookups: it is looked at where there was none.
      if (!held(world, 1)?.lookup && held(world, 2) === undefined) {
        for (const device of [0, 1]) {
          for (const proven of [true, false]) {
            const from = { device, staff: 'A', now };
            const { central: next, said } = rules.reopen(central, from, 1, proven);
            yield {
              act: { kind: 'reopen', from, id: 1, proven, said },
              next: { ...world, central: next },
            };
          }
          const { central: next, said } = rules.erase(central, device, 1);
          yield { act: { kind: 'erase', device, id: 1, said }, next: { ...world, central: next } };
        }
        yield {
          act: { kind: 'stop keeping', id: 1 },
          next: { ...world, central: rules.stopKeeping(central, 1) },
        };
      }
      for (const version of [1, 2]) {
        yield {
          act: { kind: 'publish', version },
          next: { ...world, central: rules.publish(central, version) },
        };
      }
      if (central.revoked.length === 0) {
        yield { act: { kind: 'revoke' }, next: { ...world, central: { ...central, revoked: [0] } } };
      }
      if (now < LAST_TICK) yield { act: { kind: 'tick' }, next: { ...world, now: now + 1 } };
    },
    label: (act) => JSON.stringify(act),
  };
}

type Judge = Property<CentralWorld, CentralAct>['holds'];
const held = ({ central }: CentralWorld, id: number) => {
  const one = central.consents[id];
  return one === 'ended early' ? undefined : one;
};
const answered: Judge = (_, act) => act.kind === 'lookup' && act.said === 'answered';
const accepted: Judge = (_, act) => act.kind === 'submit' && act.said === 'accepted';
/** Looks at an answered lookup. */
const ofAnswer =
  (judge: (world: CentralWorld, act: Extract<CentralAct, { kind: 'lookup' }>) => boolean): Judge =>
  (before, act) =>
    act.kind === 'lookup' && judge(before, act);
const ofAcceptance =
  (
    judge: (
      world: CentralWorld,
      act: Extract<CentralAct, { kind: 'submit' }>,
      after: CentralWorld,
    ) => boolean,
  ): Judge =>
  (before, act, after) =>
    act.kind === 'submit' && judge(before, act, after);
const isNew = (world: CentralWorld, doc: Doc) => world.central.consents[doc.id] === undefined;

export const centralProperties: readonly Property<CentralWorld, CentralAct>[] = [
  {
    id: 1,
    title: 'central answers only under a consent it holds, live, of this counter',
    applies: answered,
    holds: ofAnswer((world, { from, question }) => {
      const one = held(world, question.consentId);
      return one?.state === 'live' && one.device === from.device;
    }),
  },
  {
    id: 2,
    title: 'what makes a consent good is decided here: signer, staff, policy, time',
    applies: (before, act, after) =>
      accepted(before, act, after) && act.kind === 'submit' && isNew(before, act.doc),
    holds: ofAcceptance(
      ({ central, now }, { from, doc }) =>
        doc.signer === from.device &&
        doc.staff === from.staff &&
        doc.policy === central.policy &&
        doc.at === now,
    ),
  },
  {
    id: 2,
    title: 'a good consent is accepted',
    applies: ({ central, now }, act) =>
      act.kind === 'submit' &&
      act.doc.name === 'second' &&
      act.doc.at === now &&
      act.from.device === 0 &&
      act.from.staff === 'A' &&
      central.policy === 1 &&
      central.revoked.length === 0 &&
      central.consents[2] === undefined &&
      held({ central, now, log: '' }, 1)?.doc.nonce !== 2,
    holds: (_, act) => act.kind === 'submit' && act.said === 'accepted',
  },
  {
    id: 3,
    title: 'the number asked is the number signed',
    applies: answered,
    holds: ofAnswer((_, { question }) => question.request.subscriber === scope.subscriber),
  },
  {
    id: 4,
    title: 'nothing out of scope is answered',
    applies: answered,
    holds: ofAnswer((_, act) => act.within),
  },
  {
    id: 4,
    title: 'what is in scope is answered, the first time it is asked',
    applies: (world, act) => {
      if (act.kind !== 'lookup' || !act.within) return false;
      const one = held(world, act.question.consentId);
      const { device, staff: who } = act.from;
      return (
        one?.state === 'live' &&
        one.device === device &&
        !one.lookup &&
        world.now === one.doc.at &&
        who !== '' &&
        !world.central.revoked.includes(device)
      );
    },
    holds: (_, act) => act.kind === 'lookup' && act.said === 'answered',
  },
  {
    id: 7,
    title: 'staff of a consent are who sends it',
    applies: (before, act, after) =>
      accepted(before, act, after) && act.kind === 'submit' && isNew(before, act.doc),
    holds: ofAcceptance((_, { from, doc }) => doc.staff === from.staff),
  },
  {
    id: 8,
    title: 'a nonce is used once',
    applies: accepted,
    holds: ofAcceptance((_, __, { central }) => {
      const nonces = Object.values(central.consents).flatMap((one) =>
        one === 'ended early' ? [] : [one.doc.nonce],
      );
      return new Set(nonces).size === nonces.length;
    }),
  },
  {
    id: 8,
    title: 'a consent replayed by another counter, or changed, is refused',
    applies: (world, act) => act.kind === 'submit' && held(world, act.doc.id) !== undefined,
    holds: (world, act) => {
      if (act.kind !== 'submit') return false;
      const one = held(world, act.doc.id);
      const same = one?.doc.name === act.doc.name && one?.device === act.from.device;
      return same || act.said !== 'accepted';
    },
  },
  {
    id: 11,
    title: 'a copy of a log only grows',
    applies: (_, act) => act.kind === 'audit',
    holds: ({ log }, act, after) =>
      act.kind === 'audit' &&
      after.log.startsWith(log) &&
      (act.taken ||
        act.from > log.length ||
        !(log + act.entries).startsWith(log.slice(0, act.from) + act.entries)) &&
      (!act.taken ||
        (after.log + act.entries).slice(act.from, act.from + act.entries.length) === act.entries),
  },
  {
    id: 13,
    title: 'an end is final, also before the consent has come',
    applies: ({ central }, act) =>
      (act.kind === 'lookup' && isOver(central.consents[act.question.consentId])) ||
      (act.kind === 'submit' && central.consents[act.doc.id] === 'ended early'),
    holds: (_, act) => !('said' in act) || (act.said !== 'answered' && act.said !== 'accepted'),
  },
  {
    id: 13,
    title: 'how a consent ended stays, and its own counter alone ends it',
    applies: (_, act) => act.kind === 'end',
    holds: (before, act, after) => {
      if (act.kind !== 'end') return false;
      const one = held(before, act.id);
      const now = held(after, act.id);
      if (one === undefined)
        return after.central.consents[act.id] === 'ended early' && act.said === 'answered';
      if (one.device !== act.device) return now?.state === one.state;
      // What has ended may be withdrawn all the same; withdrawn is withdrawn.
      if (one.state === 'withdrawn' || (one.state === 'ended' && act.how === 'ended'))
        return now?.state === one.state;
      return now?.state === act.how && act.said === 'answered';
    },
  },
  {
    id: 21,
    title:
      'what a counter keeps may be opened exactly while it was agreed to, not taken back, not ended, not past its date',
    applies: (_, act) => act.kind === 'reopen',
    holds: (world, act) => {
      if (act.kind !== 'reopen') return false;
      const one = held(world, act.id);
      const may =
        one !== undefined &&
        !world.central.revoked.includes(act.from.device) &&
        one.device === act.from.device &&
        act.proven &&
        one.doc.keeps &&
        one.state !== 'withdrawn' &&
        !one.keepTaken &&
        !one.erased &&
        world.now < one.doc.at + KEPT_TICKS;
      return may === (act.said === 'answered');
    },
  },
  {
    id: 21,
    title: 'evidence ends a consent, and comes of its own counter',
    applies: (_, act) => act.kind === 'erase',
    holds: (before, act, after) => {
      if (act.kind !== 'erase') return false;
      const [one, now] = [held(before, act.id), held(after, act.id)];
      if (one?.device !== act.device) return now?.erased === one?.erased && act.said !== 'answered';
      return now?.erased === true && now.state === (one.state === 'live' ? 'ended' : one.state);
    },
  },
  {
    id: 21,
    title: 'keeping that was taken back stays so',
    applies: (before, act) => act.kind === 'stop keeping' || held(before, 1)?.keepTaken === true,
    // Of a consent that central does not hold there is nothing to take back.
    holds: (before, _, after) =>
      held(before, 1) ? held(after, 1)?.keepTaken === true : after.central === before.central,
  },
  {
    id: 14,
    title: 'nothing is answered at or after expiry',
    applies: (before, act, after) => answered(before, act, after),
    holds: ofAnswer((world, { question }) => world.now < (held(world, question.consentId)?.doc.at ?? 0) + 1),
  },
  {
    id: 16,
    title: 'the same lookup again is the same question, from the same member of staff',
    applies: (world, act) =>
      act.kind === 'lookup' && held(world, act.question.consentId)?.lookup !== undefined,
    holds: (world, act) => {
      if (act.kind !== 'lookup') return false;
      const first = held(world, act.question.consentId)?.lookup;
      if (act.said !== 'answered') return true;
      const again = first?.lookupId === act.question.lookupId;
      return first?.staff === act.from.staff && (!again || first.question === act.question.name);
    },
  },
  {
    id: 16,
    title: 'another lookup in scope, by the same member of staff, is another lookup',
    applies: (world, act) => {
      if (act.kind !== 'lookup' || !act.within) return false;
      const one = held(world, 1);
      return (
        one?.state === 'live' &&
        one.device === act.from.device &&
        one.lookup?.staff === act.from.staff &&
        one.lookup.lookupId !== act.question.lookupId &&
        world.now === one.doc.at &&
        world.central.revoked.length === 0
      );
    },
    holds: (_, act) => act.kind === 'lookup' && act.said === 'answered',
  },
  {
    id: 16,
    title: 'a repetition changes nothing and is answered alike',
    applies: (world, act) =>
      act.kind === 'submit' &&
      held(world, act.doc.id)?.doc.name === act.doc.name &&
      held(world, act.doc.id)?.device === act.from.device &&
      !world.central.revoked.includes(act.from.device),
    holds: (before, act, after) =>
      act.kind === 'submit' && act.said === 'accepted' && after.central === before.central,
  },
  {
    id: 17,
    title: 'a policy version never goes down',
    applies: (_, act) => act.kind === 'publish',
    holds: (before, act, after) =>
      act.kind === 'publish' && after.central.policy === Math.max(before.central.policy, act.version),
  },
  {
    id: 20,
    title: 'a revoked counter gets nothing',
    applies: ({ central }, act) =>
      'from' in act && typeof act.from === 'object' && central.revoked.includes(act.from.device),
    holds: (_, act) => !('said' in act) || (act.said !== 'answered' && act.said !== 'accepted'),
  },
];

function isOver(one: Central['consents'][number] | undefined): boolean {
  return one === 'ended early' || (one !== undefined && one.state !== 'live');
}
