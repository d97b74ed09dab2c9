/** Programs that the run starts: each is stopped by its own process id, the last one started first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Program {
  readonly pid: number;
  /** Lines of its standard output. */
  readonly lines: AsyncIterableIterator<string>;
  /** Asks it to end (SIGTERM) and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a program; what it says on standard error goes to ours. @throws Error when it does not start */
export async function startProgram(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Program> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  const { pid, stdout } = child;
  if (pid === undefined) throw new Error(`${command} has no process id`);
  return { pid, lines: createInterface({ input: stdout })[Symbol.asyncIterator](), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
