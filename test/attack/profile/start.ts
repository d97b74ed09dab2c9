/** Starts the counter over a profile and says how it refused, or that it stood. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { shell } from '../../e2e/support/counter.ts';
import { gotThrough, type Refusal, refused } from '../attack.ts';

const projectRoot = join(import.meta.dirname, '..', '..', '..');

export interface Start {
  profile: string;
  keyring: string;
  /** Arguments besides the profile. */
  args?: readonly string[];
  env?: Record<string, string>;
}

/** A process that printed and may have ended by itself. */
interface Ended {
  code: number | undefined;
  printed: string;
}

/** Starts, and ends what has not ended by itself once `standing` says that it stands. */
async function start(
  { profile, keyring, args = [], env = {} }: Start,
  standing: (child: ChildProcess, exited: () => boolean) => Promise<void>,
): Promise<Ended> {
  const child = spawn(shell.path, [projectRoot, `--user-data-dir=${profile}`, ...args], {
    env: {
      ...process.env,
      ZHIQING_HOST_SCREENS: '800x600',
      ZHIQING_HOST_HEADLESS: '1',
      ZHIQING_HOST_KEYRING: keyring,
      ...env,
    },
  });
  let printed = '';
  const hear = (chunk: Buffer) => {
    printed += String(chunk);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let code: number | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on('close', (exit) => {
      code = exit ?? -1;
      resolve();
    });
  });
  const stood = standing(child, () => code !== undefined);
  await Promise.race([ended, stood]);
  if (code === undefined) {
    child.kill('SIGTERM');
    await ended;
    return { code: undefined, printed };
  }
  return { code, printed };
}

/** Whether the counter refuses to start, and in which words. `stood` resolves once a counter would stand. */
export async function startRefused(
  given: Start,
  words: RegExp,
  stood: (exited: () => boolean) => Promise<void>,
): Promise<Refusal> {
  const { code, printed } = await start(given, (_child, exited) => stood(exited));
  if (code === undefined) return gotThrough('the counter stands');
  const said =
    printed
      .split('\n')
      .map((one) => one.trim())
      .find((one) => words.test(one)) ?? '';
  const shown = said.replaceAll(given.profile, '<profile>');
  if (shown === '') return gotThrough(`ended with ${code}, saying: ${printed.slice(-150)}`);
  return code === 0 ? gotThrough(`ended with 0: ${shown}`) : refused(`ended with ${code}: ${shown}`);
}

/** Starts and waits until it has ended by itself. */
export async function startEnds(given: Start): Promise<Ended> {
  return start(given, () => new Promise<void>(() => undefined));
}
