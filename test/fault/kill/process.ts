/** Starts a core in a process of its own and listens to what it acknowledges. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Central } from '../../central/service.ts';
import type { Ledger } from '../counter/ledger.ts';
import type { ChildPlan, ChildSays, ParentSays } from './messages.ts';

export interface CoreProcess {
  /** How it said that it would die, where it chose the moment itself. */
  point: string | undefined;
  /** Outcomes of the visits that it has played to their end. */
  readonly visits: string[];
  /** Why it gave up by itself: a fault of ours. */
  failed: string | undefined;
  /** Resolves when it stands, or is gone. */
  standing: Promise<void>;
  drained: boolean;
  /** Resolves once it is gone and everything it said was heard. */
  gone: Promise<void>;
  kill(): void;
  suspend(): void;
  resume(): void;
  tell(message: ParentSays): void;
}

export function startProcess(plan: ChildPlan, ledger: Ledger, central: Central): CoreProcess {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'child.ts'), JSON.stringify(plan)],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'ipc'],
      // Compiled once, not at each of a thousand starts.
      env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(plan.base), 'compiled') },
    },
  );
  const standing = Promise.withResolvers<void>();
  const lines = createInterface({ input: child.stdio[3] as Readable });
  const exited = once(child, 'exit');
  const running: CoreProcess = {
    point: undefined,
    visits: [],
    failed: undefined,
    standing: standing.promise,
    drained: false,
    gone: Promise.all([exited, once(lines, 'close')]).then(() => standing.resolve()),
    kill: () => child.kill('SIGKILL'),
    suspend: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    tell: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
  };
  lines.on('line', (line) => {
    const fact = JSON.parse(line) as ChildSays;
    if (fact.what === 'standing') standing.resolve();
    else if (fact.what === 'dying') running.point = fact.point;
    else if (fact.what === 'visit') running.visits.push(fact.outcome);
    else if (fact.what === 'drained') running.drained = true;
    else if (fact.what === 'failed') running.failed = fact.words;
    else ledger.note(fact);
  });
  child.on('message', (asked: { number: string }) => {
    running.tell({ code: central.secrets(asked.number).codes.at(-1) ?? '000000' });
  });
  return running;
}
