import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';

// A small app for the contract tests; what it sees is kept in globalThis.seen, which the tests read.
const here = import.meta.dirname;
const seen = [];
globalThis.seen = seen;
globalThis.sameModule = createRequire(import.meta.url)('electron').app === app;

const PAGES = {
  '/': ['text/html; charset=utf-8', () => readFileSync(path.join(here, 'page.html'))],
  '/frame.html': ['text/html; charset=utf-8', () => '<!doctype html><title>frame</title><p>frame</p>'],
  '/page.js': ['text/javascript', () => readFileSync(path.join(here, 'page.js'))],
  '/worker.js': ['text/javascript', () => readFileSync(path.join(here, 'worker.js'))],
  '/part.js': ['text/javascript', () => 'export const part = 42;'],
  '/page.css': ['text/css', () => 'h1 { color: rgb(1, 2, 3); }'],
  '/big': ['application/octet-stream', () => Buffer.alloc(5 * 1024 * 1024, 7)],
  '/download': [
    'application/octet-stream',
    () => 'bytes',
    { 'content-disposition': 'attachment; filename="a.bin"' },
  ],
  '/away': ['text/plain', () => '', { location: 'app://counter/?redirected' }, 302],
};
const CSP =
  "default-src 'self'; style-src 'self'; frame-src 'self' app://other; worker-src 'self'; connect-src *; img-src * blob:";

async function answer(request) {
  const url = new URL(request.url);
  if (url.pathname === '/echo') {
    const body = Buffer.from(await request.arrayBuffer());
    return Response.json({
      url: request.url,
      method: request.method,
      origin: request.headers.get('origin'),
      length: body.length,
      sum: body.reduce((sum, byte) => (sum + byte) % 65_521, 0),
    });
  }
  const page = PAGES[url.pathname];
  if (!page) return new Response('not found', { status: 404 });
  const [type, body, headers = {}, status = 200] = page;
  return new Response(status === 200 ? body() : null, {
    status,
    headers: { 'content-type': type, 'content-security-policy': CSP, ...headers },
  });
}

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

ipcMain.handle('echo', (_event, value) => value);
ipcMain.handle('drop', () => undefined);
ipcMain.handle('push', ({ sender }) => sender.send('pushed', 'pushed'));
ipcMain.handle('fail', () => {
  throw new TypeError('on purpose');
});
ipcMain.handle('who', ({ senderFrame, sender }) => ({
  url: senderFrame.url,
  origin: senderFrame.origin,
  isTop: senderFrame === sender.mainFrame,
  hasParent: senderFrame.parent !== null,
  window: BrowserWindow.fromWebContents(sender).getTitle(),
}));
ipcMain.on('note', (event, value) => {
  seen.push(['note', value]);
  event.reply('noted', value);
});

app.on('web-contents-created', (_event, contents) => {
  contents.setWindowOpenHandler(({ url }) => {
    seen.push(['open', url]);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event, url) => {
    seen.push(['will-navigate', url]);
    if (!url.startsWith('app://counter/')) event.preventDefault();
  });
  contents.on('will-redirect', (_event2, url) => seen.push(['will-redirect', url]));
});
app.on('window-all-closed', () => app.quit());

if (app.commandLine.hasSwitch('lock') && !app.requestSingleInstanceLock()) app.quit();
app.whenReady().then(async () => {
  for (const [title, partition] of [
    ['staff', 'persist:staff'],
    ['customer', 'persist:customer'],
  ]) {
    const own = session.fromPartition(partition);
    own.protocol.handle('app', answer);
    own.on('will-download', (event, item) => {
      seen.push(['will-download', item.getFilename()]);
      event.preventDefault();
    });
    const window = new BrowserWindow({
      title,
      width: 900,
      height: 700,
      webPreferences: {
        partition,
        preload: path.join(here, 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegrationInSubFrames: true,
      },
    });
    await window.loadURL(`app://counter/?${title}`);
  }
});
