/**
 * The core's gate by itself: a machine that has gone mad asks at any time for anything. The real `requireConsent` and
 * `requireReading` decide; what they must say is written down here without looking at them.
 */
import { createClock } from '../../../../electron/central/clock.ts';
import type { requireConsent, requireReading } from '../../../../electron/gate/effects/look-up.ts';
import { type SignedConsent, VisitSecrets } from '../../../../electron/gate/visit-secrets.ts';
import { toAppError } from '../../../../shared/domain/errors.ts';
import { requests, scope } from './requests.ts';
import type { Model, Property } from './search.ts';

/** What lets a lookup out, and what lets a window read. */
export interface Gate {
  readonly lookup: typeof requireConsent;
  readonly reading: typeof requireReading;
}

const expires = Date.parse(scope.expiresAt);
const keptUntil = expires + 3_600_000;
/** Around the end of the consent, and around the date until which what was found is kept. */
const instants = [expires - 1, expires, expires + 1, keptUntil - 1, keptUntil, keptUntil + 1] as const;

export interface GateWorld {
  readonly consent: 'none' | 'signed' | 'accepted' | 'destroyed';
  /** Opened again in this visit: what was kept. With or without a date in the signed scope. */
  readonly kept: 'no' | 'dated' | 'undated';
  /** Which of {@link instants} it is. */
  readonly at: number;
}
export type GateAct =
  | { readonly kind: 'sign' | 'accept' | 'destroy' | 'tick' | 'open kept' | 'open undated' }
  | {
      readonly kind: 'ask';
      readonly gate: keyof Gate;
      readonly what: string;
      readonly within: boolean;
      readonly said: string;
    };

/** @param secrets a real visit's, whose consent is set as the state has it. */
export function coreAlone(gates: Gate, secrets: VisitSecrets): Model<GateWorld, GateAct> {
  const ask = (
    { consent, kept, at }: GateWorld,
    gate: keyof Gate,
    request: (typeof requests)[number]['request'] | undefined,
  ): string => {
    const signed = kept === 'dated' ? { ...scope, heldUntil: new Date(keptUntil).toISOString() } : scope;
    const record = { header: { recordId: 'c' }, scope: signed } as SignedConsent['record'];
    secrets.consent =
      consent === 'signed' || consent === 'accepted'
        ? ({ record, accepted: consent === 'accepted' } as SignedConsent)
        : undefined;
    secrets.kept = kept === 'no' ? undefined : { caseId: 'k', read: async () => [] };
    try {
      const clock = createClock(
        () => instants[at] ?? 0,
        () => 0,
      );
      return gates[gate](secrets, request, clock).record === record ? 'allowed' : 'another';
    } catch (error) {
      return toAppError(error).kind;
    } finally {
      secrets.kept = undefined;
    }
  };
  return {
    initial: { consent: 'none', kept: 'no', at: 0 },
    key: ({ consent, kept, at }) => `${consent} ${kept} ${at}`,
    *steps(world) {
      if (world.consent === 'none') yield { act: { kind: 'sign' }, next: { ...world, consent: 'signed' } };
      if (world.consent === 'signed')
        yield { act: { kind: 'accept' }, next: { ...world, consent: 'accepted' } };
      if (world.kept === 'no') {
        yield { act: { kind: 'open kept' }, next: { ...world, kept: 'dated' } };
        yield { act: { kind: 'open undated' }, next: { ...world, kept: 'undated' } };
      }
      yield { act: { kind: 'destroy' }, next: { ...world, consent: 'destroyed' } };
      if (world.at < instants.length - 1)
        yield { act: { kind: 'tick' }, next: { ...world, at: world.at + 1 } };
      for (const gate of ['lookup', 'reading'] as const) {
        for (const { what, within, request } of requests) {
          yield { act: { kind: 'ask', gate, what, within, said: ask(world, gate, request) }, next: world };
        }
        yield {
          act: { kind: 'ask', gate, what: 'nothing', within: false, said: ask(world, gate, undefined) },
          next: world,
        };
      }
    },
    label: (act) => JSON.stringify(act),
  };
}

/** Secrets of a visit, for {@link coreAlone}. */
export const someSecrets = () => VisitSecrets.create(crypto.randomUUID());

const isAsk = (act: GateAct, gate: keyof Gate): act is Extract<GateAct, { kind: 'ask' }> =>
  act.kind === 'ask' && act.gate === gate;
const instantOf = ({ at }: GateWorld) => instants[at] ?? 0;

export const gateProperties: readonly Property<GateWorld, GateAct>[] = [
  {
    id: 1,
    title:
      'the core lets a lookup out exactly under an accepted, living consent that covers it, and never for what is kept; a refusal has its name',
    applies: (_, act) => isAsk(act, 'lookup'),
    holds: (world, act) =>
      isAsk(act, 'lookup') &&
      act.said !== 'internal' &&
      (act.said === 'allowed') ===
        (world.consent === 'accepted' && instantOf(world) < expires && act.within && world.kept === 'no'),
  },
  {
    id: 4,
    title: 'the core lets nothing out of scope out, and nobody read it',
    applies: ({ consent }, act) => act.kind === 'ask' && !act.within && consent === 'accepted',
    holds: (_, act) => act.kind === 'ask' && act.said !== 'allowed',
  },
  {
    id: 14,
    title: 'at the instant of expiry and after it the core says no',
    applies: (world, act) => isAsk(act, 'lookup') && instantOf(world) >= expires,
    holds: (_, act) => act.kind === 'ask' && act.said !== 'allowed',
  },
  {
    id: 21,
    title:
      'windows read exactly under the consent that lives, or what was kept under one until the date that it states',
    applies: (_, act) => isAsk(act, 'reading'),
    holds: (world, act) => {
      const until = world.kept === 'no' ? expires : world.kept === 'dated' ? keptUntil : 0;
      const may = world.consent === 'accepted' && instantOf(world) < until;
      return (
        isAsk(act, 'reading') && act.said !== 'internal' && (act.said === 'allowed') === (may && act.within)
      );
    },
  },
];
