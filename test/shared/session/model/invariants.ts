/**
 * The twenty invariants on the composed machine, and the one of what is kept for a case. What an invariant says of code and not of states (bytes, TLS, the
 * store of a window) is said here of what stands for it, and of the real thing in test/electron/properties.
 */
import { KEPT_TICKS } from './central.ts';
import type { Property } from './search.ts';
import type { Happening, World } from './whole.ts';

type Judge = Property<World, Happening>['holds'];
const happens =
  (...names: string[]): Judge =>
  (_, { name }) =>
    names.includes(name);
const given = (_: World, { name }: Happening) =>
  name === 'keys for staff' || name === 'keys for the customer';
const counterNow = ({ now, skew }: World) => now + skew;
const heldAt = ({ central }: World, visit: number | undefined) => {
  const held = central.consents[visit ?? 0];
  return held === 'ended early' ? undefined : held;
};
const noKeys = ({ metadata, content }: World) => !metadata && !content;
const isOver = ({ place }: World) => place.phase === 'idle' || place.phase === 'ended';
const answers = happens('answer released', 'kept opened');
const isPast = ({ keptAt }: World, now: number) => now >= keptAt + KEPT_TICKS;
const isKept = ({ keptDisk }: World) => keptDisk === 'kept' || keptDisk === 'sealed';
const denials = happens('denial released');

export const invariants: readonly Property<World, Happening>[] = [
  {
    id: 1,
    title: 'no lookup leaves without a consent that is accepted, and that central itself has accepted',
    applies: happens('lookup sent'),
    holds: (before, { visit }) =>
      before.consent === 'accepted' &&
      heldAt(before, visit) !== undefined &&
      // Who came back for what is kept is looked up for nothing.
      before.place.context.kept?.again !== true,
  },
  {
    id: 2,
    title: 'what central answers it decides by what it holds: live, unexpired, this very consent',
    applies: (_, { name, said }) => name === 'central answers' && said === 'answered',
    holds: (before, { visit }) => {
      const held = heldAt(before, visit);
      return held?.state === 'live' && held.doc.id === visit && before.now < held.doc.at + 1;
    },
  },
  {
    // One subscriber a visit: an answer of another visit is another subscriber's.
    id: 3,
    title: 'keys come only of the answer to this visit’s own consent',
    applies: happens('answer released'),
    holds: (before, { visit }) => before.visit === visit && before.answered.includes(String(visit)),
  },
  {
    // Fields one by one: requests.ts on the real gate and on central. Here: only what the scope covers is ever asked.
    id: 4,
    title: 'an accepted consent names the policy and the time under which it was signed',
    applies: happens('consent-accepted logged'),
    holds: (before, { visit }, after) => {
      const held = heldAt(after, visit);
      return held?.doc.policy === before.policy && held.doc.at === before.signedAt;
    },
  },
  {
    // Bytes: machine alone (language, ticks, answer) and the real record in the properties. Here: one signature, one record.
    id: 5,
    title: 'what is built from a signature is built once: a retry submits the same',
    applies: happens('consent held'),
    holds: (before, _, after) => after.signedAt === before.signedAt && after.consent === before.consent,
  },
  {
    id: 6,
    title: 'a consent is built from ink of this visit’s customer window',
    applies: happens('consent built'),
    holds: (before, { visit }) => before.ink === visit && before.visit === visit,
  },
  {
    id: 7,
    title: 'ink comes of the customer’s own command, never of the clerk’s or the core’s',
    applies: (before, _, after) => after.ink !== 0 && after.ink !== before.ink,
    holds: (before, { name }) => name === 'customer: SIGN' && before.holder !== 'staff',
  },
  {
    id: 8,
    title: 'each nonce is held once, under one consent',
    applies: (before, _, after) =>
      after.central !== before.central && Object.keys(after.central.consents).length > 0,
    holds: (_, __, { central }) => {
      const nonces = Object.values(central.consents).flatMap((held) =>
        held === 'ended early' ? [] : [held.doc.nonce],
      );
      return new Set(nonces).size === nonces.length;
    },
  },
  {
    id: 9,
    title: 'the entry is on the disk before an answer or a key is released',
    applies: (before, act, after) => answers(before, act, after) || given(before, act),
    holds: (before, { entries }) => (entries ?? 0) > 0 && before.log !== 'altered',
  },
  {
    id: 10,
    title: 'an answer or a denial has exactly one entry',
    applies: (before, act, after) =>
      answers(before, act, after) || denials(before, act, after) || given(before, act),
    holds: (_, { entries }) => entries === 1,
  },
  {
    id: 11,
    title: 'nobody is served on a log that was altered, or found to be cut',
    applies: ({ log }) => log === 'altered' || log === 'condemned',
    holds: (before, act, after) =>
      !((answers(before, act, after) || given(before, act)) && act.entries === 0) &&
      !(before.log === 'altered' && after.power === 'on') &&
      !/logged|START$/.test(act.name),
  },
  {
    id: 12,
    title: 'a withdrawal that was heard closes the visit: keys go',
    applies: (before, { name, visit }) =>
      name === 'withdrawal heard' && visit === before.visit && before.alive,
    holds: (_, __, { place }) => /^(closing|closeFailed|ended|idle)$/.test(place.phase),
  },
  {
    id: 12,
    title: 'and destroys what is kept under that consent; keeping taken back alone does too',
    applies: (before, { name, visit }) =>
      /^(withdrawal|keeping withdrawal) heard$/.test(name) &&
      visit === before.keptOf &&
      before.keptDisk !== '',
    holds: (_, __, after) => after.keptDisk === 'ending' && (after.opened === 0 || noKeys(after)),
  },
  {
    id: 13,
    title: 'a consent that ended, or was withdrawn, answers nothing any more and stays ended',
    applies: (before, { visit }) => {
      const held = before.central.consents[visit ?? 0];
      return held !== undefined && (held === 'ended early' || held.state !== 'live');
    },
    holds: (before, { visit, name, said }, after) => {
      const was = before.central.consents[visit ?? 0];
      const is = after.central.consents[visit ?? 0];
      const state = (one: typeof was) => (typeof one === 'object' ? one.state : one);
      // What has ended may be withdrawn all the same.
      const stays = state(was) === state(is) || (state(was) === 'ended' && state(is) === 'withdrawn');
      return stays && !(name === 'central answers' && said === 'answered');
    },
  },
  {
    id: 14,
    title: 'no lookup leaves and no key is handed out at or after expiry, whatever the clocks say',
    applies: happens('lookup sent', 'staff: openMetadata', 'customer: openRecords'),
    holds: (before) =>
      before.opened === 0 ? counterNow(before) < before.signedAt + 1 : !isPast(before, counterNow(before)),
  },
  {
    id: 14,
    title: 'the counter’s time never runs back once central was heard',
    applies: ({ power, trusted }, _, after) => power === 'on' && trusted && after.power === 'on',
    holds: (before, _, after) => counterNow(after) >= counterNow(before),
  },
  {
    id: 14,
    title: 'expiry takes the keys or closes the visit',
    applies: happens('core: EXPIRE', 'core: expired'),
    holds: (_, __, after) => after.place.phase === 'closing' || (noKeys(after) && after.staffWindow === 0),
  },
  {
    id: 14,
    title: 'what is kept goes at its date, and who has it open loses it',
    applies: happens('core: kept expired'),
    holds: (before, _, after) =>
      after.keptDisk === 'ending' &&
      (before.opened === 0 || !after.place.phase.startsWith('serving.reading')),
  },
  {
    id: 14,
    title: 'also when the customer has finished and the clerk still writes',
    applies: happens('core: expired'),
    holds: (_, __, after) => noKeys(after) && after.staffWindow === 0,
  },
  {
    id: 15,
    title: 'a window gets only what the core already holds, under a consent accepted before',
    applies: given,
    holds: (before, { name }) => {
      const held = name === 'keys for staff' ? before.metadata : before.content;
      const was = before.opened === 0 ? before.asked.includes(String(before.visit)) : isKept(before);
      return before.consent === 'accepted' && held && was;
    },
  },
  {
    id: 16,
    title: 'a repetition is answered alike and changes nothing at central',
    applies: ({ acceptances }, { name, visit }) =>
      (name === 'consent-accepted logged' || name === 'acceptance lost') &&
      acceptances.includes(String(visit)),
    holds: (before, _, after) => before.central === after.central,
  },
  {
    id: 17,
    title: 'the policy version a counter works by never goes down, over crashes too',
    applies: ({ highest }) => highest > 0,
    holds: (before, _, after) =>
      after.highest >= before.highest && after.central.policy >= before.central.policy,
  },
  {
    id: 18,
    title: 'a failure or a crash gives no key to anybody',
    applies: (_, { name, said }) =>
      said === 'failed' || name.startsWith('crash') || name === 'too late' || name === 'no entry',
    holds: (before, _, after) =>
      Number(after.metadata) <= Number(before.metadata) &&
      Number(after.content) <= Number(before.content) &&
      (after.staffWindow === before.staffWindow || after.staffWindow === 0) &&
      (after.customerWindow === before.customerWindow || after.customerWindow === 0) &&
      (after.consent === before.consent || after.consent === ''),
  },
  {
    id: 18,
    title: 'an old answer, an old acceptance and an old policy are failures',
    applies: happens('an old answer arrives', 'an old acceptance', 'policy fetched'),
    holds: (before, { name, said }, after) =>
      name === 'policy fetched'
        ? after.policy >= before.highest
        : name === 'an old answer arrives' && said !== 'taken',
  },
  {
    id: 19,
    title: 'when a visit is over nothing holds a key: core, staff window, customer window',
    applies: (before, _, after) => isOver(after) && !isOver(before),
    holds: (_, __, after) =>
      noKeys(after) &&
      after.staffWindow === 0 &&
      after.customerWindow === 0 &&
      after.ink === 0 &&
      after.consent === '' &&
      after.opened === 0 &&
      (after.power === 'off' || after.keptDisk !== 'sealed'),
  },
  {
    id: 19,
    title: 'and nothing comes back: what was under way puts no key into a visit that is over',
    applies: (_, { name }) => name === 'too late' || name === 'keys kept' || name.startsWith('keys for'),
    holds: (_, { visit, name }, after) =>
      after.risen === 0 && !(name.startsWith('keys for') && visit !== after.visit),
  },
  {
    id: 19,
    title: 'the customer who has finished leaves no content behind',
    applies: (_, __, after) => isFinished(after),
    holds: (_, __, after) => !after.content && after.customerWindow !== after.visit,
  },
  {
    id: 19,
    title: 'what a crash left open is ended at central too',
    applies: happens('left visits ended'),
    holds: (before, _, after) =>
      [...before.begun].every((one) => !before.signed.includes(one) || after.outbox.includes(`e${one}`)),
  },
  {
    id: 19,
    title: 'the staff layer is for who began the visit',
    applies: happens('staff: openMetadata'),
    holds: ({ place, staff }) => place.context.staffId === staff,
  },
  {
    id: 20,
    title: 'a revoked counter is answered nothing',
    applies: ({ central }, { name }) =>
      central.revoked.length > 0 && /^(central|consent|acceptance)/.test(name),
    holds: (before, { name, said, visit }) =>
      !(/^central (answers|says)/.test(name) && said === 'answered') &&
      !(name === 'consent-accepted logged' && heldAt(before, visit) === undefined),
  },
  {
    id: 21,
    title: 'what is kept opens only while it is kept, with central’s word in this visit, before its date',
    applies: happens('kept opened'),
    holds: (before) =>
      before.keptDisk === 'kept' &&
      before.keptLogged &&
      !isPast(before, counterNow(before)) &&
      !before.heard.includes(String(before.keptOf)),
  },
  {
    id: 21,
    title: 'central says so of what was neither taken back, nor reported as gone, nor past its date',
    applies: happens('central says it may be opened', 'central not asked'),
    holds: (before, { name }) => {
      const held = heldAt(before, before.keptOf);
      return (
        name !== 'central not asked' &&
        held?.doc.keeps === true &&
        held.state !== 'withdrawn' &&
        !held.keepTaken &&
        !held.erased &&
        !isPast(before, before.now)
      );
    },
  },
  {
    id: 21,
    title: 'no window gets a key of what is gone',
    applies: (before, act) => given(before, act) && before.opened !== 0,
    holds: (before) => before.keptDisk === 'kept' && !isPast(before, counterNow(before)),
  },
  {
    id: 21,
    title: 'a case is made of a visit that came to its end, by the clerk’s follow-up and the customer’s tick',
    applies: happens('made a case'),
    holds: ({ place: { context } }) =>
      context.outcome === 'completed' &&
      context.followUp !== '' &&
      !context.caseDone &&
      context.kept?.again === false &&
      context.grants?.keep === true,
  },
  {
    id: 21,
    title: 'a start leaves nothing that is not a case of the log before its date',
    applies: (before, _, after) => before.power === 'off' && after.power === 'on' && after.keptDisk !== '',
    holds: (_, __, after) =>
      after.keptLogged &&
      (after.keptDisk === 'ending' || (after.keptDisk === 'kept' && !isPast(after, counterNow(after)))),
  },
  {
    id: 21,
    title: 'an end that was begun is final',
    applies: (before, { name }) => before.keptDisk === 'ending' && name !== 'files put back',
    holds: (_, __, { keptDisk }) => keptDisk === 'ending' || keptDisk === '',
  },
  {
    id: 21,
    title: 'evidence says so only when nothing of it is left, in no window either',
    applies: happens('held end logged'),
    holds: (before, _, after) =>
      after.keptDisk === '' &&
      after.outbox.includes(`v${after.keptOf}`) &&
      (before.opened === 0 || (after.staffWindow === 0 && after.customerWindow === 0)) &&
      !after.metadata &&
      after.opened === 0,
  },
  {
    id: 21,
    title: 'a visit that is over has left a case, or nothing',
    applies: (before, _, after) =>
      isOver(after) && !isOver(before) && after.keptOf !== 0 && after.power === 'on',
    holds: (before, _, { keptDisk, keptLogged }) =>
      keptDisk === 'kept'
        ? keptLogged
        : keptDisk === 'ending' || !(before.visit === before.keptOf && keptLogged),
  },
];

function isFinished({ place }: World): boolean {
  return place.phase === 'serving.followUp';
}
