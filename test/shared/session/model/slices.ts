/**
 * Slices of all that may happen to the visit machine: each varies some things fully and holds the others at one value,
 * so that together they are searched to the end within seconds. `everything` varies all at once and is for the soak.
 */
import { Failure } from '../../../../shared/domain/errors.ts';
import { type EventSamples, eventSamples, failures, type ResultSamples, resultSamples } from './events.ts';

export interface Slice {
  readonly name: string;
  readonly events: EventSamples;
  readonly results: ResultSamples;
  readonly failures: readonly unknown[];
}

export const everything: Slice = {
  name: 'everything',
  events: eventSamples,
  results: resultSamples,
  failures,
};

/** What is held still: one language, right answers, one tick, no second witness, no report. */
const still: Omit<Slice, 'name'> = {
  events: {
    ...eventSamples,
    START: eventSamples.START.slice(0, 1),
    CLOSE: eventSamples.CLOSE.slice(0, 1),
    KEEP_NOTHING: [],
    HELD_LOST: [],
    SET_DISPLAY: [],
    NOTICE_PAGE: eventSamples.NOTICE_PAGE.slice(0, 2),
    ANSWER: eventSamples.ANSWER.slice(0, 1),
    TICK: eventSamples.TICK.slice(1, 2),
    RECONSIDER: [],
    CANNOT_SIGN: [],
    POLICY_CHANGED: [],
    PURPOSES_WITHDRAWN: [],
    RELEASED: [],
    OPEN_REPORT: [],
    TAKE_RECEIPT: [],
  },
  results: {
    ...resultSamples,
    prepare: resultSamples.prepare.slice(0, 1),
    prove: resultSamples.prove.slice(0, 1),
    wipeContent: resultSamples.wipeContent.slice(0, 1),
  },
  failures: [new Failure('central-unreachable')],
};

function slice(
  name: string,
  varied: { [P in 'events' | 'results']?: Partial<Slice[P]> },
  fails?: Slice['failures'],
): Slice {
  return {
    name,
    events: { ...still.events, ...varied.events },
    results: { ...still.results, ...varied.results },
    failures: fails ?? still.failures,
  };
}

const { SET_DISPLAY, NOTICE_PAGE, ANSWER, TICK, RECONSIDER, CANNOT_SIGN, POLICY_CHANGED } = eventSamples;
const { PURPOSES_WITHDRAWN, RELEASED, OPEN_REPORT, TAKE_RECEIPT } = eventSamples;
const { START, CLOSE, KEEP_NOTHING, HELD_LOST } = eventSamples;
const { prepare, prove, wipeContent } = resultSamples;

export const slices: readonly Slice[] = [
  slice('language and pages', { events: { SET_DISPLAY, NOTICE_PAGE } }),
  slice('proofs, answers, failures', { events: { ANSWER }, results: { prove } }, failures),
  slice('ticks, refusals, new policies', {
    events: {
      TICK: TICK.slice(0, 4),
      RECONSIDER,
      PURPOSES_WITHDRAWN: PURPOSES_WITHDRAWN.slice(0, 1),
      POLICY_CHANGED,
    },
    results: { prepare },
  }),
  slice('marks and witnesses', { events: { CANNOT_SIGN, POLICY_CHANGED }, results: { prepare } }, [
    new Failure('central-unreachable'),
    new Failure('policy-changed'),
  ]),
  slice('display at the mark', { events: { SET_DISPLAY: SET_DISPLAY.slice(1), CANNOT_SIGN } }),
  slice('reading, releasing, reports', {
    events: {
      TICK: TICK.slice(0, 2),
      PURPOSES_WITHDRAWN: PURPOSES_WITHDRAWN.slice(0, 1),
      RELEASED,
      OPEN_REPORT,
      TAKE_RECEIPT,
    },
  }),
  slice('kept for a case', {
    events: { TICK: TICK.slice(4), KEEP_NOTHING, PURPOSES_WITHDRAWN, CLOSE },
    results: { wipeContent },
  }),
  slice(
    'kept before',
    {
      events: {
        START: START.slice(1),
        ...{ CLOSE, KEEP_NOTHING, HELD_LOST, PURPOSES_WITHDRAWN, RELEASED, OPEN_REPORT, TAKE_RECEIPT },
        POLICY_CHANGED,
      },
      results: { prepare, prove, wipeContent },
    },
    failures,
  ),
  slice('display while reading', { events: { SET_DISPLAY: SET_DISPLAY.slice(1), OPEN_REPORT } }),
];
