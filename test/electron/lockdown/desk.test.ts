/** Displays that come and go, also while the core is not there yet. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeskOptions } from '../../../electron/lockdown/desk.ts';

vi.mock('electron', () => ({ BrowserWindow: class {} }));
const { createScreenHolder } = await import('../../../electron/gate/screen.ts');
const { Desk } = await import('../../../electron/lockdown/desk.ts');

const [first, second] = [1, 2].map((id) => ({
  id,
  bounds: { x: id * 1000, y: 0, width: 1000, height: 800 },
}));
let there: (typeof first)[];
let displays: EventEmitter;
let desk: InstanceType<typeof Desk>;

beforeEach(() => {
  there = [first, second];
  displays = Object.assign(new EventEmitter(), {
    getAllDisplays: () => there,
    getPrimaryDisplay: () => there[0],
  });
  // What windows are made of is not touched before they are opened.
  desk = new Desk({ displays, setting: 'auto' } as unknown as DeskOptions);
});
const change = (name: string, ...now: typeof there) => {
  there = now;
  displays.emit(name);
};

describe('the screen', () => {
  it('follows the displays', () => {
    const screen = createScreenHolder(desk.mode);
    desk.follow(screen);
    expect(screen.current).toEqual({ mode: 'dual', holder: 'both' });
    change('display-removed', second);
    expect(screen.current).toEqual({ mode: 'handover', holder: 'customer' });
    change('display-added', first, second);
    expect(screen.current).toEqual({ mode: 'dual', holder: 'both' });
  });
  it('is as the displays are, when they changed while the core started', () => {
    const screen = createScreenHolder(desk.mode);
    change('display-removed', second);
    change('display-metrics-changed', second);
    desk.follow(screen);
    expect(screen.current).toEqual({ mode: 'handover', holder: 'customer' });
  });
  it('is left to staff when it was the customer’s that went meanwhile', () => {
    const screen = createScreenHolder(desk.mode);
    change('display-removed', first);
    desk.follow(screen);
    expect(screen.current).toEqual({ mode: 'handover', holder: 'staff' });
    expect(desk.mode).toBe('handover');
  });
});
