'use strict';
// What `import … from 'electron'` and `require('electron')` get in the app's main process.
// Node finds a CommonJS module's names for `import` by reading its text, hence one plain assignment each.
const { app } = require('./app.ts');
const { BrowserWindow } = require('./browser-window.ts');
const desktop = require('./desktop.ts');
const { ipcMain } = require('./ipc.ts');
const { safeStorage } = require('./safe-storage.ts');
const { screen } = require('./screen.ts');
const { session } = require('./session.ts');
const { strict, strictClass } = require('./strict.ts');
const { webContents } = require('./web-contents.ts');

exports.app = app;
exports.BrowserWindow = strictClass('BrowserWindow', BrowserWindow);
exports.crashReporter = desktop.crashReporter;
exports.dialog = desktop.dialog;
exports.globalShortcut = desktop.globalShortcut;
exports.ipcMain = ipcMain;
exports.Menu = desktop.Menu;
exports.nativeTheme = desktop.nativeTheme;
exports.powerMonitor = desktop.powerMonitor;
exports.powerSaveBlocker = desktop.powerSaveBlocker;
exports.protocol = session.defaultSession.protocol;
exports.safeStorage = safeStorage;
exports.screen = screen;
exports.session = session;
exports.shell = desktop.shell;
exports.webContents = webContents;

// Not implemented: any use throws by name.
exports.autoUpdater = desktop.missing.autoUpdater;
exports.BaseWindow = desktop.missing.BaseWindow;
exports.clipboard = desktop.missing.clipboard;
exports.contentTracing = desktop.missing.contentTracing;
exports.desktopCapturer = desktop.missing.desktopCapturer;
exports.MenuItem = desktop.missing.MenuItem;
exports.MessageChannelMain = desktop.missing.MessageChannelMain;
exports.nativeImage = desktop.missing.nativeImage;
exports.net = desktop.missing.net;
exports.netLog = desktop.missing.netLog;
exports.Notification = desktop.missing.Notification;
exports.systemPreferences = desktop.missing.systemPreferences;
exports.Tray = desktop.missing.Tray;
exports.utilityProcess = desktop.missing.utilityProcess;
exports.webFrameMain = desktop.missing.webFrameMain;
exports.WebContentsView = desktop.missing.WebContentsView;

strict('electron', module.exports);
