/** What the core has its parts do for each other, where no part by itself could. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AuditDamage } from '../../electron/audit/damage.ts';
import type { Connection } from '../../electron/central/connection.ts';
import { CounterSession } from '../../electron/gate/counter-session.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { VisitEvent } from '../../shared/session/machine.ts';
import type { CentralDouble } from './properties/central-double.ts';
import { Counter, type Shared, shareKeys } from './properties/counter.ts';

vi.mock('../../electron/central/connection.ts', () => ({
  // Central is away.
  createConnection: (): Connection => {
    const away = async (): Promise<never> => {
      throw new Failure('central-unreachable');
    };
    return {
      call: away,
      events: away,
      identity: () => {
        throw new Failure('not-enrolled');
      },
      enrolled: false,
      trusted: [],
      lastAnswer: () => undefined,
      lastOutcome: () => undefined,
      onTurn: () => undefined,
      setToken: () => undefined,
      onTokenRefused: () => undefined,
      ready: async () => true,
      close: () => undefined,
    };
  },
}));

let shared: Shared;
beforeAll(async () => {
  shared = await shareKeys();
});
afterAll(() => shared.close());

describe('a condemned log', () => {
  it.each([
    ['stops a visit', (event: VisitEvent) => event.type === 'STOP', 0],
    ['ends one that cannot be stopped any more', () => false, 1],
  ])('%s', async (_, takes, ends) => {
    const counter = await Counter.open(shared, {} as CentralDouble);
    const sent = vi.spyOn(CounterSession.prototype, 'send').mockImplementation(takes);
    const ended = vi.spyOn(CounterSession.prototype, 'end').mockReturnValue(true);
    await counter.core.audit.condemn(new AuditDamage('central-proof', 'audit'));
    expect(sent).toHaveBeenCalledWith({ type: 'STOP' });
    expect(ended).toHaveBeenCalledTimes(ends);
    vi.restoreAllMocks();
    await counter.close();
  });
});
