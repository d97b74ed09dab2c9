import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start } from './host.ts';

let running: Running;
beforeAll(async () => {
  running = await start();
});
afterAll(() => running.stop());

const text = (pdf: string, ...options: string[]): string => {
  const { stdout, status } = spawnSync('pdftotext', [...options, pdf, '-'], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout;
};

describe('printToPDF', () => {
  it('gives Chinese text, page numbers and the size asked for', async () => {
    const base64 = await running.app.evaluate(async ({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'staff');
      if (!window) throw new Error('no window');
      await window.webContents.executeJavaScript(
        "document.body.insertAdjacentHTML('beforeend', '<p>短信内容</p>'.repeat(120)); undefined",
      );
      const pdf = await window.webContents.printToPDF({
        pageSize: 'A4',
        printBackground: true,
        displayHeaderFooter: true,
        headerTemplate: '<span></span>',
        footerTemplate:
          '<div style="font-size:9px;width:100%;text-align:center">第<span class="pageNumber"></span>页/共<span class="totalPages"></span>页</div>',
        margins: { top: 0.8, bottom: 0.8, left: 0.6, right: 0.6 },
        preferCSSPageSize: false,
        generateTaggedPDF: true,
      });
      return pdf.toString('base64');
    });
    const file = path.join(running.folder, 'report.pdf');
    await writeFile(file, Buffer.from(base64, 'base64'));
    const all = text(file, '-layout').replace(/\s+/g, '');
    expect(all).toContain('知情台');
    expect(all.match(/短信内容/g)).toHaveLength(120);
    expect(all).toMatch(/第1页\/共\d+页/);
    expect(all).toMatch(/第2页\/共\d+页/);
    const info = spawnSync('pdfinfo', [file], { encoding: 'utf8' }).stdout;
    expect(info).toMatch(/Page size:\s+595\.\d* x 841\.\d* pts \(A4\)/);
    expect(info).toMatch(/Tagged:\s+yes/);
  });

  it('names options that it lacks', async () => {
    const asked = running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.printToPDF({ silent: true } as object),
    );
    await expect(asked).rejects.toThrow('chromium host: printToPDF.silent is not implemented');
  });
});

describe('a window', () => {
  it('is found from its page and takes part in Playwright', async () => {
    const window = await running.app.browserWindow(running.staff);
    expect(await window.evaluate((one) => [one.getTitle(), one.isVisible(), one.isDestroyed()])).toEqual([
      'staff',
      true,
      false,
    ]);
    const shot = await running.staff.screenshot();
    expect(shot.subarray(1, 4).toString()).toBe('PNG');
    const captured = await window.evaluate(async (one) => {
      const image = await one.webContents.capturePage();
      return { size: image.getSize(), start: image.toPNG().subarray(1, 4).toString() };
    });
    expect(await running.staff.evaluate(() => navigator.language)).toBe('zh-CN');
    expect(captured.start).toBe('PNG');
    expect(captured.size.width).toBeGreaterThan(500);
    await running.staff.mouse.click(10, 10);
    await running.staff.touchscreen
      .tap(10, 10)
      .catch((error: Error) => expect(error.message).toContain('hasTouch'));
  });

  it('covers the display that it is put on, hides and shows', async () => {
    const { app, customer } = running;
    const window = await app.browserWindow(customer);
    await window.evaluate((one) => {
      one.setBounds({ x: 2000, y: 10, width: 800, height: 600 });
      one.setKiosk(true);
    });
    expect(await window.evaluate((one) => [one.isKiosk(), one.isFullScreen(), one.getBounds()])).toEqual([
      true,
      true,
      { x: 1920, y: 0, width: 1920, height: 1080 },
    ]);
    const size = (): Promise<number[]> => customer.evaluate(() => [screenX, innerWidth, innerHeight]);
    await expect.poll(size).toEqual([1920, 1920, 1080]);
    await window.evaluate((one) => one.hide());
    expect(await window.evaluate((one) => one.isVisible())).toBe(false);
    // Playwright emulates focus, so the page itself can't be asked.
    const cdp = await app.context().newCDPSession(customer);
    const state = async (): Promise<string | undefined> =>
      (await cdp.send('Browser.getWindowForTarget')).bounds.windowState;
    await expect.poll(state).toBe('minimized');
    await window.evaluate((one) => one.show());
    await expect.poll(state).toBe('fullscreen');
    await expect.poll(size).toEqual([1920, 1920, 1080]);
    expect(await window.evaluate((one) => [one.isVisible(), one.isFocused()])).toEqual([true, true]);
  });

  it('does not leave full screen, reload or open tools by keys', async () => {
    const { customer, app } = running;
    await customer.bringToFront();
    await customer.evaluate(() => Object.assign(window, { marked: true }));
    for (const key of [
      'F5',
      'F11',
      'F12',
      'Control+R',
      'Control+W',
      'Control+T',
      'Control+N',
      'Control+Shift+I',
    ]) {
      await customer.keyboard.press(key);
    }
    expect(await customer.evaluate(() => [Reflect.get(window, 'marked'), innerWidth])).toEqual([true, 1920]);
    expect(app.windows()).toHaveLength(2);
  });

  it('refuses what would weaken its renderer, and what is unknown', async () => {
    for (const [options, name] of [
      [{ webPreferences: { nodeIntegration: true } }, 'webPreferences.nodeIntegration: true'],
      [{ webPreferences: { contextIsolation: false } }, 'webPreferences.contextIsolation: false'],
      [{ webPreferences: { sandbox: false } }, 'webPreferences.sandbox: false'],
      [{ webPreferences: { enableBlinkFeatures: 'X' } }, 'webPreferences.enableBlinkFeatures'],
      [{ transparent: true }, 'BrowserWindow option transparent'],
    ] as const) {
      const made = running.app.evaluate(({ BrowserWindow }, given) => void new BrowserWindow(given), options);
      await expect(made).rejects.toThrow(`chromium host: ${name} is not implemented`);
    }
    expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(2);
  });
});

describe('screen', () => {
  it('tells of two displays, and of one', async () => {
    const displays = (one: Running): Promise<unknown> =>
      one.app.evaluate(({ screen }) => [
        screen.getAllDisplays().map(({ bounds, scaleFactor }) => ({ ...bounds, scaleFactor })),
        screen.getPrimaryDisplay().bounds.x,
        screen.getDisplayMatching({ x: 5000, y: 0, width: 10, height: 10 }).id ===
          screen.getPrimaryDisplay().id,
      ]);
    const full = { width: 1920, height: 1080, scaleFactor: 1 };
    expect(await displays(running)).toEqual([
      [
        { x: 0, y: 0, ...full },
        { x: 1920, y: 0, ...full },
      ],
      0,
      true,
    ]);
    const single = await start({ env: { ZHIQING_HOST_SCREENS: '1280x800' } });
    expect(await displays(single)).toEqual([
      [{ x: 0, y: 0, width: 1280, height: 800, scaleFactor: 1 }],
      0,
      true,
    ]);
    await single.stop();
  });

  it('tells when a display is taken away and plugged in', async () => {
    const one = await start();
    const told = await one.app.evaluate(async ({ screen }) => {
      const host: NodeJS.EventEmitter = process;
      const next = (event: 'display-added' | 'display-removed'): Promise<number> =>
        new Promise((resolve) =>
          screen.once(event as 'display-added', (_event, { bounds }) => resolve(bounds.x)),
        );
      const second = screen.getAllDisplays()[1];
      const removed = next('display-removed');
      host.emit('zhiqing-host:unplug-display', second?.id);
      const seen = [await removed, screen.getAllDisplays().length];
      const added = next('display-added');
      host.emit('zhiqing-host:plug-display', 1280, 720);
      return [...seen, await added, screen.getAllDisplays().length];
    });
    expect(told).toEqual([1920, 1, 1920, 2]);
    await one.stop();
  });
});

describe('what the host lacks throws by name in the app too', () => {
  it.each([
    ['app.dock', () => 'app', 'dock'],
    ['shell.openExternal', () => 'shell', 'openExternal'],
    ['Tray', () => 'Tray', 'x'],
    ['utilityProcess.fork', () => 'utilityProcess', 'fork'],
    ['desktopCapturer.getSources', () => 'desktopCapturer', 'getSources'],
    ['clipboard.readText', () => 'clipboard', 'readText'],
    ['session.foo', () => 'session', 'foo'],
    ['safeStorage.encryptString', () => 'safeStorage', 'encryptString'],
    ['BrowserWindow.addExtension', () => 'BrowserWindow', 'addExtension'],
    ['electron.inventedModule', () => 'inventedModule', 'x'],
  ])('%s', async (name, moduleName, key) => {
    const read = running.app.evaluate(
      (electron, [module, property]) =>
        Reflect.get(Reflect.get(electron, module) as object, property) === undefined,
      [moduleName(), key] as const,
    );
    await expect(read).rejects.toThrow(`chromium host: ${name}`);
  });

  it('and so do windows, contents and events', async () => {
    const named = await running.app.evaluate(({ app, BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0];
      const tries: (() => unknown)[] = [
        () => Reflect.get(window ?? {}, 'setOpacity'),
        () => Reflect.get(window?.webContents ?? {}, 'openDevTools'),
        () => Reflect.get(window?.webContents.session ?? {}, 'cookies'),
        () => app.on('invented' as 'ready', () => undefined),
      ];
      return tries.map((attempt) => {
        try {
          return String(attempt());
        } catch (error) {
          return (error as Error).message;
        }
      });
    });
    expect(named).toEqual([
      'chromium host: BrowserWindow.setOpacity is not implemented',
      'chromium host: webContents.openDevTools is not implemented',
      'chromium host: session.cookies is not implemented',
      "chromium host: app event 'invented' is not implemented",
    ]);
  });
});
