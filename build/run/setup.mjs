// Sets up what a fresh clone needs: npm packages, and on Debian as root the system packages. Plain
// JavaScript for whatever Node ≥ 20.19 is there; everything after it runs on the project's own Node 24.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.zhiqing-setup');

/** System programs by the Debian package that brings them, and why. */
const debianPackages = [
  {
    name: 'chromium',
    why: 'runs the windows where the Electron binary is absent',
    has: () => chromium() !== undefined,
  },
  { name: 'fonts-noto-cjk', why: 'Chinese type on screens, pictures and reports', has: hasChineseFont },
  {
    name: 'poppler-utils',
    why: 'pdftotext and pdfinfo read the reports in tests',
    has: () => onPath('pdftotext'),
  },
  {
    name: 'openssl',
    why: 'an independent judge of signatures and certificates',
    has: () => onPath('openssl'),
  },
  {
    name: 'lz4',
    why: 'an independent judge of how pages are compressed',
    has: () => onPath('lz4'),
  },
];

/** What only some commands need: they ask for it by name with `need.mjs`. */
const optionalPackages = [
  {
    name: 'postgresql',
    why: 'the database server that two processes of central share in the load test',
    has: hasPostgres,
  },
  {
    name: 'libnginx-mod-stream',
    why: 'one address for two processes of central: nginx hands TLS connections on unopened',
    has: () => existsSync('/usr/lib/nginx/modules/ngx_stream_module.so') && existsSync('/usr/sbin/nginx'),
  },
];

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder && existsSync(join(folder, program)));
}

/** The Chromium to drive, if any. */
export function chromium() {
  const places = [
    process.env.CHROMIUM_BIN,
    '/usr/lib/chromium/chromium',
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
  ];
  return places.find((place) => place && existsSync(place));
}

function hasPostgres() {
  const versions = '/usr/lib/postgresql';
  return (
    existsSync(versions) &&
    readdirSync(versions).some((version) => existsSync(join(versions, version, 'bin', 'initdb')))
  );
}

function hasChineseFont() {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true;
  const answer = spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.trim() !== '';
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(lines) {
  for (const line of lines) say(line);
  process.exit(1);
}

function npmPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const current = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (current === lock && existsSync(join(bin, 'node'))) return;
  say('Installing npm packages from the lockfile / 正在按锁定文件安装 npm 包');
  // Not `npm ci`: it refuses a lockfile that lacks the optional binaries of other platforms, which a registry
  // mirror may not carry. Versions and hashes come from the lockfile all the same; it is not written.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['install', '--no-save', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) fail(['npm install failed; see the lines above / npm install 失败，见上文']);
  if (!existsSync(join(bin, process.platform === 'win32' ? 'node.cmd' : 'node'))) {
    // An npm that does not run install scripts leaves the `node` package without its binary: ask for it by name.
    const rebuilt = spawnSync(npm, ['rebuild', 'node', '--foreground-scripts'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (rebuilt.status !== 0) fail(['The package `node` could not set up Node 24 / 无法安装 Node 24']);
  }
  writeFileSync(stamp, lock);
}

function systemPackages() {
  if (process.platform !== 'linux') {
    if (chromium() === undefined && !electronBinary())
      fail([
        'Install Chromium and set CHROMIUM_BIN, or provide ELECTRON_BIN / 请安装 Chromium 并设置 CHROMIUM_BIN',
      ]);
    return;
  }
  install(debianPackages.filter((entry) => !entry.has()));
}

/** Makes sure of packages that not every command needs. @throws when a name is not in the list above */
export function need(names) {
  const entries = names.map((name) => {
    const entry = optionalPackages.find((one) => one.name === name);
    if (!entry) throw new Error(`${name} is in no list of packages`);
    return entry;
  });
  install(entries.filter((entry) => !entry.has()));
}

/** Installs Debian packages, or says which are missing and ends. */
function install(missing) {
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.name);
  for (const entry of missing) say(`Needs ${entry.name}: ${entry.why}`);
  const debian = existsSync('/etc/debian_version') && onPath('apt-get');
  if (!debian || process.getuid?.() !== 0)
    fail([
      `Install these first, for example: sudo apt-get install -y --no-install-recommends ${names.join(' ')}`,
      `请先安装:${names.join(' ')}`,
    ]);
  say(`Installing with apt-get: ${names.join(' ')} / 正在用 apt-get 安装`);
  // Run level 1: a package's own service is not started; what is needed of it is started here, beside it.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
      stdio: ['ignore', 2, 2],
      env,
    });
  } catch {
    fail([`apt-get could not install ${names.join(' ')} / apt-get 安装失败`]);
  }
}

/** Electron's own binary: `ELECTRON_BIN`, or what its package has downloaded. */
export function electronBinary() {
  if (process.env.ELECTRON_BIN) return process.env.ELECTRON_BIN;
  const pathFile = join(root, 'node_modules', 'electron', 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const file = join(root, 'node_modules', 'electron', 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(file) ? file : undefined;
}

/** Makes sure that everything is there; idempotent, quick when it is. */
export function setUp() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail([`Node 20.19 or newer is needed, this is ${process.versions.node} / 需要 Node 20.19 以上`]);
  npmPackages();
  systemPackages();
}

/** The project's Node 24, and an environment in which every child finds it first. */
export const node24 = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
export function childEnv(extra = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}
