/** The counter's core. An ordered list of setups and nothing else; listeners stand before windows. */
import './lockdown/refuse-argv.ts';
import { join } from 'node:path';
import { app, dialog, screen as displays, Menu, protocol, safeStorage, session } from 'electron';
import { type Core, startCore } from './core.ts';
import { createGateway } from './ipc/gateway.ts';
import { channelServer } from './ipc/raw.ts';
import { denyCertificates } from './lockdown/certificates.ts';
import { assertChecklist } from './lockdown/checklist.ts';
import { guardCrashes } from './lockdown/crash.ts';
import { Desk } from './lockdown/desk.ts';
import { denyDownloads } from './lockdown/downloads.ts';
import { denyFeatures, denyPeers } from './lockdown/features.ts';
import { denyKeys } from './lockdown/keys.ts';
import { denyNavigation } from './lockdown/navigation.ts';
import { partitionOf, planes, SCHEME } from './lockdown/origins.ts';
import { denyPermissions } from './lockdown/permissions.ts';
import { denyForeignRequests } from './lockdown/requests.ts';
import { onWake } from './lockdown/wake.ts';
import { planeHandler } from './protocol/handler.ts';
import { registerScheme } from './protocol/scheme.ts';
import { findFiles } from './protocol/static-files.ts';
import { readSettings } from './settings.ts';
import { StartRefusal } from './start-refusal.ts';
import { openKeyStore } from './vault/key-store.ts';
import { openVault } from './vault/vault.ts';

const here = import.meta.dirname;
const shell = `electron ${process.versions.electron}`;

// Crashes, before anything can.
const guard = guardCrashes((code) => app.exit(code));

// Chromium: its scheme, no menu, no certificate of the system's, no page weaker than ours.
registerScheme(protocol);
Menu.setApplicationMenu(null);
denyCertificates(app);
denyFeatures(app);
app.on('web-contents-created', (_event, contents) => assertChecklist(contents));

// One counter a profile: a second one would write into the same log.
if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(refuse);
else app.exit(0);

function refuse(error: unknown): void {
  if (!(error instanceof StartRefusal)) return void guard.crash(error);
  process.stderr.write(`${error.zh}\n${error.en}\n`);
  dialog.showErrorBox('知情台无法启动 / Zhiqing cannot start', `${error.zh}\n\n${error.en}`);
  app.exit(1);
}

async function start(): Promise<void> {
  const userData = app.getPath('userData');
  const settings = readSettings(userData);
  const vault = await openVault(userData, await openKeyStore(safeStorage, process.platform));

  // Sessions, which deny everything before a window uses them.
  const sessions = {
    staff: session.fromPartition(partitionOf('staff')),
    customer: session.fromPartition(partitionOf('customer')),
  };
  for (const plane of planes) {
    denyPermissions(sessions[plane]);
    denyDownloads(sessions[plane]);
    denyForeignRequests(sessions[plane], plane);
  }

  // The gateway, before windows can speak.
  let core: Core | undefined;
  const gateway = createGateway({
    server: channelServer,
    onDenied: async (plane, command) => core?.refusals.denied(plane, command),
    onRefused: async (plane, command, refusal) => core?.refusals.refused(plane, command, refusal),
    onUnexpected: (plane, command, error) =>
      process.stderr.write(`${plane} ${command}: ${error.kind} ${error.detail ?? ''}\n`),
  });

  // Where the windows will stand; then the core, which tells them their views.
  const desk = new Desk({
    app,
    displays,
    preloads: join(here, 'preload'),
    setting: settings.displays,
    sessions,
    onLost: () => app.quit(),
  });
  core = await startCore({
    userData,
    settings,
    vault,
    version: app.getVersion(),
    shell,
    mode: desk.mode,
    customerWindow: desk,
    force: (plane) => desk.force(plane),
    emit: {
      staff: (name, payload) => gateway.emit('staff', name, payload),
      customer: (name, payload) => gateway.emit('customer', name, payload),
    },
  });
  const running = core;
  guard.setAudit(running.audit);
  gateway.serve('staff', running.handlers.staff);
  gateway.serve('customer', running.handlers.customer);
  desk.follow(running.screen);
  onWake(() => running.woke());
  // The end: an open visit is closed, then everything else; once, however often it is asked for.
  let ending = false;
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (ending) return;
    ending = true;
    void running.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
  app.on('second-instance', () => desk.show(running.screen.current));

  // Windows last: each with its rules on before its page is loaded.
  const opened = desk.open((plane, window) => {
    denyNavigation(window.webContents, plane);
    denyKeys(window.webContents, plane);
    denyPeers(window.webContents);
    gateway.admit(plane, window.webContents);
    window.on('closed', () => gateway.dismiss(plane));
    const handler = planeHandler(plane, {
      files: findFiles(join(here, 'renderer'), plane),
      sealedPages: (pages) => running.sealedPages({ plane, ...pages }),
      report: running.report,
    });
    sessions[plane].protocol.handle(SCHEME, handler);
  });
  try {
    await opened;
    await running.endLeftVisits();
    desk.show(running.screen.current);
  } catch (error) {
    // Told to end while its pages were loading: they fail with their windows, and that is no crash.
    if (ending) return;
    throw error;
  }
}
