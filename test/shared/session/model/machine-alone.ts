/**
 * The visit machine by itself, hostile windows and effects that answer whatever they like: what it must hold without
 * help from core or central. A witness watches beside it, in the words of the design and not of the machine: what
 * was on the screen, what the customer did there, what the effects said.
 */
import type { Grants } from '../../../../shared/domain/scope.ts';
import { emptyContext } from '../../../../shared/session/machine.ts';
import type { EffectName, VisitEvent } from '../../../../shared/session/types.ts';
import { failureName, pageCounts, QUESTION_TRIES, resultSamples } from './events.ts';
import type { Move, Place, Walk } from './machine-walk.ts';
import type { Model, Property } from './search.ts';
import { everything, type Slice } from './slices.ts';

/** What somebody who watches the customer's screen and the effects would know. */
interface Witness {
  /** Pages of the notice turned in order, in the language and size that is shown. */
  readonly pages: number;
  /** The language in which the notice was read to its end. */
  readonly readIn: string;
  readonly proved: boolean;
  readonly answered: boolean;
  readonly wrong: number;
  /** The ticks set last, canonical. */
  readonly ticks: string;
  /** What was asked and not ticked, and not taken back since. */
  readonly refused: string;
  readonly signed: boolean;
  /** By a mark, not a signature. */
  readonly marked: boolean;
  /** A second member of staff has confirmed this signature or mark. */
  readonly attested: boolean;
  readonly accepted: boolean;
  readonly answer: boolean;
  readonly wiped: boolean;
  /** The clerk has opened what is kept of a case. */
  readonly back: boolean;
}
const nothingSeen: Witness = {
  pages: 0,
  readIn: '',
  proved: false,
  answered: false,
  wrong: 0,
  ticks: '',
  refused: '',
  signed: false,
  marked: false,
  attested: false,
  accepted: false,
  answer: false,
  wiped: false,
  back: false,
};

export interface Watched {
  readonly place: Place;
  readonly seen: Witness;
}

export type MachineAct = { readonly move: Move } & (
  | { readonly kind: 'event'; readonly event: VisitEvent }
  | { readonly kind: 'done'; readonly effect: EffectName; readonly output: unknown }
  | { readonly kind: 'failed'; readonly effect: EffectName; readonly error: unknown }
);

const canonical = (grants: Grants | undefined) => JSON.stringify(Object.entries(grants ?? {}).sort());

function watch({ place, seen }: Watched, act: MachineAct): Witness {
  const after = act.move.place;
  if (after.phase === 'idle') return nothingSeen;
  if (act.kind === 'failed') {
    const outdated = act.effect === 'submitConsent' && failureName(act.error) === 'policy-changed';
    return outdated ? anew(seen) : seen;
  }
  if (act.kind === 'done') return watchDone(seen, act.effect, act.output);
  const { event } = act;
  switch (event.type) {
    case 'START':
      return act.move.taken ? { ...nothingSeen, back: event.kept !== undefined } : seen;
    case 'NOTICE_PAGE':
      return place.phase === 'serving.notice' &&
        event.page === seen.pages + 1 &&
        event.page <= pagesShown(place)
        ? { ...seen, pages: event.page }
        : seen;
    case 'SET_DISPLAY': {
      const { language, largeType } = place.context.display;
      const same = event.language === language && event.largeType === largeType;
      return place.phase === 'serving.notice' && !same ? { ...seen, pages: 0 } : seen;
    }
    case 'NOTICE_READ':
      return place.phase === 'serving.notice' && seen.pages === pagesShown(place)
        ? { ...seen, readIn: place.context.display.language }
        : seen;
    case 'ANSWER':
      if (place.phase !== 'serving.question') return seen;
      return event.correct ? { ...seen, answered: true } : { ...seen, wrong: seen.wrong + 1 };
    case 'TICK': {
      if (place.phase !== 'serving.ticks' || !act.move.taken) return seen;
      const refused = place.context.offered.filter((grant) => !event.grants[grant]);
      return { ...seen, ticks: canonical(event.grants), refused: refused.join() };
    }
    case 'RECONSIDER':
      return place.phase === 'serving.ticks'
        ? {
            ...seen,
            refused: seen.refused
              .split(',')
              .filter((grant) => grant !== event.grant)
              .join(),
          }
        : seen;
    case 'SIGN':
      return place.phase === 'serving.signature'
        ? { ...seen, signed: true, marked: false, attested: false }
        : seen;
    case 'MARK':
      return place.phase === 'serving.mark' ? { ...seen, signed: true, marked: true, attested: false } : seen;
    case 'PURPOSES_WITHDRAWN':
      return isServing(place) && place.context.grants
        ? { ...seen, ticks: withoutTicks(seen.ticks, event.purposes) }
        : seen;
    case 'KEEP_NOTHING':
      return act.move.taken ? { ...seen, ticks: withoutTicks(seen.ticks, ['keep']) } : seen;
    case 'POLICY_CHANGED':
      return act.move.taken && place.phase !== 'serving.request' ? anew(seen) : seen;
    default:
      return seen;
  }
}

/** Ticks of which some were taken back. */
function withoutTicks(ticks: string, purposes: readonly string[]): string {
  return purposes.reduce((left, name) => left.replace(`["${name}",true]`, `["${name}",false]`), ticks);
}

/** Pages of the notice in the language and size that is shown. */
function pagesShown({ context: { display } }: Place): number {
  return pageCounts[display.language][display.largeType ? 'large' : 'normal'];
}

/** Another policy: all but identity and refusals counts no more. */
function anew(seen: Witness): Witness {
  return { ...nothingSeen, proved: seen.proved, refused: seen.refused, back: seen.back };
}

function watchDone(seen: Witness, effect: EffectName, output: unknown): Witness {
  switch (effect) {
    case 'prepare': {
      const { identityStands } = output as { identityStands: boolean };
      return { ...seen, wrong: 0, pages: 0, proved: seen.proved && identityStands };
    }
    case 'attest':
      return { ...seen, attested: true };
    case 'prove':
      return (output as { passed: boolean }).passed ? { ...seen, proved: true } : seen;
    case 'submitConsent':
      // How it came about matters no more.
      return { ...seen, accepted: true, pages: 0, wrong: 0, refused: '' };
    case 'lookUp':
      return { ...seen, answer: true };
    case 'reopen': {
      const { grants } = output as { grants: Grants };
      return { ...seen, accepted: true, answer: true, ticks: canonical(grants), wrong: 0, refused: '' };
    }
    case 'wipeContent':
      return { ...seen, wiped: true };
    default:
      return seen;
  }
}

/** The machine under everything that windows, core and effects can do to it. */
export function machineAlone(
  walk: Walk,
  { events, results, failures }: Omit<Slice, 'name'> = everything,
): Model<Watched, MachineAct> {
  const sent: readonly VisitEvent[] = Object.values(events).flat();
  const witnesses = new Map<string, Witness>();
  const shared = (seen: Witness): Witness => {
    const key = JSON.stringify(seen);
    const known = witnesses.get(key);
    if (known) return known;
    witnesses.set(key, seen);
    return seen;
  };
  const step = (state: Watched, act: MachineAct) => ({
    act,
    next: { place: act.move.place, seen: shared(watch(state, act)) },
  });
  return {
    initial: { place: walk.initial, seen: nothingSeen },
    key: ({ place, seen }) => `${place.id} ${Object.values(seen).join(' ')}`,
    *steps(state) {
      const { place } = state;
      for (const event of sent) yield step(state, { kind: 'event', event, move: walk.send(place, event) });
      const effect = place.effect?.name;
      if (!effect) return;
      for (const output of results[effect] ?? [undefined]) {
        yield step(state, { kind: 'done', effect, output, move: walk.done(place, output) });
      }
      for (const error of failures) {
        yield step(state, { kind: 'failed', effect, error, move: walk.failed(place, error) });
      }
    },
    label(act) {
      if (act.kind === 'event') return JSON.stringify(act.event);
      const said = act.kind === 'done' ? JSON.stringify(act.output) : failureName(act.error);
      return `${act.effect} ${act.kind} ${said ?? ''} → ${act.move.place.phase}`;
    },
  };
}

type Judge = Property<Watched, MachineAct>['holds'];
const isEvent = (act: MachineAct, ...types: VisitEvent['type'][]) =>
  act.kind === 'event' && types.includes(act.event.type);
const starts =
  (name: EffectName): Judge =>
  (_, { move }) =>
    move.starts === name;
const isServing = (place: Place) => place.phase.startsWith('serving.');
const isFinished = (place: Place) => place.phase === 'serving.followUp';
const isOver = (place: Place) => place.phase === 'idle' || place.phase === 'ended';
const closesWith = (place: Place, outcome: string) =>
  place.phase === 'closing' && place.context.outcome === outcome;
const endings = {
  CANCEL: 'cancelled-by-staff',
  STOP: 'stopped',
  ABANDON: 'abandoned',
  EXPIRE: 'expired',
  WITHDRAWN: 'withdrawn',
  HELD_LOST: 'held-lost',
} as const;
const endingOf = (act: MachineAct) =>
  act.kind === 'event' && act.event.type in endings
    ? endings[act.event.type as keyof typeof endings]
    : undefined;
/** Steps at which a customer has not signed yet and may say no. */
const maySayNo = /^serving\.(request|notice|identity|question|ticks|signature|mark|witnessing)/;
/** From the reading of the notice until the consent is built. */
const languageStays = /^serving\.(identity|question|ticks|signature|mark|witnessing|submit)/;
/** What is kept cannot or may not be opened. */
const isLost = (act: MachineAct) =>
  act.kind === 'failed' && act.effect === 'reopen' && /^held-/.test(failureName(act.error));
const takesKeepBack = (act: MachineAct) =>
  act.kind === 'event' && act.event.type === 'PURPOSES_WITHDRAWN' && act.event.purposes.includes('keep');
const without = (place: Place) => JSON.stringify({ ...place.context, error: undefined });
const lastTry = (act: MachineAct) =>
  act.kind === 'failed' && /^(challenge|prove)$/.test(act.effect)
    ? failureName(act.error) === 'too-many-tries'
    : act.kind === 'done' &&
      act.effect === 'prove' &&
      JSON.stringify(act.output) === JSON.stringify({ passed: false, triesLeft: 0 });

/** What the machine holds by itself, under the number of the invariant that it serves. */
export function machineProperties(walk: Walk): readonly Property<Watched, MachineAct>[] {
  return [
    {
      id: 1,
      title: 'no lookup starts without identity, understanding, tick, signature and acceptance',
      applies: starts('lookUp'),
      holds: ({ seen }, _, { seen: { accepted } }) =>
        accepted &&
        seen.signed &&
        seen.proved &&
        seen.answered &&
        seen.ticks.includes('["lookup",true]') &&
        !seen.back,
    },
    {
      id: 3,
      title: 'whose number is asked stays the same while the visit lasts',
      applies: ({ place }, { move }) => isServing(place) && isServing(move.place),
      holds: ({ place }, { move }) =>
        place.context.request === move.place.context.request ||
        JSON.stringify(place.context.request) === JSON.stringify(move.place.context.request),
    },
    {
      id: 3,
      title: 'a visit begins with what the clerk entered and nothing else',
      applies: ({ place }, act) => place.phase === 'idle' && isEvent(act, 'START'),
      holds: (_, act) => {
        if (act.kind !== 'event' || act.event.type !== 'START') return false;
        const { type: _type, kept, ...entered } = act.event;
        const begun = { ...emptyContext, ...entered, kept: kept && { ...kept, again: true } };
        return JSON.stringify(act.move.place.context) === JSON.stringify(begun);
      },
    },
    {
      id: 4,
      title: 'a row that is ticked for release is released',
      applies: ({ place, seen }, act) =>
        place.phase === 'serving.reading' &&
        isEvent(act, 'RELEASED') &&
        seen.ticks.includes('["release",true]'),
      holds: (_, { move }) => move.place.context.released === 1,
    },
    {
      id: 4,
      title: 'rows count as released only under that tick',
      applies: ({ place }, { move }) => move.place.context.released > place.context.released,
      holds: ({ seen }) => seen.ticks.includes('["release",true]'),
    },
    {
      id: 5,
      title: 'the notice counts as read once every page was turned as it is shown',
      applies: ({ place }, { move }) =>
        place.phase === 'serving.notice' && /^serving\.(identity|question)/.test(move.place.phase),
      holds: ({ place, seen }) => seen.pages === pagesShown(place),
    },
    {
      id: 5,
      title: 'pages that were turned are pages that there are',
      applies: (_, act) => isEvent(act, 'NOTICE_PAGE'),
      holds: ({ place }, { move }) => {
        const { page, of } = move.place.context.noticePage;
        return place.phase !== 'serving.notice' || (page <= of && of === pagesShown(move.place));
      },
    },
    {
      id: 5,
      title: 'nothing is ticked beforehand',
      applies: (_, { move }, { seen }) => move.place.phase === 'serving.ticks' && seen.ticks === '',
      holds: (_, { move }) => move.place.context.grants === undefined && !move.place.context.wrongAnswer,
    },
    {
      id: 5,
      title: 'only what was offered is ticked, and nothing that was refused before',
      applies: ({ place }, act) => place.phase === 'serving.ticks' && isEvent(act, 'TICK') && act.move.taken,
      holds: ({ place, seen }, act) =>
        act.kind === 'event' &&
        act.event.type === 'TICK' &&
        act.event.grants.lookup &&
        Object.entries(act.event.grants).every(
          ([name, given]) =>
            !given || (place.context.offered.some((grant) => grant === name) && !seen.refused.includes(name)),
        ),
    },
    {
      id: 5,
      title: 'a refusal is taken back by the customer alone',
      applies: ({ place }) => isServing(place) && place.context.declined.length > 0,
      holds: ({ place }, act, after) =>
        act.move.place.phase === 'idle' ||
        isEvent(act, 'TICK', 'RECONSIDER') ||
        after.place.context.declined.join() === place.context.declined.join(),
    },
    {
      id: 7,
      title: 'a mark, and whatever policy wants confirmed, has a second witness',
      applies: (state, act, after) =>
        starts('submitConsent')(state, act, after) &&
        (after.seen.marked || state.place.context.witnessWanted),
      holds: (_, { move }, { seen }) =>
        seen.attested &&
        move.place.context.witnessed &&
        move.place.context.method === (seen.marked ? 'witnessed-mark' : 'signature'),
    },
    {
      id: 7,
      title: 'how it was signed is what the consent will say',
      applies: starts('submitConsent'),
      holds: (_, { move }, { seen }) =>
        move.place.context.method === (seen.marked ? 'witnessed-mark' : 'signature') &&
        move.place.context.witnessed === seen.attested,
    },
    {
      id: 7,
      title: 'a second witness is asked for where one is needed, and nowhere else',
      applies: ({ place }, act) => place.phase === 'serving.signature' && isEvent(act, 'SIGN'),
      holds: ({ place }, { move }) =>
        move.place.phase ===
        (place.context.witnessWanted ? 'serving.witnessing.waiting' : 'serving.submitting'),
    },
    {
      id: 5,
      title: 'a refusal that the customer takes back is no refusal any more, the others are',
      applies: ({ place, seen }, act) =>
        place.phase === 'serving.ticks' && isEvent(act, 'RECONSIDER') && seen.refused.includes('release'),
      holds: (_, { move }, { seen }) => move.place.context.declined.join() === seen.refused,
    },
    {
      id: 4,
      title: 'a receipt that is taken alone goes without the report',
      applies: (_, act) => isEvent(act, 'TAKE_RECEIPT') && act.move.taken,
      holds: (_, { move }) => move.place.context.report === undefined,
    },
    {
      id: 17,
      title: 'under a new policy nobody is asked again whose number it is',
      applies: ({ place }, act) => act.kind === 'done' && act.effect === 'prepare' && place.context.renewed,
      holds: ({ seen }, { move }) =>
        move.place.phase === (seen.back ? 'serving.identity.challenging' : 'serving.notice'),
    },
    {
      id: 17,
      title: 'who has proved who they are, by proofs that still count, is not asked again',
      applies: ({ place, seen }, act) =>
        place.phase === 'serving.notice' && isEvent(act, 'NOTICE_READ') && act.move.taken && seen.proved,
      holds: (_, { move }) => move.place.phase === 'serving.question',
    },
    {
      id: 17,
      title: 'a newer policy makes everything begin anew',
      applies: ({ place }, act) =>
        (isEvent(act, 'POLICY_CHANGED') && maySayNo.test(place.phase)) ||
        (act.kind === 'failed' &&
          act.effect === 'submitConsent' &&
          failureName(act.error) === 'policy-changed'),
      holds: ({ place: before }, { move: { starts: started, place } }) =>
        started === 'prepare' &&
        // Where nothing was read yet there is nothing to begin anew.
        (place.context.renewed || before.phase === 'serving.request') &&
        place.context.grants === undefined &&
        place.context.answerId === undefined &&
        !place.context.witnessed,
    },
    {
      id: 5,
      title: 'the display is as the customer chose; the language stays from the reading to the signature',
      applies: ({ place }, act) => isServing(place) && isEvent(act, 'SET_DISPLAY'),
      holds: ({ place }, act) => {
        if (act.kind !== 'event' || act.event.type !== 'SET_DISPLAY') return false;
        const { language, largeType } = act.move.place.context.display;
        const wanted = languageStays.test(place.phase) ? place.context.display.language : act.event.language;
        return language === wanted && largeType === act.event.largeType;
      },
    },
    {
      id: 5,
      title: 'what is signed is what was read, answered and ticked',
      applies: starts('submitConsent'),
      holds: ({ seen }, { move: { place } }) =>
        seen.readIn === place.context.display.language &&
        seen.ticks === canonical(place.context.grants) &&
        seen.answered &&
        place.context.answerId === 'right',
    },
    {
      id: 6,
      title: 'a consent comes of signing, in this visit',
      applies: starts('submitConsent'),
      holds: (_, act, { seen }) =>
        seen.signed && (isEvent(act, 'SIGN', 'RETRY') || (act.kind === 'done' && act.effect === 'attest')),
    },
    {
      id: 13,
      title: 'whoever may end a visit ends it, at every step, with that outcome',
      applies: ({ place }, act) =>
        isServing(place) && endingOf(act) !== undefined && (!isFinished(place) || isEvent(act, 'WITHDRAWN')),
      holds: (_, act) => closesWith(act.move.place, endingOf(act) ?? ''),
    },
    {
      id: 13,
      title: 'a customer who has not signed may say no',
      applies: ({ place }, act) => maySayNo.test(place.phase) && isEvent(act, 'REFUSE'),
      holds: (_, { move }) => closesWith(move.place, 'refused'),
    },
    {
      id: 13,
      title: "somebody else's number ends the visit",
      applies: ({ place }, act) => place.phase === 'serving.request' && isEvent(act, 'NOT_MY_NUMBER'),
      holds: (_, { move }) => closesWith(move.place, 'not-my-number'),
    },
    {
      id: 13,
      title: 'how a visit ended does not change any more',
      applies: ({ place }) => place.context.outcome !== undefined,
      holds: ({ place }, { move }) =>
        move.place.phase === 'idle' || move.place.context.outcome === place.context.outcome,
    },
    {
      id: 13,
      title: 'a finished visit is closed by the clerk and by nothing else',
      applies: ({ place }, act) =>
        isFinished(place) &&
        (endingOf(act) !== undefined || isEvent(act, 'CLOSE')) &&
        !isEvent(act, 'WITHDRAWN'),
      holds: ({ place }, act) =>
        act.kind === 'event' && act.event.type === 'CLOSE'
          ? closesWith(act.move.place, 'completed') &&
            act.move.place.context.followUp === act.event.followUp &&
            act.move.place.context.caseDone === (act.event.caseDone === true)
          : act.move.place === place,
    },
    {
      id: 15,
      title: 'nobody reads before central has answered',
      applies: (_, { move }) => /^serving\.(reading|report|receipt)/.test(move.place.phase),
      holds: (_, __, { seen }) => seen.answer && seen.accepted,
    },
    {
      id: 16,
      title: 'a retry asks exactly what was asked',
      applies: (_, act) => isEvent(act, 'RETRY') && act.move.starts !== undefined,
      holds: ({ place }, { move }) => without(place) === without(move.place),
    },
    {
      id: 16,
      title: 'what failed can be tried again',
      applies: (_, act) => act.kind === 'failed' && act.move.place.phase.endsWith('Failed'),
      holds: (_, act) =>
        walk.send(act.move.place, { type: 'RETRY' }).starts === (act as { effect?: string }).effect,
    },
    {
      id: 18,
      title: 'a failure leads nowhere that success leads to, and is said',
      applies: (_, act) =>
        act.kind === 'failed' &&
        !(act.effect === 'submitConsent' && failureName(act.error) === 'policy-changed'),
      holds: ({ place }, { move, kind }) => {
        const good = kind === 'failed' && place.effect && successOf(walk, place);
        if (move.place.phase === 'closing') return place.phase !== 'closing';
        return good !== move.place.phase && move.place.context.error !== undefined;
      },
    },
    {
      id: 18,
      title: 'an error that is over is not shown',
      applies: ({ place }, act) =>
        act.move.starts !== undefined || (isEvent(act, 'BACK') && act.move.place.phase !== place.phase),
      holds: (_, { move }) => move.place.context.error === undefined,
    },
    {
      id: 16,
      title: 'a failure that may pass does not end the visit',
      applies: ({ place }, act) => act.kind === 'failed' && isServing(place) && !lastTry(act) && !isLost(act),
      holds: (_, { move }) => isServing(move.place),
    },
    {
      id: 16,
      title: 'a wrong proof with tries left may be tried again, and says how many are left',
      applies: (_, act) =>
        act.kind === 'done' &&
        act.effect === 'prove' &&
        !(act.output as { passed: boolean }).passed &&
        !lastTry(act),
      holds: (_, { move: { place } }) =>
        place.phase === 'serving.identity.entering' &&
        place.context.triesLeft === 1 &&
        place.context.error?.kind === 'identity-failed' &&
        place.context.error.triesLeft === 1,
    },
    {
      id: 2,
      title: 'what an effect answered is what the visit knows',
      applies: (_, { kind, move }) => kind === 'done' && isServing(move.place),
      holds: (_, act) => act.kind === 'done' && knows(act.move.place, act.effect, act.output),
    },
    {
      id: 19,
      title: 'who was not served to the end is told how it ended',
      applies: (_, act) => act.kind === 'done' && act.effect === 'closeVisit',
      holds: ({ place }, { move }) =>
        move.place.phase === (place.context.outcome === 'completed' ? 'idle' : 'ended'),
    },
    {
      id: 18,
      title: 'the last try of a proof ends the visit',
      applies: (_, act) => lastTry(act),
      holds: (_, { move }) => closesWith(move.place, 'identity-failed'),
    },
    {
      id: 18,
      title: 'the last wrong answer ends the visit, an earlier one does not',
      applies: ({ place }, act) =>
        place.phase === 'serving.question' &&
        act.kind === 'event' &&
        act.event.type === 'ANSWER' &&
        !act.event.correct,
      holds: (_, { move }, { seen }) =>
        seen.wrong >= QUESTION_TRIES
          ? closesWith(move.place, 'not-understood')
          : move.place.phase === 'serving.question' && move.place.context.wrongAnswer,
    },
    {
      id: 18,
      title: 'proofs that are not passed do not pass',
      applies: ({ place }, { move }) =>
        place.phase !== move.place.phase && /^serving\.(question|reopening)$/.test(move.place.phase),
      holds: (_, __, { seen }) => seen.proved,
    },
    {
      id: 21,
      title: 'what is kept is opened for who came back for it and has proved who they are, in this visit',
      applies: starts('reopen'),
      holds: ({ place }, { move }, { seen }) =>
        seen.back && seen.proved && move.place.context.kept?.caseId === place.context.kept?.caseId,
    },
    {
      id: 21,
      title: 'who came back is asked whose number it is and nothing else: no notice, no ticks, no signature',
      applies: (_, { move }, { seen }) => seen.back && isServing(move.place),
      holds: (_, { move }) =>
        !/^serving\.(notice|question|ticks|signature|mark|witnessing|submit|looking)/.test(move.place.phase),
    },
    {
      id: 21,
      title: 'and nobody else gets to it',
      applies: (_, { move }, { seen }) => !seen.back && isServing(move.place),
      holds: (_, { move }) =>
        !/^serving\.reopen/.test(move.place.phase) && move.place.context.kept?.again !== true,
    },
    {
      id: 21,
      title: 'what is kept brings no report and no receipt; a lookup does',
      applies: ({ place }, act) =>
        place.phase === 'serving.reading' && isEvent(act, 'OPEN_REPORT', 'TAKE_RECEIPT'),
      holds: ({ place, seen }, { move }) => (move.place === place) === seen.back,
    },
    {
      id: 21,
      title: 'what cannot or may not be opened ends the visit',
      applies: (_, act) => isLost(act),
      holds: (_, { move }) => closesWith(move.place, 'held-lost'),
    },
    {
      id: 21,
      title: 'nothing is kept that was not ticked, and what was is known until the end',
      applies: ({ seen }, act) => act.kind === 'done' && act.effect === 'wipeContent' && !seen.back,
      holds: ({ seen }, act) => {
        const { kept } = act.move.place.context;
        const sealed = act.kind === 'done' && (act.output as { kept?: object }).kept;
        const wanted =
          sealed && seen.ticks.includes('["keep",true]') ? { ...sealed, again: false } : undefined;
        return JSON.stringify(kept) === JSON.stringify(wanted);
      },
    },
    {
      id: 21,
      title: 'a visit’s case stays the same until it ends',
      applies: ({ place, seen }, { move }) =>
        seen.back && place.phase !== 'idle' && move.place.phase !== 'idle',
      holds: ({ place }, { move }) =>
        JSON.stringify(place.context.kept) === JSON.stringify(move.place.context.kept) &&
        place.context.kept?.again === true,
    },
    {
      id: 13,
      title: 'who came back takes keeping back at every step, and that ends the visit',
      applies: ({ place, seen }, act) =>
        seen.back &&
        isServing(place) &&
        ((isEvent(act, 'KEEP_NOTHING') && place.phase !== 'serving.finishing') || takesKeepBack(act)),
      holds: (_, { move }) => closesWith(move.place, 'withdrawn'),
    },
    {
      id: 13,
      title: 'who came back and takes another purpose back reads on',
      applies: ({ place, seen }, act) =>
        seen.back && isServing(place) && isEvent(act, 'PURPOSES_WITHDRAWN') && !takesKeepBack(act),
      holds: ({ place }, { move }) => move.place.phase === place.phase,
    },
    {
      id: 13,
      title: 'the first time nothing is kept once that is said, and the visit goes on',
      applies: ({ place, seen }, act) =>
        !seen.back &&
        isServing(place) &&
        seen.ticks.includes('["keep",true]') &&
        ((isEvent(act, 'KEEP_NOTHING') && place.phase !== 'serving.finishing') || takesKeepBack(act)),
      holds: ({ place }, act) => {
        const { phase, context } = act.move.place;
        const on = isEvent(act, 'KEEP_NOTHING') && place.phase === 'serving.finishFailed';
        return (
          context.kept === undefined &&
          context.grants?.keep === false &&
          phase === (on ? 'serving.finishing' : place.phase)
        );
      },
    },
    {
      id: 21,
      title: 'while it is being sealed there is nothing to choose, nor where nothing is kept',
      applies: ({ place, seen }, act) =>
        isEvent(act, 'KEEP_NOTHING') &&
        (place.phase === 'serving.finishing' || (!seen.back && !seen.ticks.includes('["keep",true]'))),
      holds: ({ place }, { move }) => move.place === place,
    },
    {
      id: 19,
      title: 'a visit is over only after erasure',
      applies: ({ place }, { move }) => !isOver(place) && isOver(move.place),
      holds: (_, act) => act.kind === 'done' && act.effect === 'closeVisit',
    },
    {
      id: 19,
      title: 'the clerk takes over only after the content is wiped',
      applies: (_, { move }) => isFinished(move.place),
      holds: (_, __, { seen }) => seen.wiped,
    },
    {
      id: 19,
      title: 'nothing of a customer is left when the counter is idle',
      applies: (_, { move }) => move.place.phase === 'idle',
      holds: (_, { move }) => JSON.stringify(move.place.context) === JSON.stringify(emptyContext),
    },
    {
      id: 19,
      title: 'nobody is served on top of somebody else',
      applies: ({ place }, act) => isEvent(act, 'START') && place.phase !== 'idle',
      holds: ({ place }, { move }) => move.place === place,
    },
  ];
}

/** Whether the context holds what the effect answered, field by field. */
function knows({ context }: Place, effect: EffectName, output: unknown): boolean {
  const held: Record<string, unknown> =
    effect === 'lookUp'
      ? { ...context.lookup }
      : // What was sealed is told by a property of its own.
        effect === 'wipeContent'
        ? {}
        : effect === 'makeReport'
          ? { ...context.report }
          : { ...context };
  const renamed: Record<string, string> = { questionTries: 'questionTriesLeft' };
  return (
    Object.entries(output ?? {}).every(([key, value]) => {
      const name = renamed[key] ?? key;
      return !(name in held) || JSON.stringify(held[name]) === JSON.stringify(value);
    }) &&
    (effect !== 'makeReport' || context.report?.options.nameStyle === 'masked') &&
    (effect !== 'lookUp' || context.lookup !== undefined)
  );
}

/** Where success of the running effect leads. */
function successOf(walk: Walk, place: Place): string | undefined {
  const [output] = place.effect ? (resultSamples[place.effect.name] ?? []) : [];
  return walk.done(place, output).place.phase;
}
