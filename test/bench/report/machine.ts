/** On what it was measured. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { findChromium } from '../../host/chromium.ts';
import { peerVersions } from '../install-peers.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly system: string;
  /** Load average of the last minute when the run began and when it ended: above the cores, others were at work too. */
  readonly load: { readonly before: number; readonly after: number };
}

export const loadNow = (): number => loadavg()[0] ?? 0;

export function thisMachine(before: number): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    load: { before, after: loadNow() },
  };
}

/** Versions of everything that was compared, and of what it ran on. */
export function versions(): Record<string, string> {
  const said = spawnSync(findChromium(), ['--version'], { encoding: 'utf8' }).stdout.trim();
  return { Chromium: /[\d.]+/.exec(said)?.[0] ?? said, Node: process.versions.node, ...peerVersions() };
}
