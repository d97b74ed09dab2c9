/**
 * The composed machine: the real visit machine, the real rule of presence, the real gate and the real clock in a core
 * whose effects are taken apart into their durable steps; central as a model; and an adversary. Messages once sent may
 * arrive late, twice, in any order or never, answers of an earlier visit may come instead of this one's, the core may
 * crash between any two steps, and both windows may ask for anything at any time.
 */
import { createClock } from '../../../../electron/central/clock.ts';
import type { VisitSecrets } from '../../../../electron/gate/visit-secrets.ts';
import { Failure } from '../../../../shared/domain/errors.ts';
import { holdingAfter } from '../../../../shared/session/holding.ts';
import { waitsForCustomer } from '../../../../shared/session/presence.ts';
import type { EffectName, VisitEvent } from '../../../../shared/session/types.ts';
import { type Central, type CentralRules, type Doc, emptyCentral, type Held, KEPT_TICKS } from './central.ts';
import type { Gate } from './core-alone.ts';
import { eventSamples, failures, request, resultSamples } from './events.ts';
import type { Move, Place, Walk } from './machine-walk.ts';
import { scope } from './requests.ts';
import type { Model, Step } from './search.ts';

/** What the core does one step after the other. `live`: the machine still waits for it. */
export interface Job {
  readonly visit: number;
  readonly work: EffectName | 'open staff' | 'open customer';
  readonly step: number;
  readonly live: boolean;
  /** Entries written for the decision under way. */
  readonly entries: number;
}

export interface World {
  readonly power: 'on' | 'off' | 'refuses';
  readonly place: Place;
  /** Number of the visit that runs or ran last. */
  readonly visit: number;
  readonly staff: '' | 'A' | 'B';
  readonly holder: 'both' | 'staff' | 'customer';
  // What the core holds of the visit.
  readonly alive: boolean;
  /** The visit whose customer's window the signature came from; 0 for none. */
  readonly ink: number;
  readonly consent: '' | 'signed' | 'accepted';
  /** When the consent was signed by the counter's clock, and the policy it names. */
  readonly signedAt: number;
  readonly policy: number;
  readonly metadata: boolean;
  readonly content: boolean;
  /** Keys put into a visit that is over: must stay 0. */
  readonly risen: number;
  readonly closed: number;
  /** The visit whose kept records this one has opened; 0 for none. */
  readonly opened: number;
  readonly jobs: readonly Job[];
  // Visits whose keys the windows hold; 0 for none.
  readonly staffWindow: number;
  readonly customerWindow: number;
  // On the disk.
  readonly begun: string;
  readonly outbox: string;
  readonly signed: string;
  readonly log: 'whole' | 'cut' | 'altered' | 'condemned';
  readonly highest: number;
  /** The visit whose records are kept, or being sealed; 0 for none. One case is enough. */
  readonly keptOf: number;
  /** `ending`: its key is written over. */
  readonly keptDisk: '' | 'sealed' | 'kept' | 'ending';
  /** The log has it as kept. */
  readonly keptLogged: boolean;
  /** When it was signed, by the counter's clock. */
  readonly keptAt: number;
  /** Somebody has made a copy of its files. */
  readonly copied: boolean;
  // On the wire: what was ever sent or answered may come again.
  readonly asked: string;
  readonly answered: string;
  readonly acceptances: string;
  readonly heard: string;
  // Central and time, in ticks; one tick is as long as a consent lives.
  readonly central: Central;
  readonly now: number;
  readonly skew: number;
  readonly trusted: boolean;
  readonly crashes: number;
}

/** What happened, for properties and traces. */
export interface Happening {
  readonly name: string;
  readonly visit?: number;
  readonly event?: VisitEvent;
  readonly entries?: number;
  readonly said?: string;
}

/** What the adversary and the world can do in a search besides sending anything at any time. */
export type Power =
  | 'crash'
  | 'disk'
  | 'clock'
  | 'time'
  | 'policy'
  | 'revoke'
  | 'withdraw'
  | 'staff'
  | 'handover'
  | 'copy';
export interface Bounds {
  readonly name: string;
  readonly visits: number;
  readonly crashes: number;
  readonly ticks: number;
  /** Activities of the core at one time. */
  readonly jobs: number;
  /** Keeping is ticked; `before`: a case is kept already, and its customer comes back. */
  readonly keeps?: 'now' | 'before';
  readonly powers: readonly Power[];
}

/** Protections of the core that a mutant leaves out, by name. */
export const protections = [
  'alive checked before keys are kept',
  'acceptance verified',
  'answer checked against this consent',
  'entry written before the answer is released',
  'entry of a denial written',
  'keys destroyed at the end',
  'customer window wiped at the end',
  'staff window wiped at the end',
  'content destroyed when the customer has finished',
  'keys looked at again after the entry',
  'consent asked for before keys are handed out',
  'consent ended at central after a crash',
  'signature taken from this visit only',
  'condemned log takes no entry',
  'altered log refuses the start',
  'highest policy version kept',
  'expiry watched when the visit is finished',
  'withdrawal ends the visit',
  'own visit only for the staff layer',
  'a case is made by a follow-up only',
  'what is sealed goes with its visit',
  'what was sealed and is no case is destroyed at start',
  'what the log does not have as kept is destroyed at start',
  'central asked before what is kept is opened',
  'case looked at again before it is opened',
  'what is kept is destroyed at its date',
  'withdrawal destroys what is kept',
  'keeping taken back destroys what is kept',
] as const;
export type Protection = (typeof protections)[number];

const letters = (text: string, add: number) => (text.includes(String(add)) ? text : `${text}${add}`);
const without = (text: string, gone: string) => text.replace(gone, '');

/** Which plane asks for an event; the rest are the core's own. */
export const planes = {
  staff: ['CANCEL', 'RETRY', 'ACKNOWLEDGE', 'CLOSE', 'WITNESS'],
  customer: [
    'ACCEPT',
    'NOT_MY_NUMBER',
    'REFUSE',
    'NOTICE_PAGE',
    'NOTICE_READ',
    'PROVE',
    'RESEND_CODE',
    'ANSWER',
    'TICK',
    'BACK',
    'FINISH',
    'KEEP_NOTHING',
    'STOP',
    'RETRY',
  ],
} as const satisfies Record<string, readonly VisitEvent['type'][]>;

const sampleOf = (type: VisitEvent['type'], keeps: boolean): readonly VisitEvent[] => {
  const all: readonly VisitEvent[] = eventSamples[type];
  if (type === 'TICK') return keeps ? all.slice(4) : all.slice(1, 2);
  // The clerk may say that the case is done.
  if (type === 'CLOSE' && keeps) return all;
  // One of each: what values change is searched on the machine by itself.
  return all.slice(0, 1);
};
/** Searched in every test run: each gives the adversary other powers, all of them every message and window. */
const bound = (name: string, powers: readonly Power[], more: Partial<Bounds> = {}): Bounds => ({
  name,
  visits: 1,
  crashes: 0,
  ticks: 0,
  jobs: 1,
  powers,
  ...more,
});
export const usualBounds: readonly Bounds[] = [
  bound('two activities at once', [], { jobs: 2 }),
  bound('withdrawal elsewhere', ['withdraw'], { jobs: 2 }),
  bound('clocks and expiry', ['clock', 'time'], { ticks: 1 }),
  bound('policy and revocation', ['policy', 'revoke']),
  bound('crash, full disk, altered log', ['crash', 'disk'], { crashes: 1 }),
  bound('staff come and go, one display', ['staff', 'handover']),
  bound('two visits', [], { visits: 2 }),
  bound('two visits, a new policy between', ['policy'], { visits: 2 }),
  bound('kept for a case', [], { keeps: 'now' }),
  bound('kept for a case, crash', ['crash', 'disk'], { keeps: 'now', crashes: 1 }),
  bound('kept for a case, withdrawal', ['withdraw'], { keeps: 'now' }),
  bound('kept before', [], { keeps: 'before', visits: 2, jobs: 2 }),
  bound('kept before, withdrawal', ['withdraw'], { keeps: 'before', visits: 2, jobs: 2 }),
  bound('kept before, clocks and dates', ['clock', 'time'], { keeps: 'before', visits: 2, ticks: 3 }),
  bound('kept before, crash, files put back', ['crash', 'copy'], { keeps: 'before', visits: 2, crashes: 2 }),
  bound('kept before, revoked, staff', ['revoke', 'staff'], { keeps: 'before', visits: 2 }),
];
/** For the soak: powers together, two crashes, two ticks, two visits. */
export const deepBounds: readonly Bounds[] = [
  bound('withdrawal, expiry, two activities', ['withdraw', 'clock', 'time'], { ticks: 2, jobs: 2 }),
  bound('crashes and policies', ['crash', 'disk', 'policy'], { crashes: 2, jobs: 2 }),
  bound('crash, withdrawal, revocation', ['crash', 'withdraw', 'revoke'], { crashes: 1, jobs: 2 }),
  bound('two visits, two activities, crash', ['crash'], { visits: 2, crashes: 1, jobs: 2 }),
  bound('staff, one display, expiry', ['staff', 'handover', 'time'], { ticks: 1, jobs: 2 }),
  bound('kept, and come back for', ['withdraw', 'crash'], { keeps: 'now', visits: 2, crashes: 1, jobs: 2 }),
  bound('kept before, everything', ['withdraw', 'crash', 'copy', 'clock', 'time', 'disk'], {
    ...{ keeps: 'before', visits: 2, crashes: 2, ticks: 3, jobs: 2 },
  }),
];

const prepared = {
  ...resultSamples.prepare[0],
  pageCounts: { 'zh-CN': { normal: 1, large: 1 }, en: { normal: 1, large: 1 } },
};
const result = (effect: EffectName): unknown => (effect === 'prepare' ? prepared : resultSamples[effect][0]);

export interface Parts {
  readonly walk: Walk;
  readonly central: CentralRules;
  readonly gate: Gate;
  /** A real visit's secrets, for the gate. */
  readonly secrets: VisitSecrets;
  readonly without?: Protection;
}

// The same objects every time, see machine-walk.ts.
const START: VisitEvent = { type: 'START', sessionId: 's', staffId: 'A', request };
const SIGN: VisitEvent = { type: 'SIGN' };
const BACK = eventSamples.START[1] ?? START;
const EXPIRE = eventSamples.EXPIRE[0] ?? SIGN;
const WITHDRAWN = eventSamples.WITHDRAWN[0] ?? SIGN;
const KEPT_NO_MORE = eventSamples.PURPOSES_WITHDRAWN[1] ?? SIGN;
const lost = failures.find((one) => one instanceof Failure && one.error.kind === 'held-ended');
const HOUR = 3_600_000;
const EPOCH = Date.parse(scope.expiresAt);

export function whole(parts: Parts, bounds: Bounds): Model<World, Happening> {
  const { walk, central: rules, gate, secrets } = parts;
  const { powers } = bounds;
  const can = (power: Power) => powers.includes(power);
  const handover = can('handover');
  const guarded = (name: Protection) => parts.without !== name;
  const passes = (skew: number, until: number) =>
    createClock(
      () => EPOCH + skew * HOUR,
      () => 0,
    ).hasPassed(EPOCH + until * HOUR);
  /** The real gate, asked once for each answer it can give. */
  const gates = new Map<string, boolean>();
  const allows = (world: World, what: keyof Gate): boolean => {
    const { consent, now, skew, signedAt, opened, keptAt } = world;
    const left = signedAt + 1 - (now + skew);
    const keptLeft = keptAt + KEPT_TICKS - (now + skew);
    const key = `${what} ${consent} ${left} ${opened !== 0} ${keptLeft}`;
    const known = gates.get(key);
    if (known !== undefined) return known;
    const at = (ticks: number) => new Date(EPOCH + ticks * HOUR).toISOString();
    const record = {
      header: { recordId: 'c' },
      scope: { ...scope, expiresAt: at(left), ...(opened === 0 ? {} : { heldUntil: at(keptLeft) }) },
    };
    secrets.consent =
      consent === '' ? undefined : ({ record, accepted: consent === 'accepted' } as VisitSecrets['consent']);
    secrets.kept = opened === 0 ? undefined : { caseId: 'k', read: async () => [] };
    let allowed = true;
    try {
      gate[what](
        secrets,
        request,
        createClock(
          () => EPOCH,
          () => 0,
        ),
      );
    } catch {
      allowed = false;
    }
    gates.set(key, allowed);
    return allowed;
  };
  const docOf = (world: World, visit: number): Doc => ({
    name: `${visit} ${world.signedAt} ${world.policy}`,
    id: visit,
    nonce: visit,
    staff: 'A',
    signer: 0,
    policy: world.policy,
    at: world.signedAt,
    scope,
    keeps: world.place.context.grants?.keep === true || bounds.keeps === 'before',
  });

  /** The machine has moved: effects start, those left behind run on unheard. */
  function enter(world: World, move: Move): World {
    const { place } = move;
    const left = place.effect?.id !== world.place.effect?.id || move.starts !== undefined;
    let jobs = left
      ? world.jobs.map((job) => (job.work.startsWith('open') ? job : { ...job, live: false }))
      : world.jobs;
    // A step of closing that was taken is not taken again.
    const step = move.starts === 'closeVisit' ? world.closed : 0;
    if (move.starts)
      jobs = [...jobs, { visit: world.visit, work: move.starts, step, live: true, entries: 0 }];
    const ink = guarded('signature taken from this visit only') ? 0 : world.ink;
    const over =
      place.phase === 'idle'
        ? { alive: false, ink, consent: '' as const, metadata: false, content: false, opened: 0 }
        : {};
    return { ...world, ...over, place, jobs };
  }
  const send = (world: World, event: VisitEvent): World | undefined => {
    const move = walk.send(world.place, event);
    return move.taken ? enter(world, move) : undefined;
  };
  const replace = (world: World, job: Job, next?: Partial<Job>): World => ({
    ...world,
    jobs: world.jobs.flatMap((one) => (one === job ? (next ? [{ ...job, ...next }] : []) : [one])),
  });
  /** A job has ended: the machine hears of it if it still waits. */
  const done = (world: World, job: Job, output?: unknown): World => {
    const rest = replace(world, job);
    return job.live && job.visit === world.visit
      ? enter(rest, walk.done(world.place, output ?? result(job.work as EffectName)))
      : rest;
  };
  const failed = (world: World, job: Job, error: unknown = failure): World => {
    const rest = replace(world, job);
    return job.live && job.visit === world.visit ? enter(rest, walk.failed(world.place, error)) : rest;
  };
  const isPast = ({ now, skew, keptAt }: World) => passes(now + skew, keptAt + KEPT_TICKS);
  /** The visit that runs has sealed it, or was begun for it: whose end brings entry and evidence. */
  const isLent = ({ place, alive, jobs, keptOf, visit }: World) =>
    place.phase !== 'idle' &&
    place.phase !== 'ended' &&
    (alive || jobs.some(({ work }) => work === 'closeVisit')) &&
    (keptOf === visit || place.context.kept?.again === true);
  /** The key is written over: from here on nothing of it opens, and who has it open loses it. */
  const ends = ({ keptDisk, opened, metadata, content }: World): Partial<World> =>
    keptDisk === ''
      ? {}
      : { keptDisk: 'ending', metadata: metadata && opened === 0, content: content && opened === 0 };
  const ending = (world: World): World => ({ ...world, ...ends(world) });
  /** Entry and evidence are there, and nothing else of it. */
  const reported = ({ outbox, keptOf }: World): Partial<World> => ({
    keptDisk: '',
    keptLogged: false,
    outbox: `${outbox}v${keptOf}`,
  });
  /** Appends an entry, or fails. */
  const appends = ({ log }: World) => log !== 'condemned' || !guarded('condemned log takes no entry');
  const isOver = (world: World, job: Job) => job.visit !== world.visit || !world.alive;

  type Made = Step<World, Happening>;
  const make = (name: string, next: World, more: Omit<Happening, 'name'> = {}): Made => ({
    act: { name, ...more },
    next,
  });

  function* jobSteps(world: World, job: Job): Generator<Made> {
    const { visit } = job;
    const go = (step: number, change: Partial<World> = {}, entries = job.entries): World => ({
      ...replace(world, job, { step, entries }),
      ...change,
    });
    switch (job.work) {
      case 'lookUp':
        yield* lookUpSteps(world, job, go);
        return;
      case 'submitConsent':
        if (job.step === 0) {
          if (world.consent !== '') yield make('consent held', go(2), { visit });
          else if (!appends(world)) yield make('no entry', failed(world, job), { visit });
          else if (world.ink !== 0)
            yield make('consent-signed logged', go(1, { signed: letters(world.signed, visit) }), { visit });
          else yield make('no signature', failed(world, job), { visit });
        } else if (job.step === 1) {
          if (isOver(world, job)) yield make('too late', replace(world, job), { visit });
          else
            yield make('consent built', go(2, { consent: 'signed', signedAt: world.now + world.skew }), {
              visit,
            });
        } else if (job.step === 2) {
          const outbox = world.outbox.includes(`c${visit}`) ? world.outbox : `${world.outbox}c${visit}`;
          yield make('consent in the outbox', go(3, { outbox }), { visit });
        } else if (job.step === 4) {
          if (isOver(world, job)) yield make('too late', replace(world, job), { visit });
          else yield make('acceptance taken', done({ ...world, consent: 'accepted' }, job), { visit });
        }
        return;
      case 'wipeContent':
        yield* wipeSteps(world, job, go);
        return;
      case 'reopen':
        yield* reopenSteps(world, job, go);
        return;
      case 'closeVisit':
        yield* closeSteps(world, job, go);
        return;
      case 'open staff':
      case 'open customer':
        yield* openSteps(world, job, go);
        return;
      case 'prepare': {
        if (isOver(world, job)) return yield make('too late', replace(world, job), { visit });
        if (world.central.policy >= world.highest) {
          const policy = world.central.policy;
          yield make('policy fetched', done({ ...world, policy, highest: policy }, job), { visit });
        }
        // An old policy, replayed.
        const old = world.central.policy - 1;
        if (old >= 1 && (old >= world.highest || !guarded('highest policy version kept'))) {
          yield make('policy fetched', done({ ...world, policy: old, highest: old }, job), { visit });
        }
        return yield make('failed', failed(world, job), { visit, said: 'failed' });
      }
      default:
        // One question to central, one entry: what is between them is told by the lookup.
        if (isOver(world, job)) yield make('too late', replace(world, job), { visit });
        else if (appends(world)) yield make(`${job.work} done`, done(world, job), { visit });
        yield make('failed', failed(world, job), { visit, said: 'failed' });
    }
  }

  function* wipeSteps(world: World, job: Job, go: Go): Generator<Made> {
    const { visit, step } = job;
    const { grants, kept } = world.place.context;
    const keeps = grants?.keep === true && !kept;
    // What a visit has begun to seal and cannot finish goes at once.
    const cleared = (): World =>
      world.keptOf === visit && !world.keptLogged ? { ...world, keptDisk: '', keptOf: 0 } : world;
    if (step === 0) {
      const content = guarded('content destroyed when the customer has finished') ? false : world.content;
      yield make('content destroyed', go(1, { content }), { visit });
    } else if (step === 1) {
      if (keeps && !isOver(world, job))
        yield make('customer window wiped', go(2, { customerWindow: 0 }), { visit });
      else yield make('customer window wiped', done({ ...world, customerWindow: 0 }, job), { visit });
      yield make('wipe failed', failed(world, job), { visit, said: 'failed' });
    } else if (isOver(world, job)) {
      yield make('too late', replace(cleared(), job), { visit });
    } else if (step === 2) {
      const held = world.central.consents[visit];
      const live = held !== undefined && held !== 'ended early' && held.state === 'live';
      // Central gives the pages while the consent lives, and the core asks under no other.
      if (live && allows(world, 'lookup'))
        yield make('sealed', go(3, { keptDisk: 'sealed', keptOf: visit, keptAt: world.signedAt }), { visit });
      yield make('sealing failed', failed(world, job), { visit, said: 'failed' });
    } else if (appends(world)) {
      const logged = { ...world, keptLogged: true };
      yield make('records-held logged', done(logged, job, resultSamples.wipeContent[1]), { visit });
    } else yield make('no entry', failed(cleared(), job), { visit });
  }

  function* reopenSteps(world: World, job: Job, go: Go): Generator<Made> {
    const { visit, step } = job;
    const { keptOf, central } = world;
    const current = () => world.keptDisk === 'kept' && !isPast(world);
    if (step === 0) {
      if (!isOver(world, job) && current()) yield make('kept asked for', go(1), { visit: keptOf });
      else yield make('kept refused by the core', go(8), { visit: keptOf });
      if (!guarded('central asked before what is kept is opened'))
        yield make('central not asked', go(2), { visit: keptOf });
    } else if (step === 1) {
      const { said } = rules.reopen(central, { device: 0, staff: 'A', now: world.now }, keptOf, true);
      if (said === 'answered') yield make('central says it may be opened', go(2), { visit: keptOf, said });
      // What central says may not be opened any more is destroyed.
      else if (said === 'consent-expired')
        yield make('central says it may not', go(8, ends(world)), { visit: keptOf, said });
      else yield make('central says no', go(9), { visit: keptOf, said });
      yield make('answer lost', go(9), { visit: keptOf, said: 'failed' });
    } else if (step === 2) {
      if (isOver(world, job)) yield make('too late', replace(world, job), { visit });
      else if (appends(world)) yield make('held-opened logged', go(3, {}, job.entries + 1), { visit });
      else yield make('no entry', failed(world, job), { visit });
    } else if (step === 3) {
      const may = current() || !guarded('case looked at again before it is opened');
      if (isOver(world, job)) yield make('too late', replace(world, job), { visit });
      else if (may) {
        const held = { metadata: true, content: true, consent: 'accepted' as const, opened: keptOf };
        const next = done({ ...world, ...held, signedAt: world.keptAt }, job, resultSamples.reopen[0]);
        yield make('kept opened', next, { visit: keptOf, entries: job.entries });
      } else yield make('kept refused by the core', go(8), { visit: keptOf });
    } else if (appends(world)) {
      const next = failed(world, job, step === 8 ? lost : failure);
      yield make('denial released', next, { visit, entries: job.entries + (job.entries === 0 ? 1 : 0) });
    } else yield make('no entry', failed(world, job), { visit });
  }

  function* lookUpSteps(world: World, job: Job, go: Go): Generator<Made> {
    const { visit } = job;
    const { step } = job;
    if (step === 0) {
      const may = !isOver(world, job) && allows(world, 'lookup');
      if (may) yield make('lookup sent', go(1, { asked: letters(world.asked, visit) }), { visit });
      else yield make('lookup refused by the core', go(9), { visit });
    } else if (step === 1) {
      if (world.answered.includes(String(visit))) yield make('answer arrives', go(2), { visit });
      const other = [...world.answered].some((one) => one !== String(visit));
      if (other && guarded('answer checked against this consent'))
        yield make('an old answer arrives', go(9), { visit });
      else if (other) yield make('an old answer arrives', go(2), { visit, said: 'taken' });
      yield make('answer lost', go(9), { visit, said: 'failed' });
    } else if (step === 2) {
      const early = !guarded('entry written before the answer is released');
      if (isOver(world, job) && guarded('alive checked before keys are kept'))
        yield make('too late', go(9), { visit });
      else if (early) yield make('entry forgotten', go(3), { visit });
      else if (appends(world)) yield make('lookup-answered logged', go(3, {}, job.entries + 1), { visit });
      else yield make('no entry', failed(world, job), { visit });
    } else if (step === 3) {
      if (!isOver(world, job)) {
        const held = { ...world, metadata: true, content: true };
        yield make('answer released', done(held, job), { visit, entries: job.entries });
      } else if (guarded('alive checked before keys are kept')) {
        yield make('too late', replace(world, job), { visit });
      } else yield make('keys kept', { ...replace(world, job), risen: visit }, { visit });
    } else if (!guarded('entry of a denial written')) {
      yield make('denial released', failed(world, job), { visit, entries: job.entries });
    } else if (appends(world)) {
      yield make('denial released', failed(world, job), { visit, entries: job.entries + 1 });
    } else yield make('no entry', failed(world, job), { visit });
  }

  /** What becomes of the case that the visit has sealed, or was begun for. */
  function settled(world: World): 'none' | 'kept' | 'stays' | 'ends' {
    const { place, keptOf, visit } = world;
    const isFresh = keptOf === visit && keptOf !== 0;
    if (!isFresh && place.context.kept?.again !== true) return 'none';
    const { is } = holdingAfter(place.context);
    if (is === 'none') return 'ends';
    if (is === 'ends' && isFresh && !guarded('a case is made by a follow-up only')) return 'kept';
    if (is === 'ends' && isFresh && !guarded('what is sealed goes with its visit')) return 'none';
    return is;
  }

  function* closeSteps(world: World, job: Job, go: Go): Generator<Made> {
    const { visit } = job;
    const next = (name: string, change: Partial<World>): Made =>
      make(name, go(job.step + 1, { ...change, closed: job.step + 1 }), { visit });
    const keep = <T>(name: Protection, cleared: T, held: T): T => (guarded(name) ? cleared : held);
    const forced = make('wipe failed', failed(world, job), { visit, said: 'failed' });
    switch (job.step) {
      case 0: {
        const gone = 'keys destroyed at the end';
        yield next('keys destroyed', {
          ...(settled(world) === 'ends' ? ends(world) : {}),
          opened: 0,
          alive: false,
          ink: keep('signature taken from this visit only', 0, world.ink),
          consent: '',
          metadata: keep(gone, false, world.metadata),
          content: keep(gone, false, world.content),
        });
        return;
      }
      case 1:
        yield next('customer wiped', {
          customerWindow: keep('customer window wiped at the end', 0, world.customerWindow),
        });
        yield forced;
        return;
      case 2:
        yield next('staff wiped', {
          staffWindow: keep('staff window wiped at the end', 0, world.staffWindow),
        });
        yield forced;
        return;
      case 3: {
        const ends = world.signed.includes(String(visit)) && !world.outbox.includes(`e${visit}`);
        yield next('end in the outbox', ends ? { outbox: `${world.outbox}e${visit}` } : {});
        return;
      }
      case 4: {
        const becomes = settled(world);
        if (becomes === 'kept' && world.keptDisk === 'sealed') {
          yield make('made a case', go(job.step, { keptDisk: 'kept' }), { visit });
        } else if (!appends(world)) yield make('no entry', failed(world, job), { visit });
        else if (becomes === 'none') yield next('keys-destroyed logged', {});
        else if (world.keptDisk === 'kept') yield next('held-closed logged', {});
        else if (world.keptLogged) yield next('held end logged', reported(world));
        else yield next('keys-destroyed logged', {});
        return;
      }
      default:
        if (appends(world)) {
          const after = { ...world, begun: without(world.begun, String(visit)), closed: 0 };
          yield make('session-ended logged', done(after, job), { visit });
        } else yield make('no entry', failed(world, job), { visit });
    }
  }

  function* openSteps(world: World, job: Job, go: Go): Generator<Made> {
    const { visit } = job;
    const ofStaff = job.work === 'open staff';
    const held = () => visit === world.visit && (ofStaff ? world.metadata : world.content);
    if (job.step === 0) {
      if (appends(world)) yield make('layer-opened logged', go(1, {}, 1), { visit });
      else yield make('no entry', replace(world, job), { visit });
    } else if ((held() && allows(world, 'reading')) || !guarded('keys looked at again after the entry')) {
      const given = ofStaff ? { staffWindow: visit } : { customerWindow: visit };
      yield make(
        `keys for ${ofStaff ? 'staff' : 'the customer'}`,
        { ...replace(world, job), ...given },
        { visit, entries: job.entries },
      );
    } else yield make('too late', replace(world, job), { visit });
  }

  /** What windows ask for. */
  function* windowSteps(world: World): Generator<Made> {
    const { staff, holder, place, visit } = world;
    if (
      staff !== '' &&
      place.phase === 'idle' &&
      visit < bounds.visits &&
      !world.alive &&
      staff === 'A' &&
      appends(world)
    ) {
      const move = walk.send(place, START);
      if (move.taken && !(bounds.keeps && visit > 0)) {
        const ink = guarded('signature taken from this visit only') ? 0 : world.ink;
        const fresh = {
          visit: visit + 1,
          alive: true,
          ink,
          consent: '' as const,
          signedAt: 0,
          policy: 0,
          closed: 0,
          opened: 0,
        };
        const begun = letters(world.begun, visit + 1);
        yield make('START', enter({ ...world, ...fresh, begun }, move), { visit: visit + 1 });
        // The entry is written, then the power goes.
        if (can('crash') && world.crashes < bounds.crashes)
          yield make('crash at START', crash({ ...world, begun, visit: visit + 1 }));
      }
    }
    if (staff === 'A' && place.phase === 'idle' && !world.alive && visit < bounds.visits && appends(world)) {
      const move = walk.send(place, BACK);
      if (world.keptDisk === 'kept' && !isPast(world) && move.taken) {
        const begun = letters(world.begun, visit + 1);
        const fresh = { visit: visit + 1, alive: true, ink: 0, consent: '' as const, signedAt: 0, closed: 0 };
        const next = enter({ ...world, ...fresh, policy: 0, opened: 0, begun }, move);
        yield make('START for what is kept', next, { visit: visit + 1 });
      }
    }
    const mine = place.phase === 'idle' || place.context.staffId === staff;
    for (const type of planes.staff) {
      if (staff === '' || ((type === 'RETRY' || type === 'WITNESS') && !mine)) continue;
      yield* events(world, type, 'staff');
    }
    if (holder !== 'staff') {
      for (const type of planes.customer) yield* events(world, type, 'customer');
      if (walk.send(place, SIGN).taken && world.alive) {
        const ink = world.ink !== 0 && !guarded('signature taken from this visit only') ? world.ink : visit;
        const next = send({ ...world, ink }, SIGN);
        if (next) yield make('customer: SIGN', next, { visit, event: SIGN });
      }
    }
    if (world.jobs.length >= bounds.jobs) return;
    const open = (work: Job['work']): World => ({
      ...world,
      jobs: [...world.jobs, { visit, work, step: 0, live: false, entries: 0 }],
    });
    const may = allows(world, 'reading') || !guarded('consent asked for before keys are handed out');
    const own = mine || !guarded('own visit only for the staff layer');
    if (staff !== '' && own && world.alive && world.metadata && may)
      yield make('staff: openMetadata', open('open staff'), { visit });
    if (world.alive && world.content && may)
      yield make('customer: openRecords', open('open customer'), { visit });
  }
  function* events(world: World, type: VisitEvent['type'], plane: string): Generator<Made> {
    for (const event of sampleOf(type, bounds.keeps !== undefined)) {
      // The customer takes keeping back: the key goes before anything else is heard of it.
      const before = type === 'KEEP_NOTHING' && isLent(world) ? ending(world) : world;
      const next = send(before, event);
      if (next) yield make(`${plane}: ${type}`, next, { visit: world.visit, event });
    }
  }

  /** What the core does by itself, and what arrives. */
  function* coreSteps(world: World): Generator<Made> {
    const { visit, central } = world;
    const from = { device: 0, staff: world.staff, now: world.now };
    // Presence: silence where the customer is waited for.
    if (waitsForCustomer(world.place.phase) && world.holder !== 'staff')
      yield* events(world, 'ABANDON', 'core');
    const until = world.opened === 0 ? world.signedAt + 1 : world.keptAt + KEPT_TICKS;
    if (world.consent !== '' && passes(world.now + world.skew, until)) {
      const next = send(world, EXPIRE);
      if (next) yield make('core: EXPIRE', next, { visit });
      else if (world.metadata && guarded('expiry watched when the visit is finished'))
        yield make('core: expired', { ...world, metadata: false, content: false, staffWindow: 0 }, { visit });
    }
    yield* keptSteps(world);
    for (let one = 1; one <= visit; one++) {
      const id = String(one);
      const job = world.jobs.find(
        ({ work, visit: of, step }) => work === 'submitConsent' && of === one && step === 3,
      );
      const held = central.consents[one];
      if (world.outbox.includes(`c${one}`) && world.staff === 'A' && one === visit && world.consent !== '') {
        const { central: next, said } = rules.submit(central, from, docOf(world, one));
        const sent = { ...world, central: next };
        const kept = job ? failed(sent, job) : sent;
        const item = without(world.outbox, `c${one}`);
        if (said === 'accepted') {
          const known = { ...sent, acceptances: letters(world.acceptances, one) };
          yield make(
            'acceptance lost',
            { ...kept, acceptances: letters(world.acceptances, one) },
            { visit: one, said: 'failed' },
          );
          if (appends(world)) {
            const taken = { ...known, outbox: item };
            yield make('consent-accepted logged', job ? replace(taken, job, { step: 4 }) : taken, {
              visit: one,
            });
          }
        } else if (appends(world)) {
          yield make(
            `consent refused: ${said}`,
            job ? failed({ ...sent, outbox: item }, job) : { ...sent, outbox: item },
            { visit: one, said },
          );
        }
        // The acceptance of another visit, replayed.
        const other = [...world.acceptances].some((accepted) => accepted !== id);
        if (job && other && !guarded('acceptance verified'))
          yield make('an old acceptance', replace(world, job, { step: 4 }), { visit: one });
        else if (job) yield make('consent not delivered', failed(world, job), { visit: one, said: 'failed' });
      }
      if (world.outbox.includes(`e${one}`) && !world.outbox.includes(`c${one}`)) {
        const { central: next } = rules.end(central, 0, one, 'ended');
        yield make(
          'end delivered',
          { ...world, central: next, outbox: without(world.outbox, `e${one}`) },
          { visit: one },
        );
        yield make('end delivered, answer lost', { ...world, central: next }, { visit: one });
      }
      if (world.asked.includes(id)) {
        // The token of whoever is signed in goes along; a message of an earlier visit may come late.
        const { central: next, said } = rules.lookup(
          central,
          { ...from, staff: 'A' },
          { lookupId: one, consentId: one, request, name: 'as signed' },
        );
        const answered = said === 'answered' ? letters(world.answered, one) : world.answered;
        if (next !== central || answered !== world.answered)
          yield make('central answers', { ...world, central: next, answered }, { visit: one, said });
      }
      if (
        held !== undefined &&
        held !== 'ended early' &&
        held.state === 'withdrawn' &&
        !world.heard.includes(id)
      ) {
        const heard = { ...world, heard: letters(world.heard, one) };
        const kept = world.keptOf === one && guarded('withdrawal destroys what is kept');
        const went = kept ? ending(heard) : heard;
        const has = one === visit || (world.keptOf === one && isLent(world));
        const mine = has && world.alive && guarded('withdrawal ends the visit');
        yield make('withdrawal heard', (mine ? send(went, WITHDRAWN) : undefined) ?? went, { visit: one });
      }
    }
    if (central.policy > world.policy && world.alive) yield* events(world, 'POLICY_CHANGED', 'core');
    const observed = hear(world, 0);
    if (can('clock') && (observed.skew !== world.skew || !world.trusted))
      yield make('central time heard', observed);
    const late = hear(world, -1);
    if (can('clock') && late.skew !== world.skew) yield make('an old central time heard', late);
    if (world.log === 'cut') yield make('logs compared', { ...world, log: 'condemned' });
    if (world.begun !== '' && !world.alive && appends(world)) {
      const left = [...world.begun].filter(
        (one) => world.signed.includes(one) && !world.outbox.includes(`e${one}`),
      );
      const ends = guarded('consent ended at central after a crash')
        ? left.map((one) => `e${one}`).join('')
        : '';
      yield make('left visits ended', { ...world, begun: '', outbox: `${world.outbox}${ends}` });
    }
  }
  /** What is kept goes at its date and when it is taken back; its end is logged and reported once no visit has it. */
  function* keptSteps(world: World): Generator<Made> {
    const { keptDisk, keptOf, central, visit } = world;
    const there = keptDisk === 'kept' || keptDisk === 'sealed';
    if (there && isPast(world) && guarded('what is kept is destroyed at its date')) {
      const gone = ending(world);
      const expired = world.place.context.kept?.again && world.alive ? send(gone, EXPIRE) : undefined;
      yield make('core: kept expired', expired ?? gone, { visit: keptOf });
    }
    const held = central.consents[keptOf];
    const taken = held !== undefined && held !== 'ended early' && held.keepTaken === true;
    if (taken && !world.heard.includes(`k${keptOf}`)) {
      const heard = { ...world, heard: `${world.heard}k${keptOf}` };
      const gone = guarded('keeping taken back destroys what is kept') ? ending(heard) : heard;
      const mine = world.alive && (keptOf === visit || isLent(world));
      yield make('keeping withdrawal heard', (mine ? send(gone, KEPT_NO_MORE) : undefined) ?? gone, {
        visit: keptOf,
      });
    }
    if (keptDisk === 'ending' && !isLent(world) && appends(world))
      yield make('held end logged', { ...world, ...reported(world) }, { visit: keptOf });
    if (world.outbox.includes(`v${keptOf}`) && keptOf !== 0) {
      const { central: next } = rules.erase(central, 0, keptOf);
      const outbox = without(world.outbox, `v${keptOf}`);
      yield make('evidence delivered', { ...world, central: next, outbox }, { visit: keptOf });
      yield make('evidence delivered, answer lost', { ...world, central: next }, { visit: keptOf });
    }
  }

  /** Server time taken in by the real clock. */
  function hear(world: World, ago: number): World {
    const high = world.trusted ? { mark: EPOCH + world.skew * HOUR, keep: () => undefined } : undefined;
    const clock = createClock(
      () => EPOCH + world.skew * HOUR,
      () => 0,
      high,
    );
    clock.observe(EPOCH + ago * HOUR);
    return { ...world, skew: Math.round((clock.now() - EPOCH) / HOUR), trusted: true };
  }

  /** Who is not of the counter: the subject elsewhere, the operator, time, the clerk's hands, power and disk. */
  function* worldSteps(world: World): Generator<Made> {
    const { central, visit } = world;
    for (let one = 1; one <= visit; one++) {
      const held = central.consents[one];
      if (!can('withdraw') || held === undefined || held === 'ended early') continue;
      const isKept = world.keptOf === one && !held.erased && held.state !== 'withdrawn';
      if (held.state === 'live' || isKept)
        yield make(
          'withdrawn elsewhere',
          { ...world, central: rules.end(central, 0, one, 'withdrawn').central },
          { visit: one },
        );
      if (bounds.keeps && held.doc.keeps && !held.keepTaken && !held.erased && held.state !== 'withdrawn')
        yield make(
          'keeping taken back elsewhere',
          { ...world, central: rules.stopKeeping(central, one) },
          { visit: one },
        );
    }
    if (can('policy') && central.policy === 1)
      yield make('new policy', { ...world, central: rules.publish(central, 2) });
    if (can('revoke') && central.revoked.length === 0)
      yield make('counter revoked', { ...world, central: { ...central, revoked: [0] } });
    if (world.now < bounds.ticks) yield make('time passes', { ...world, now: world.now + 1 });
    if (can('copy') && world.keptDisk === 'kept' && !world.copied)
      yield make('files copied', { ...world, copied: true });
    if (world.power !== 'on') return;
    if (world.staff === '')
      for (const staff of can('staff') ? (['A', 'B'] as const) : (['A'] as const))
        yield make(`${staff} signs in`, { ...world, staff });
    else if (can('staff')) yield make('token expires', { ...world, staff: '' });
    if (handover && world.holder !== 'both') {
      const holder = world.holder === 'staff' ? 'customer' : 'staff';
      if (world.staff !== '') yield make(`display to ${holder}`, { ...world, holder });
    }
    if (world.crashes < bounds.crashes) {
      if (can('crash')) yield make('crash', crash(world));
      if (can('disk') && world.log === 'whole')
        yield make('disk full', { ...world, log: 'condemned', crashes: world.crashes + 1 });
    }
  }
  function crash(world: World): World {
    return {
      ...world,
      power: 'off',
      place: walk.initial,
      staff: '',
      holder: start.holder,
      alive: false,
      ink: 0,
      consent: '',
      metadata: false,
      content: false,
      risen: 0,
      closed: 0,
      opened: 0,
      jobs: [],
      staffWindow: 0,
      customerWindow: 0,
      // What cannot be written stays so: the reason lies on the disk.
      crashes: world.crashes + 1,
    };
  }
  function* bootSteps(world: World): Generator<Made> {
    if (can('disk') && world.log === 'whole' && world.visit > 0) {
      yield make('log altered', { ...world, log: 'altered' });
      yield make('log cut', { ...world, log: 'cut' });
    }
    if (world.copied && (world.keptDisk === '' || world.keptDisk === 'ending'))
      yield make('files put back', { ...world, keptDisk: 'kept', copied: false });
    if (world.log === 'altered' && guarded('altered log refuses the start'))
      yield make('start refused', { ...world, power: 'refuses' });
    else
      for (const skew of can('clock') ? [-1, 0, 1] : [0]) {
        // The machine's clock may have been set; a mark on the disk counts more.
        const known = world.trusted ? Math.max(0, skew) : skew;
        yield make(`start, clock ${skew}`, takeOver({ ...world, power: 'on', skew: known }));
      }
  }

  /** What a start makes of what it finds of a case. */
  function takeOver(world: World): World {
    const { keptDisk, keptLogged } = world;
    if (keptDisk === '') return world;
    if (!keptLogged) {
      const leftAlone =
        keptDisk === 'kept' && !guarded('what the log does not have as kept is destroyed at start');
      return leftAlone ? world : { ...world, keptDisk: '' };
    }
    if (keptDisk === 'sealed' && guarded('what was sealed and is no case is destroyed at start'))
      return ending(world);
    return keptDisk === 'kept' && isPast(world) ? ending(world) : world;
  }

  /** A case of the visit before: its consent has ended at central, its counter has it sealed. */
  const before = bounds.keeps === 'before';
  const kept1: Held = {
    state: 'ended',
    device: 0,
    doc: { name: '1 0 1', id: 1, nonce: 1, staff: 'A', signer: 0, policy: 1, at: 0, scope, keeps: true },
  };
  const start: World = {
    power: 'off',
    place: walk.initial,
    visit: before ? 1 : 0,
    staff: '',
    holder: handover ? 'staff' : 'both',
    alive: false,
    ink: 0,
    consent: '',
    signedAt: 0,
    policy: 0,
    metadata: false,
    content: false,
    risen: 0,
    closed: 0,
    opened: 0,
    jobs: [],
    staffWindow: 0,
    customerWindow: 0,
    begun: '',
    outbox: '',
    signed: before ? '1' : '',
    log: 'whole',
    highest: before ? 1 : 0,
    keptOf: before ? 1 : 0,
    keptDisk: before ? 'kept' : '',
    keptLogged: before,
    keptAt: 0,
    copied: false,
    asked: '',
    answered: '',
    acceptances: '',
    heard: '',
    central: before ? { ...emptyCentral, consents: { 1: kept1 } } : emptyCentral,
    now: 0,
    skew: 0,
    trusted: false,
    crashes: 0,
  };
  return {
    initial: start,
    key: keyOf,
    *steps(world) {
      if (world.power === 'off') yield* bootSteps(world);
      if (world.power === 'on') {
        for (const job of world.jobs) yield* jobSteps(world, job);
        for (const made of windowSteps(world)) if (made.next.jobs.length <= bounds.jobs) yield made;
        for (const made of coreSteps(world)) if (made.next.jobs.length <= bounds.jobs) yield made;
      }
      yield* worldSteps(world);
    },
    label: ({ name, visit, said }) =>
      `${name}${visit === undefined ? '' : ` (visit ${visit})`}${said ? `: ${said}` : ''}`,
  };
}
type Go = (step: number, change?: Partial<World>, entries?: number) => World;
const failure = new Error('failed');

function keyOf(world: World): string {
  const { place, jobs, central, ...rest } = world;
  let key = `${place.id}`;
  for (const value of Object.values(rest)) key += `|${value}`;
  for (const job of jobs) key += `;${job.visit}${job.work}${job.step}${job.live}${job.entries}`;
  key += `!${central.policy}${central.revoked.length}`;
  for (const [id, held] of Object.entries(central.consents)) {
    key +=
      held === 'ended early'
        ? `,${id}early`
        : `,${id}${held.state}${held.doc.name}${held.doc.keeps}${held.lookup !== undefined}${held.keepTaken}${held.erased}`;
  }
  return key;
}
