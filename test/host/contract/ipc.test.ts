import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start } from './host.ts';

let running: Running;
beforeAll(async () => {
  running = await start();
});
afterAll(() => running.stop());

describe('invoke', () => {
  it('carries every kind of value both ways', async () => {
    const kinds = await running.staff.evaluate(async () => {
      const cyclic: Record<string, unknown> = { name: 'c' };
      cyclic.self = cyclic;
      const value = {
        text: '知情',
        none: undefined,
        nil: null,
        nan: Number.NaN,
        minusZero: -0,
        far: Number.POSITIVE_INFINITY,
        big: 2n ** 70n,
        date: new Date(86_400_000),
        map: new Map<unknown, unknown>([[1, new Set(['x'])]]),
        bytes: new Uint8Array([0, 255, 1]),
        buffer: new Uint16Array([1, 2]).buffer,
        floats: new Float64Array([1.5]),
        pattern: /a+/giu,
        error: new RangeError('far'),
        list: [1, [2, [3]]],
        cyclic,
      };
      const back = (await window.api.invoke('echo', value)) as typeof value;
      return {
        text: back.text,
        none: 'none' in back && back.none === undefined,
        nil: back.nil,
        nan: Number.isNaN(back.nan),
        minusZero: Object.is(back.minusZero, -0),
        far: back.far === Number.POSITIVE_INFINITY,
        big: back.big === 2n ** 70n,
        date: back.date instanceof Date && back.date.getTime(),
        map: back.map instanceof Map && (back.map.get(1) as Set<string>).has('x'),
        bytes: back.bytes instanceof Uint8Array && [...back.bytes],
        buffer: back.buffer instanceof ArrayBuffer && [...new Uint16Array(back.buffer)],
        floats: back.floats instanceof Float64Array && back.floats[0],
        pattern: String(back.pattern),
        error: back.error instanceof RangeError && back.error.message,
        list: back.list,
        cyclic: back.cyclic.self === back.cyclic,
      };
    });
    expect(kinds).toEqual({
      text: '知情',
      none: true,
      nil: null,
      nan: true,
      minusZero: true,
      far: true,
      big: true,
      date: 86_400_000,
      map: true,
      bytes: [0, 255, 1],
      buffer: [1, 2],
      floats: 1.5,
      pattern: '/a+/giu',
      error: 'far',
      list: [1, [2, [3]]],
      cyclic: true,
    });
  });

  it("rejects with Electron's words", async () => {
    const message = (channel: string): Promise<string> =>
      running.staff.evaluate(
        (name) => window.api.invoke(name).then(String, (error: Error) => error.message),
        channel,
      );
    expect(await message('fail')).toBe("Error invoking remote method 'fail': TypeError: on purpose");
    expect(await message('nowhere')).toBe(
      "Error invoking remote method 'nowhere': Error: No handler registered for 'nowhere'",
    );
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    "finds no handler in the name '%s'",
    async (name) => {
      const message = running.staff.evaluate(
        (channel) => window.api.invoke(channel).then(String, String),
        name,
      );
      expect(await message).toContain(`No handler registered for '${name}'`);
    },
  );

  it('refuses what cannot be cloned', async () => {
    const message = running.staff.evaluate(() =>
      window.api.invoke('echo', { promise: Promise.resolve(1) }).then(String, String),
    );
    await expect(message).rejects.toThrow('could not be cloned');
  });
});

describe('events', () => {
  it('reach a page by webContents.send and a listener by send, and reply', async () => {
    const { app, staff } = running;
    await staff.evaluate(() => {
      const heard: unknown[] = [];
      const stop = window.api.subscribe((value) => heard.push(value));
      Object.assign(window, { heard, stop });
    });
    await app.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'staff');
      window?.webContents.send('pushed', { n: 1n });
    });
    await expect.poll(() => staff.evaluate(() => Reflect.get(window, 'heard').length)).toBe(1);
    expect(await staff.evaluate(() => Reflect.get(window, 'heard')[0].n === 1n)).toBe(true);
    await staff.evaluate(() => Reflect.get(window, 'stop')());
    await staff.evaluate(() => window.api.send('note', new Date(5)));
    await expect.poll(async () => (await running.seenNow()).length).toBe(1);
  });
});

describe('contextBridge', () => {
  it('gives frozen copies, functions, promises and errors', async () => {
    const seen = await running.staff.evaluate(async () => {
      const { api } = window;
      const rejected = await api.reject().catch((error: Error) => `${error.name}: ${error.message}`);
      let raised = '';
      try {
        api.raise();
      } catch (error) {
        raised = (error as Error).message;
      }
      return {
        version: api.version,
        doubled: api.nested.double(21),
        list: api.nested.list,
        frozen: Object.isFrozen(api) && Object.isFrozen(api.nested) && Object.isFrozen(api.nested.list),
        fixed: Reflect.set(window, 'api', 1),
        rejected,
        raised,
        electron: api.versions.electron,
        same: api.same({ deep: new Map([['k', 1]]) }) instanceof Object,
        stopIsFunction: typeof api.subscribe(() => undefined),
      };
    });
    expect(seen).toMatchObject({
      version: 7,
      doubled: 42,
      list: [1, 2, 3],
      frozen: true,
      fixed: false,
      rejected: 'RangeError: refused',
      raised: 'raised',
      electron: '45.4.1-chromium-host',
      same: true,
      stopIsFunction: 'function',
    });
  });

  it('hides the preload and Node from the page', async () => {
    const names = await running.staff.evaluate(() =>
      ['require', 'process', 'module', 'ipcRenderer', '__zhiqingSend', '__zhiqingReceive'].filter(
        (n) => n in window,
      ),
    );
    expect(names).toEqual([]);
  });

  it('names what a preload may not use', async () => {
    const message = running.staff.evaluate(() => {
      try {
        return String(window.api.missing());
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(await message).toBe('chromium host: ipcRenderer.sendSync is not implemented');
  });

  it('does not show its event to a callback, nor its traffic to a page that patches the DOM', async () => {
    const leaks = await running.customer.evaluate(async () => {
      const leaked: string[] = [];
      const note = (event: Event | undefined): void => {
        if (event?.type.startsWith('zq')) leaked.push(event.type);
      };
      const detail = Object.getOwnPropertyDescriptor(CustomEvent.prototype, 'detail')?.get;
      Object.defineProperty(CustomEvent.prototype, 'detail', {
        get(this: CustomEvent) {
          note(this);
          return detail?.call(this);
        },
      });
      for (const target of [Document.prototype, EventTarget.prototype]) {
        const send = EventTarget.prototype.dispatchEvent;
        target.dispatchEvent = function (this: EventTarget, event: Event) {
          note(event);
          return send.call(this, event);
        };
      }
      const mapGet = Map.prototype.get;
      Map.prototype.get = () => leaked.push('Map.prototype.get') as never;
      await window.api.invoke('echo', 1);
      await new Promise<void>((resolve) => {
        window.api.subscribe(() => {
          note(window.event);
          resolve();
        });
        void window.api.invoke('push');
      });
      Map.prototype.get = mapGet;
      return leaked;
    });
    expect(leaks).toEqual([]);
  });

  it.each(['constructor', '__proto__', 'nested.constructor.constructor'])(
    'gives nothing for the forged path %s',
    async (path) => {
      const found = await running.staff.evaluate((steps) => {
        const end = steps.split('.').reduce<unknown>((at, key) => Reflect.get(Object(at), key), window.api);
        // Whatever a prototype gives is the page's own, never the preload's world.
        return typeof end === 'function' && end !== Object && end !== Function;
      }, path);
      expect(found).toBe(false);
    },
  );
});

describe('the sender', () => {
  it('is the top frame of its own window', async () => {
    const who = { origin: 'app://counter', isTop: true, hasParent: false };
    const ask = (): Promise<unknown> => window.api.invoke('who');
    expect(await running.staff.evaluate(ask)).toEqual({
      ...who,
      url: 'app://counter/?staff',
      window: 'staff',
    });
    expect(await running.customer.evaluate(ask)).toEqual({
      ...who,
      url: 'app://counter/?customer',
      window: 'customer',
    });
  });

  it.each([
    ['of the same origin', 'https://counter.staff.internal/frame.html', 'app://counter'],
    ['of another host', 'https://other.staff.internal/frame.html', 'app://other'],
  ])('in an iframe %s is not the top frame', async (_name, src, origin) => {
    const { staff } = running;
    await staff.evaluate((url) => {
      document.querySelector('iframe')?.remove();
      document.body.append(Object.assign(document.createElement('iframe'), { src: url }));
    }, src);
    await expect.poll(() => staff.frames().some((frame) => frame.url() === src)).toBe(true);
    const frame = staff.frames().find((one) => one.url() === src);
    await frame?.waitForLoadState();
    expect(await frame?.evaluate(() => window.api.invoke('who'))).toEqual({
      url: `${origin}/frame.html`,
      origin,
      isTop: false,
      hasParent: true,
      window: 'staff',
    });
  });
});
