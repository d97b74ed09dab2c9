import { describe, expect, it } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import { presenceMachine, waitsForCustomer } from '../../../shared/session/presence.ts';

function watch() {
  const clock = new SimulatedClock();
  const actor = createActor(presenceMachine, {
    clock,
    input: { idleMs: 60_000, lastCallMs: 20_000 },
  }).start();
  return { clock, actor, value: () => actor.getSnapshot().value };
}

describe('presence', () => {
  it('asks after 60 s without a touch, and gives up 20 s later', () => {
    const { clock, actor, value } = watch();
    actor.send({ type: 'WATCH' });
    clock.increment(59_999);
    expect(value()).toBe('here');
    clock.increment(1);
    expect(value()).toBe('asking');
    clock.increment(19_999);
    expect(value()).toBe('asking');
    clock.increment(1);
    expect(value()).toBe('gone');
  });
  it('begins anew with every touch, also at the last call', () => {
    const { clock, actor, value } = watch();
    actor.send({ type: 'WATCH' });
    clock.increment(50_000);
    actor.send({ type: 'TOUCH' });
    clock.increment(59_999);
    expect(value()).toBe('here');
    clock.increment(1);
    actor.send({ type: 'TOUCH' });
    expect(value()).toBe('here');
    clock.increment(60_000);
    clock.increment(20_000);
    expect(value()).toBe('gone');
    actor.send({ type: 'TOUCH' });
    expect(value()).toBe('gone');
  });
  it('waits for nobody when it is off', () => {
    const { clock, actor, value } = watch();
    actor.send({ type: 'TOUCH' });
    clock.increment(1_000_000);
    expect(value()).toBe('off');
    actor.send({ type: 'WATCH' });
    clock.increment(70_000);
    actor.send({ type: 'UNWATCH' });
    clock.increment(1_000_000);
    expect(value()).toBe('off');
  });
  it('is for phases in which the customer has to do something', () => {
    expect(waitsForCustomer('serving.signature')).toBe(true);
    expect(waitsForCustomer('serving.mark')).toBe(true);
    expect(waitsForCustomer('serving.submitting')).toBe(false);
    expect(waitsForCustomer('serving.followUp')).toBe(false);
    expect(waitsForCustomer('idle')).toBe(false);
  });
});
