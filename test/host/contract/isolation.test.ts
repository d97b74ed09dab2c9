import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageOf, type Running, start } from './host.ts';

let running: Running;
let server: Server;
let reached = 0;
let outside = '';
beforeAll(async () => {
  // Anything that gets out of Chromium would be heard here.
  server = createServer((_request, response) => {
    reached++;
    response.end('outside');
  });
  server.on('connection', () => reached++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  outside = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  running = await start();
});
afterAll(async () => {
  await running.stop();
  server.close();
});

const refused = (page: Page, url: string): Promise<string> =>
  page.evaluate(
    (address) =>
      fetch(address).then(
        () => 'answered',
        () => 'refused',
      ),
    url,
  );

describe('partitions', () => {
  it('have origins and storage of their own', async () => {
    await running.staff.evaluate(() => localStorage.setItem('secret', 'staff'));
    expect(await running.customer.evaluate(() => localStorage.getItem('secret'))).toBeNull();
    expect(await running.staff.evaluate(() => location.origin)).not.toBe(
      await running.customer.evaluate(() => location.origin),
    );
  });

  it("cannot load each other's addresses", async () => {
    const { staff, customer } = running;
    expect(await refused(customer, 'https://counter.staff.internal/big')).toBe('refused');
    expect(await refused(customer, '/big')).toBe('answered');
    const url = customer.url();
    await customer.evaluate(() => location.assign('https://counter.staff.internal/'));
    await expect
      .poll(() => running.seenNow())
      .toContainEqual(['will-navigate', 'https://counter.staff.internal/']);
    expect(customer.url()).toBe(url);
    const worker = await staff.evaluate(() => {
      const source =
        "fetch('https://counter.customer.internal/big').then(() => postMessage('answered'), () => postMessage('refused'))";
      const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
      return new Promise((resolve) => {
        const made = new Worker(blob);
        made.onmessage = (event) => resolve(event.data);
        made.onerror = () => resolve('not started');
      });
    });
    expect(worker).not.toBe('answered');
  });

  it('in memory are contexts of their own', async () => {
    const page = running.app.waitForEvent('window');
    await running.app.evaluate(async ({ BrowserWindow, session }) => {
      const own = session.fromPartition('guest');
      own.protocol.handle(
        'app',
        () => new Response('<p>guest', { headers: { 'content-type': 'text/html' } }),
      );
      await new BrowserWindow({ webPreferences: { partition: 'guest' } }).loadURL('app://counter/');
    });
    const guest = await page;
    expect(await guest.locator('p').textContent()).toBe('guest');
    expect(await running.app.evaluate(({ session }) => session.fromPartition('guest').isPersistent())).toBe(
      false,
    );
    expect(await refused(guest, 'https://counter.staff.internal/big')).toBe('refused');
    await guest.close();
  });
});

describe('Chromium enforces', () => {
  it("the handler's content security policy", async () => {
    const seen = await running.staff.evaluate(() => [
      Reflect.get(window, 'inlineRan'),
      Reflect.get(window, 'part'),
    ]);
    expect(seen).toEqual([undefined, 42]);
    expect(
      await running.staff.evaluate(() => getComputedStyle(document.querySelector('h1') as Element).color),
    ).toBe('rgb(1, 2, 3)');
  });

  it('that nothing leaves the app', async () => {
    const { staff } = running;
    for (const url of [
      `http://${outside}/`,
      'https://evil.example/',
      'http://localhost/',
      'file:///etc/passwd',
    ]) {
      expect(await refused(staff, url)).toBe('refused');
    }
    const socket = await staff.evaluate(
      (address) =>
        new Promise((resolve) => {
          const made = new WebSocket(`ws://${address}/`);
          made.onopen = () => resolve('open');
          made.onerror = () => resolve('refused');
        }),
      outside,
    );
    expect(socket).toBe('refused');
    const image = await staff.evaluate(
      (address) =>
        new Promise((resolve) => {
          const made = new Image();
          made.onload = () => resolve('loaded');
          made.onerror = () => resolve('refused');
          made.src = `http://${address}/x.png`;
        }),
      outside,
    );
    expect(image).toBe('refused');
    expect(reached).toBe(0);
  });

  it('that permissions are denied', async () => {
    const states = await running.staff.evaluate(async () => {
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'clipboard-read',
        'midi',
        'local-fonts',
      ];
      const queried = names.map(
        async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
      );
      const media = navigator.mediaDevices
        .getUserMedia({ audio: true })
        .then(String, (error: Error) => error.name);
      const screen = navigator.mediaDevices.getDisplayMedia().then(String, (error: Error) => error.name);
      const place = new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('told'),
          (error) => resolve(error.code),
        ),
      );
      return {
        states: [...new Set(await Promise.all(queried))],
        media: await media,
        screen: await screen,
        place: await place,
      };
    });
    expect(states).toEqual({
      states: ['denied'],
      // A machine without a microphone says so first.
      media: expect.stringMatching(/^Not(Allowed|Found)Error$/),
      screen: 'NotAllowedError',
      place: 1,
    });
  });

  it.each(['usb', 'hid', 'serial', 'bluetooth'])('that there are no %s devices', async (kind) => {
    const answer = await running.staff.evaluate(async (name) => {
      const api = Reflect.get(navigator, name) as
        | { requestDevice?(o: object): Promise<unknown>; requestPort?(): Promise<unknown> }
        | undefined;
      if (!api) return 'absent';
      const asked = api.requestPort
        ? api.requestPort()
        : api.requestDevice?.({ filters: [], acceptAllDevices: true });
      return asked?.then(
        () => 'given',
        () => 'refused',
      );
    }, kind);
    expect(answer).not.toBe('given');
  });
});

describe('windows', () => {
  const forms: [string, () => unknown][] = [
    ['window.open', () => window.open('https://evil.example/')],
    ['window.open without an address', () => window.open()],
    ['a named window.open', () => window.open('/', 'counter', 'width=1,height=1')],
    ['window.open without an opener', () => window.open('https://evil.example/', '_blank', 'noopener')],
    [
      'a link to a new tab',
      () => Object.assign(document.createElement('a'), { href: '/', target: '_blank' }).click(),
    ],
    [
      'a form to a new tab',
      () => {
        const form = Object.assign(document.createElement('form'), { action: '/', target: 'other' });
        document.body.append(form);
        form.submit();
      },
    ],
    [
      "a fresh frame's window.open",
      () => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        frame.contentWindow?.open('https://evil.example/');
        frame.remove();
      },
    ],
  ];
  it.each(forms)('%s is told and denied', async (_name, open) => {
    await running.seenNow();
    await running.staff.evaluate(open);
    await expect.poll(async () => (await running.seenNow()).map(([kind]) => kind)).toContain('open');
    await expect.poll(() => running.app.windows().length).toBe(2);
    const count = await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect(count).toBe(2);
  });

  it('window.open gives null and window.print does nothing', async () => {
    expect(await running.staff.evaluate(() => [window.open('/'), window.print()])).toEqual([null, undefined]);
  });
});

describe('navigation', () => {
  it.each([
    'https://evil.example/',
    'http://localhost:1/',
    'file:///etc/passwd',
    'data:text/html,<p>evil',
    'javascript:document.body.remove()',
    'chrome://settings',
    'view-source:https://counter.staff.internal/',
    'about:blank#x',
  ])('to %s leaves the page where it is', async (url) => {
    const { staff } = running;
    const before = staff.url();
    await staff.evaluate((address) => {
      try {
        location.href = address;
      } catch {
        // Refused at once.
      }
    }, url);
    // Another navigation of the page would overtake one still on its way; an answer shows that it is alive.
    expect(await staff.evaluate(() => window.api.invoke('echo', 1))).toBe(1);
    expect(staff.url()).toBe(before);
    expect(await staff.locator('h1').textContent()).toBe('知情台');
  });

  it('back from the first page leads nowhere: the host’s own address is no entry', async () => {
    const { staff } = running;
    const session = await staff.context().newCDPSession(staff);
    const { entries } = await session.send('Page.getNavigationHistory');
    await session.detach();
    expect(entries.map(({ url }) => url)).toEqual([staff.url()]);
    await staff.evaluate(() => history.back());
    expect(await staff.evaluate(() => window.api.invoke('echo', 1))).toBe(1);
    expect(await staff.locator('h1').textContent()).toBe('知情台');
  });

  it('to a blob: is told and denied', async () => {
    const { staff } = running;
    await running.seenNow();
    const before = staff.url();
    await staff.evaluate(() => {
      location.href = URL.createObjectURL(new Blob(['<p>evil'], { type: 'text/html' }));
    });
    await expect.poll(async () => String(await running.seenNow())).toContain('will-navigate,blob:');
    expect(staff.url()).toBe(before);
  });

  it('that the app lets through goes on, redirects and reloads too', async () => {
    const { customer } = running;
    await running.seenNow();
    await customer.evaluate(() => location.assign('/away'));
    await customer.waitForURL('**/?redirected');
    const seen = await running.seenNow();
    expect(seen).toContainEqual(['will-navigate', 'app://counter/away']);
    expect(seen).toContainEqual(['will-redirect', 'app://counter/?redirected']);
    await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle() === 'customer')
        ?.loadURL('app://counter/?customer'),
    );
    await pageOf(running.app, 'customer');
    expect(await customer.evaluate(() => window.api.invoke('echo', 1))).toBe(1);
  });

  it('of the host to a foreign address rejects', async () => {
    const load = running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle() === 'customer')
        ?.loadURL('https://evil.example/'),
    );
    await expect(load).rejects.toThrow('ERR_BLOCKED_BY_CLIENT (-20)');
    await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle() === 'customer')
        ?.loadURL('app://counter/?customer'),
    );
    const customer = await pageOf(running.app, 'customer');
    expect(await customer.evaluate(() => window.api.invoke('echo', 2))).toBe(2);
  });
});

describe('downloads', () => {
  it.each([
    ['by header', () => Object.assign(document.createElement('a'), { href: '/download' }).click()],
    [
      'from a blob',
      () => {
        const href = URL.createObjectURL(new Blob(['x']));
        Object.assign(document.createElement('a'), { href, download: 'a.bin' }).click();
      },
    ],
  ])('%s are told and cancelled', async (_name, click) => {
    await running.seenNow();
    const cdp = await running.app.context().newCDPSession(running.staff);
    await cdp.send('Page.enable');
    const states: string[] = [];
    cdp.on('Page.downloadProgress', ({ state }) => states.push(state));
    await running.staff.evaluate(click);
    await expect.poll(() => states).toContain('canceled');
    expect(states).not.toContain('completed');
    await expect.poll(() => running.seenNow()).toContainEqual(['will-download', 'a.bin']);
  });
});

describe('the custom scheme', () => {
  it('serves module workers that fetch 5 MB', async () => {
    const message = await running.staff.evaluate(
      () =>
        new Promise((resolve) => {
          const worker = new Worker('/worker.js', { type: 'module' });
          worker.onmessage = (event) => resolve(event.data);
          worker.onerror = (event) => resolve(event.message);
        }),
    );
    expect(message).toEqual({ part: 42, length: 5 * 1024 * 1024, last: 7 });
  });

  it("hands a handler the method, the body and the app's own addresses", async () => {
    const echo = await running.staff.evaluate(async () => {
      const bytes = new Uint8Array(3 * 1024 * 1024).fill(2);
      return (await fetch('/echo?x=1', { method: 'POST', body: bytes })).json() as Promise<unknown>;
    });
    expect(echo).toEqual({
      url: 'app://counter/echo?x=1',
      method: 'POST',
      origin: 'app://counter',
      length: 3 * 1024 * 1024,
      sum: (3 * 1024 * 1024 * 2) % 65_521,
    });
    expect(await running.staff.evaluate(async () => (await fetch('/nothing')).status)).toBe(404);
  });
});
