/** What only a real Electron or the operating system can refuse: not counted, listed at the end of every run. */
export const notTriedHere: readonly (readonly [what: string, why: string])[] = [
  [
    'Alt+Tab, Alt+F4, Win+*, Ctrl+Esc, Ctrl+Alt+Del, sticky keys',
    'the operating system takes them: assigned access',
  ],
  ['edge and three-finger gestures, long press of the shell', 'the operating system takes them: policy'],
  ['the file dialog of <input type=file>', 'Electron has no hook for it: the account may see no files'],
  [
    'camera, microphone, USB, HID, serial with a device plugged in',
    'needs hardware and Electron’s own handlers',
  ],
  ['ELECTRON_RUN_AS_NODE, NODE_OPTIONS, --inspect on a shipped build', 'Electron’s fuses of the package'],
  [
    '--remote-debugging-port, --no-sandbox on a shipped build',
    'taken only unpackaged; test/electron/lockdown',
  ],
  ['swapped or loose app.asar', 'Electron’s integrity fuse of the package'],
  ['renderer sandbox and memory of another process', 'Chromium as root runs without its sandbox here'],
  [
    'a revoked certificate of central',
    'counters are given no revocation list yet: short-lived certificates, or a new root',
  ],
  [
    'writing counter.json to name another root and central',
    'rights on the file: only IT’s account writes it',
  ],
  [
    'a second machine with the same operating-system key store',
    'DPAPI, Keychain and Secret Service do not move',
  ],
  ['a camera over the customer’s shoulder, a tapped display cable', 'the hall'],
];
