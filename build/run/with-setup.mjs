// `node build/run/with-setup.mjs FILE [ARG …]`: sets up, then runs FILE on the project's Node 24.
import { spawn } from 'node:child_process';
import { childEnv, node24, root, setUp } from './setup.mjs';

setUp();
const [file, ...rest] = process.argv.slice(2);
if (!file) {
  process.stderr.write('usage: with-setup.mjs FILE [ARG …]\n');
  process.exit(2);
}
const child = spawn(node24, ['--disable-warning=ExperimentalWarning', file, ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: childEnv(),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
