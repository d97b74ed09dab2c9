/** Electron's `screen`, told by Chromium. */
import type { Result } from './cdp.ts';
import { browserSession, isStarted } from './runtime.ts';
import { HostEmitter, hostEvent, strict } from './strict.ts';

/** A rectangle in device-independent pixels. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What the host tells of a display. */
export interface HostDisplay {
  readonly id: number;
  readonly label: string;
  readonly bounds: Rectangle;
  readonly workArea: Rectangle;
  readonly size: { width: number; height: number };
  readonly workAreaSize: { width: number; height: number };
  readonly scaleFactor: number;
  readonly rotation: number;
  readonly internal: boolean;
  readonly detected: boolean;
  readonly colorDepth: number;
  readonly touchSupport: 'unknown';
}

type CdpScreen = Result<'Emulation.getScreenInfos'>['screenInfos'][number];

const displayOf = (screen: CdpScreen): HostDisplay => {
  const bounds = { x: screen.left, y: screen.top, width: screen.width, height: screen.height };
  const workArea = {
    x: screen.availLeft,
    y: screen.availTop,
    width: screen.availWidth,
    height: screen.availHeight,
  };
  return strict('Display', {
    id: Number(screen.id),
    label: screen.label,
    bounds,
    workArea,
    size: { width: bounds.width, height: bounds.height },
    workAreaSize: { width: workArea.width, height: workArea.height },
    scaleFactor: screen.devicePixelRatio,
    rotation: screen.orientation.angle,
    internal: screen.isInternal,
    detected: true,
    colorDepth: screen.colorDepth,
    touchSupport: 'unknown' as const,
  });
};

const overlap = (a: Rectangle, b: Rectangle): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

class Screen extends HostEmitter {
  #displays: HostDisplay[] = [];

  constructor() {
    super('screen', ['display-added', 'display-removed', 'display-metrics-changed']);
  }

  getAllDisplays(): HostDisplay[] {
    if (!isStarted()) throw new Error("The 'screen' module can't be used before the app 'ready' event");
    return [...this.#displays];
  }

  /** Chromium names the primary one first. */
  getPrimaryDisplay(): HostDisplay {
    const [primary] = this.getAllDisplays();
    if (!primary) throw new Error('chromium host: there is no display');
    return primary;
  }

  getDisplayMatching(rectangle: Rectangle): HostDisplay {
    const all = this.getAllDisplays();
    const best = Math.max(...all.map((display) => overlap(display.bounds, rectangle)));
    return all.find((display) => overlap(display.bounds, rectangle) === best) ?? this.getPrimaryDisplay();
  }

  getDisplayNearestPoint(point: { x: number; y: number }): HostDisplay {
    return this.getDisplayMatching({ ...point, width: 1, height: 1 });
  }

  /** For the host and its tests: asks Chromium anew and emits what has changed since the last time. */
  static async refresh(screen: Screen): Promise<void> {
    const { screenInfos } = await browserSession().send('Emulation.getScreenInfos');
    const before = new Map(screen.#displays.map((display) => [display.id, display]));
    const now = [...screenInfos].sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary)).map(displayOf);
    const first = screen.#displays.length === 0;
    screen.#displays = now;
    if (first) return;
    for (const display of now) {
      const old = before.get(display.id);
      before.delete(display.id);
      if (!old) screen.emit('display-added', hostEvent({}), display);
      else if (JSON.stringify(old) !== JSON.stringify(display)) {
        screen.emit('display-metrics-changed', hostEvent({}), display, ['bounds', 'workArea']);
      }
    }
    for (const gone of before.values()) screen.emit('display-removed', hostEvent({}), gone);
  }
}

/** Electron's `screen`. */
export const screen = new Screen();

/** Reads the displays. */
export const refreshScreens = (): Promise<void> => Screen.refresh(screen);

/** For tests, headless only: plugs a display in at the right of those there are. */
export async function plugDisplay(width: number, height: number): Promise<void> {
  const left = Math.max(...screen.getAllDisplays().map(({ bounds }) => bounds.x + bounds.width));
  await browserSession().send('Emulation.addScreen', { left, top: 0, width, height });
  await refreshScreens();
}

/** For tests, headless only: takes a display away. */
export async function unplugDisplay(id: number): Promise<void> {
  await browserSession().send('Emulation.removeScreen', { screenId: String(id) });
  await refreshScreens();
}
