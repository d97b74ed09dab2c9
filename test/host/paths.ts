/** Folders of the app, as `app.getPath` names them. */
import os from 'node:os';
import path from 'node:path';
import { NotImplemented } from './strict.ts';

const chosen = new Map<string, string>();
let appName = 'Electron';

/** The app's name, which names its folders. */
export const nameOfApp = (): string => appName;

export function setNameOfApp(name: string): void {
  appName = name;
}

/** `app.setPath`. */
export function setPathOf(name: string, value: string): void {
  if (!path.isAbsolute(value)) throw new Error('Path must be absolute');
  pathOf(name);
  chosen.set(name, value);
}

/** `app.getPath`; throws by name on a folder that the host does not know. */
export function pathOf(name: string): string {
  const own = chosen.get(name);
  if (own !== undefined) return own;
  const home = os.homedir();
  const config = process.env.XDG_CONFIG_HOME ?? path.join(home, '.config');
  switch (name) {
    case 'home':
      return home;
    case 'appData':
      return config;
    case 'userData':
      return path.join(pathOf('appData'), appName);
    case 'sessionData':
      return pathOf('userData');
    case 'logs':
      return path.join(pathOf('userData'), 'logs');
    case 'crashDumps':
      return path.join(pathOf('userData'), 'Crashpad');
    case 'temp':
      return os.tmpdir();
    case 'exe':
    case 'module':
      return process.execPath;
    case 'desktop':
    case 'documents':
    case 'downloads':
    case 'music':
    case 'pictures':
    case 'videos':
      return path.join(home, name.charAt(0).toUpperCase() + name.slice(1));
    default:
      throw new NotImplemented(`app.getPath('${name}')`);
  }
}
