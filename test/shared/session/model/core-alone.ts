/**
 * The core's gate by itself: a machine that has gone mad asks at any time for anything. The real `requireConsent`
 * decides; what it must say is written down here without looking at it.
 */
import { createClock } from '../../../../electron/central/clock.ts';
import type { requireConsent } from '../../../../electron/gate/effects/look-up.ts';
import { type SignedConsent, VisitSecrets } from '../../../../electron/gate/visit-secrets.ts';
import { toAppError } from '../../../../shared/domain/errors.ts';
import { requests, scope } from './requests.ts';
import type { Model, Property } from './search.ts';

export type RequireConsent = typeof requireConsent;

export interface GateWorld {
  readonly consent: 'none' | 'signed' | 'accepted' | 'destroyed';
  /** Milliseconds to the end of the consent: 1, 0 or -1. */
  readonly left: number;
}
export type GateAct =
  | { readonly kind: 'sign' | 'accept' | 'destroy' | 'tick' }
  | { readonly kind: 'ask'; readonly what: string; readonly within: boolean; readonly said: string };

const expires = Date.parse(scope.expiresAt);

/** @param secrets a real visit's, whose consent is set as the state has it. */
export function coreAlone(require: RequireConsent, secrets: VisitSecrets): Model<GateWorld, GateAct> {
  const ask = (
    { consent, left }: GateWorld,
    request: (typeof requests)[number]['request'] | undefined,
  ): string => {
    const record = { header: { recordId: 'c' }, scope } as SignedConsent['record'];
    secrets.consent =
      consent === 'signed' || consent === 'accepted'
        ? ({ record, accepted: consent === 'accepted' } as SignedConsent)
        : undefined;
    try {
      const clock = createClock(
        () => expires - left,
        () => 0,
      );
      return require(secrets, request, clock).record === record ? 'allowed' : 'another';
    } catch (error) {
      return toAppError(error).kind;
    }
  };
  return {
    initial: { consent: 'none', left: 1 },
    key: ({ consent, left }) => `${consent} ${left}`,
    *steps(world) {
      if (world.consent === 'none') yield { act: { kind: 'sign' }, next: { ...world, consent: 'signed' } };
      if (world.consent === 'signed')
        yield { act: { kind: 'accept' }, next: { ...world, consent: 'accepted' } };
      yield { act: { kind: 'destroy' }, next: { ...world, consent: 'destroyed' } };
      if (world.left > -1) yield { act: { kind: 'tick' }, next: { ...world, left: world.left - 1 } };
      for (const { what, within, request } of requests) {
        yield { act: { kind: 'ask', what, within, said: ask(world, request) }, next: world };
      }
      yield {
        act: { kind: 'ask', what: 'nothing', within: false, said: ask(world, undefined) },
        next: world,
      };
    },
    label: (act) => JSON.stringify(act),
  };
}

/** Secrets of a visit, for {@link coreAlone}. */
export const someSecrets = () => VisitSecrets.create(crypto.randomUUID());

export const gateProperties: readonly Property<GateWorld, GateAct>[] = [
  {
    id: 1,
    title:
      'the core lets a lookup out exactly under an accepted, living consent that covers it; a refusal has its name',
    applies: (_, act) => act.kind === 'ask',
    holds: ({ consent, left }, act) =>
      act.kind === 'ask' &&
      act.said !== 'internal' &&
      (act.said === 'allowed') === (consent === 'accepted' && left > 0 && act.within),
  },
  {
    id: 4,
    title: 'the core lets nothing out of scope out',
    applies: ({ consent, left }, act) =>
      act.kind === 'ask' && !act.within && consent === 'accepted' && left > 0,
    holds: (_, act) => act.kind === 'ask' && act.said !== 'allowed',
  },
  {
    id: 14,
    title: 'at the instant of expiry and after it the core says no',
    applies: ({ left }, act) => act.kind === 'ask' && left <= 0,
    holds: (_, act) => act.kind === 'ask' && act.said !== 'allowed',
  },
];
