import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { HostEmitter, hostEvent, strict, strictClass, unavailable } from '../strict.ts';

describe('what the host lacks throws by its name', () => {
  it('on plain modules', async () => {
    const api = strict('shell', { beep: () => 1 });
    expect(api.beep()).toBe(1);
    expect(() => Reflect.get(api, 'openExternal')).toThrow(
      'chromium host: shell.openExternal is not implemented',
    );
    expect(() => Reflect.set(api, 'x', 1)).toThrow('setting shell.x');
    // Being awaited or serialised is not use.
    expect(await api).toBe(api);
    expect(JSON.stringify(api)).toBe('{}');
    expect(String(api)).toBe('[object Object]');
  });

  it('on emitters, and on events that never come', () => {
    class Thing extends HostEmitter {
      readonly known = 1;
      constructor() {
        super('Thing', ['ready']);
      }
    }
    const thing = new Thing();
    expect(thing).toBeInstanceOf(EventEmitter);
    expect(thing.known).toBe(1);
    expect(() => Reflect.get(thing, 'unknown')).toThrow('Thing.unknown');
    const heard: unknown[] = [];
    thing.once('ready', (value: unknown) => heard.push(value));
    thing.emit('ready', 5);
    thing.emit('ready', 6);
    expect(heard).toEqual([5]);
    expect(() => thing.on('never', () => undefined)).toThrow("Thing event 'never'");
    expect(() => thing.once('never', () => undefined)).toThrow("Thing event 'never'");
    expect(() => thing.addListener('never', () => undefined)).toThrow("Thing event 'never'");
  });

  it('on classes', () => {
    class Real {
      readonly known = 1;
      static make(): Real {
        return new Real();
      }
    }
    const Shown = strictClass('Real', Real);
    expect(new Shown()).toBeInstanceOf(Shown);
    expect(Shown.make().known).toBe(1);
    expect(() => Reflect.get(Shown, 'other')).toThrow('Real.other');
    const Tray = unavailable('Tray') as new () => object;
    expect(() => new Tray()).toThrow('chromium host: Tray is not implemented');
    expect(() => Reflect.get(Tray, 'x')).toThrow('Tray.x');
  });
});

it('an event can be prevented and keeps its details', () => {
  const event = hostEvent({ url: 'app://counter/' });
  expect(event.defaultPrevented).toBe(false);
  event.preventDefault();
  expect(event.defaultPrevented).toBe(true);
  expect(event.url).toBe('app://counter/');
});
