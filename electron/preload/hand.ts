/**
 * Whether a hand has drawn: ink comes from a pointer that the browser itself vouches for. `isTrusted` can't be given
 * to an event by any script, and the page can't reach this world. SECURITY: S8
 */

/** Commands that carry ink, and the least of drawing that each needs, in pointer samples with the pen down. */
const least: Readonly<Record<string, number>> = { sign: 3, mark: 1 };

/** What a preload asks before a command goes out, and tells when it has succeeded. */
export interface Hand {
  /** Whether a command may go out now. */
  allows(command: string): boolean;
  /** A command was taken: what was drawn for it counts no more. */
  taken(command: string): void;
}

/** Listens on a page from its beginning. */
export function watchHand(page: Pick<EventTarget, 'addEventListener'>): Hand {
  let samples = 0;
  const drawn = (event: Event) => {
    if (!event.isTrusted || !(event.target instanceof HTMLCanvasElement)) return;
    if (event instanceof PointerEvent && event.buttons !== 0) samples += 1;
  };
  // Captured at the very top, before any listener of the page could stop the event.
  for (const type of ['pointerdown', 'pointermove']) page.addEventListener(type, drawn, true);
  return {
    allows: (command) => samples >= (least[command] ?? 0),
    // One drawing, one signature: the next customer's has a hand of its own.
    taken: (command) => {
      if (command in least) samples = 0;
    },
  };
}
