/** The profile of a counter without windows: what IT would have put there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../../shared/domain/settings.ts';

export interface Place {
  /** Holds profile, key store and hand-over folder. */
  base: string;
  /** Electron's userData. */
  userData: string;
  keyring: string;
  deviceId: string;
}

/** A new counter, or the one that was there before. */
export function placeIn(base: string, deviceId = 'counter-0001'): Place {
  return { base, userData: join(base, 'kiosk'), keyring: join(base, 'keyring'), deviceId };
}

export interface Reach {
  url: string;
  enrolUrl: string;
  caFile: string;
  /** Left out once the counter is enrolled. */
  enrolmentCode?: string;
  timeoutSeconds?: number;
}

export function writeSettings({ base, userData, deviceId }: Place, reach: Reach): void {
  const { url, enrolUrl, caFile, enrolmentCode, timeoutSeconds = 5 } = reach;
  const handoverFolder = join(base, 'handover');
  const settings: Settings = {
    schema: 'zhiqing-counter/1',
    hall: '演示营业厅',
    hallEn: 'Demo hall',
    counter: '3',
    deviceId,
    central: { url, enrolUrl, caFile, timeoutSeconds },
    ...(enrolmentCode === undefined ? {} : { enrolmentCode }),
    displays: 'auto',
    language: 'zh-CN',
    presence: { idleSeconds: 600, lastCallSeconds: 120 },
    handoverFolder,
  };
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  mkdirSync(handoverFolder, { recursive: true });
  writeFileSync(join(userData, 'counter.json'), JSON.stringify(settings, undefined, 2));
}
