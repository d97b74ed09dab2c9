/** The machine has slept: its timers stood still, and its lines are dead. */
import { powerMonitor } from 'electron';

export function onWake(woke: () => void): void {
  powerMonitor.on('resume', woke);
}
