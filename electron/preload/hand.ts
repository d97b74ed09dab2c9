/**
 * Whether a hand has drawn: ink comes from a pointer that the browser itself vouches for. `isTrusted` can't be given
 * to an event by any script, and the page can't reach this world. SECURITY: S8
 */

/** Commands that carry ink, and the least of drawing that each needs, in pointer samples with the pen down. */
const least: Readonly<Record<string, number>> = { sign: 3, mark: 1 };

/** Listens on a page from its beginning. The answer says whether a command may go out now. */
export function watchHand(page: Pick<EventTarget, 'addEventListener'>): (command: string) => boolean {
  let samples = 0;
  const drawn = (event: Event) => {
    if (!event.isTrusted || !(event.target instanceof HTMLCanvasElement)) return;
    if (event instanceof PointerEvent && event.buttons !== 0) samples += 1;
  };
  // Captured at the very top, before any listener of the page could stop the event.
  for (const type of ['pointerdown', 'pointermove']) page.addEventListener(type, drawn, true);
  return (command) => samples >= (least[command] ?? 0);
}
