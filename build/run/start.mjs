// `npm start`: from a fresh clone to two open windows. Sets up, builds, starts an embedded central with demo
// data, enrols the counter and opens the windows: real Electron where it is or can be had, else the Chromium
// host. Without a display it says so and runs the demo.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { childEnv, electronBinary, node24, root, setUp } from './setup.mjs';

const ELECTRON_FETCH_LIMIT_MS = 120_000;
const FETCH_AGAIN_AFTER_MS = 24 * 3_600_000;

setUp();

const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
if (!hasDisplay) {
  process.stdout.write(
    'No display here: running the demo, its pictures go to out/demo / 没有显示器,改为运行演示\n',
  );
  const demo = spawnSync(node24, ['test/e2e/demo/main.ts', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: childEnv(),
  });
  process.exit(demo.status ?? 1);
}

/** Electron's binary, fetched once where the network allows; a fetch that failed is not tried again for a day. */
function findElectron() {
  const present = electronBinary();
  if (present) return present;
  const tried = join(root, 'node_modules', '.zhiqing-electron-tried');
  if (existsSync(tried) && Date.now() - statSync(tried).mtimeMs < FETCH_AGAIN_AFTER_MS) return undefined;
  process.stdout.write('Fetching the Electron binary / 正在获取 Electron\n');
  const install = join(root, 'node_modules', 'electron', 'install.js');
  spawnSync(node24, [install], {
    cwd: root,
    stdio: 'ignore',
    timeout: ELECTRON_FETCH_LIMIT_MS,
    env: childEnv(),
  });
  const fetched = electronBinary();
  if (!fetched) writeFileSync(tried, '');
  return fetched;
}

const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const build = spawnSync(node24, [builder, 'build', '--logLevel', 'warn'], {
  cwd: root,
  stdio: 'inherit',
  env: childEnv(),
});
if (build.status !== 0) process.exit(1);

const data = join(root, 'out', 'start');
const profile = join(data, 'kiosk');
const handover = join(data, 'handover');
for (const folder of [profile, handover]) mkdirSync(folder, { recursive: true });

const central = spawn(node24, ['test/central/main.ts', '--data', join(data, 'central'), '--show-phone'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: childEnv(),
});
let window;
const stopAll = (code) => {
  window?.kill('SIGTERM');
  central.kill('SIGTERM');
  process.exitCode = code;
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopAll(0));
central.on('exit', (code) => {
  if (!window) process.exit(code ?? 1);
});

let announced = false;
createInterface({ input: central.stdout }).on('line', (line) => {
  if (announced) {
    // The demo's telephone: what central's SMS gateway would have sent.
    process.stdout.write(`demo phone / 演示手机: ${line}\n`);
    return;
  }
  announced = true;
  open(JSON.parse(line));
});

function open(service) {
  const settings = {
    schema: 'zhiqing-counter/1',
    hall: '知情台演示营业厅',
    hallEn: 'Zhiqing demo hall',
    counter: '3',
    deviceId: 'counter-0001',
    central: { url: service.url, enrolUrl: service.enrolUrl, caFile: service.ca },
    enrolmentCode: service.enrolmentCode,
    handoverFolder: handover,
  };
  writeFileSync(join(profile, 'counter.json'), JSON.stringify(settings, null, 2));
  const electron = findElectron();
  const shell = electron ?? join(root, 'test', 'host', 'chromium-host');
  process.stdout.write(
    `Windows run on ${electron ? 'Electron' : 'the Chromium host (no Electron binary here)'}\n` +
      'Staff / 工号 1024, PIN 246810 · see README for demo customers / 演示客户见 README\n',
  );
  if (electron && process.getuid?.() === 0)
    process.stdout.write(
      'Electron does not run as root; start as an ordinary user / 请用普通用户启动 Electron\n',
    );
  window = spawn(shell, [root, `--user-data-dir=${profile}`], {
    cwd: root,
    stdio: 'inherit',
    // The stand-in's key store must outlive the temporary folder, as the profile does. Electron does not read it.
    env: childEnv({ ZHIQING_HOST_KEYRING: join(data, 'keyring') }),
  });
  window.on('exit', (code) => stopAll(code ?? 0));
}
