/** Central alone, with bare counters that speak to it directly: hostile software, stolen keys, other halls. */
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import type { ApiName } from '../../../shared/protocol/api.ts';
import { type Central, startCentral } from '../../central/service.ts';
import { type Answer, asProblem, type CallInput, type TestCounter } from '../../central/tests/client.ts';
import { openCounter } from '../../central/tests/visit.ts';
import {
  type Attack,
  type Family,
  type Foothold,
  gotThrough,
  type Refusal,
  type Rule,
  refused,
  type Step,
  withoutEffect,
} from '../attack.ts';
import { centralState } from '../scene.ts';

export interface Service {
  readonly central: Central;
  /** The honest counter, a clerk signed in. */
  readonly counter: TestCounter;
  /** Another one of the same hall, another clerk signed in. */
  readonly other: TestCounter;
  now(): number;
  /** Moves central's clock. */
  advance(ms: number): void;
}

/** A family against central. Its clock starts now and moves only forward. */
export function centralFamily(name: string, steps: (service: Service) => Promise<readonly Step[]>): Family {
  return {
    name,
    open: async () => {
      let offset = 0;
      const now = () => Date.now() + offset;
      const central = await startCentral({ heavyMessages: 10, now });
      try {
        const service: Service = {
          central,
          counter: await openCounter(central, 'counter-0001'),
          other: await openCounter(central, 'counter-0002', { id: '1025', pin: '135791' }),
          now,
          advance: (ms) => {
            offset += ms;
          },
        };
        return { steps: await steps(service), close: () => central.close() };
      } catch (error) {
        await central.close();
        throw error;
      }
    },
  };
}

/** What a problem document says; another kind than expected is not the refusal that was asked for. */
export function judge(answer: Answer, kinds: readonly ErrorKind[]): Refusal {
  if (answer.status < 300)
    return gotThrough(`HTTP ${answer.status} ${answer.body.toString('utf8').slice(0, 100)}`);
  const { kind, detail, status } = asProblem(answer);
  const words = `HTTP ${status} ${kind}${detail === undefined ? '' : ` (${detail})`}`;
  return kinds.includes(kind) ? refused(words) : gotThrough(`refused for another reason: ${words}`);
}

export interface Call<N extends ApiName> {
  foothold: Foothold;
  id: string;
  rule: Rule;
  kinds: readonly ErrorKind[];
  by: TestCounter;
  name: N;
  /** Made when it is tried: some need what another attempt has left. */
  input: () => Promise<CallInput<N>> | CallInput<N>;
}

/** A call to central as an attack that leaves central as it was. */
export function call<N extends ApiName>(
  { central }: Pick<Service, 'central'>,
  { foothold, id, rule, kinds, by, name, input }: Call<N>,
): Attack {
  return {
    id,
    foothold,
    rule,
    try: async () => {
      const given = await input();
      return withoutEffect(
        () => centralState(central),
        async () => judge(await by.raw(name, given), kinds),
      );
    },
  };
}
