/** Watches a page while somebody types into its search: how long until what was found is drawn, and every frame. */

export interface Watched {
  /** Milliseconds from a keystroke to the frame that shows what was found for the text as it then was. */
  readonly latencies: number[];
  /** Milliseconds between frames. */
  readonly frames: number[];
  /** Keystrokes after which the text had changed again before anything was shown for it. */
  readonly overtaken: number;
}

declare global {
  interface Window {
    typing: {
      whenHeld: () => Promise<void>;
      begin: () => void;
      /** Resolves when what was typed last has been shown. */
      end: () => Promise<Watched>;
    };
  }
}

/** The text that the rows on the screen were found by: what is marked in the first of them. */
function shownText(): string | undefined {
  return document.querySelector('.row mark')?.textContent?.toLowerCase();
}

export function watchTyping(): Pick<Window['typing'], 'begin' | 'end'> {
  let latencies: number[] = [];
  let frames: number[] = [];
  let overtaken = 0;
  let waiting: { text: string; since: number } | undefined;
  let last: number | undefined;
  let isOn = false;

  document.addEventListener(
    'input',
    ({ target, timeStamp }) => {
      if (!isOn || !(target instanceof HTMLInputElement)) return;
      if (waiting !== undefined) overtaken++;
      const text = target.value.trim().toLowerCase();
      waiting = text === '' ? undefined : { text, since: timeStamp };
    },
    { capture: true },
  );
  const look = (now: number): void => {
    if (!isOn) return;
    if (last !== undefined) frames.push(now - last);
    last = now;
    if (waiting !== undefined && shownText() === waiting.text) {
      // This frame is the one that draws it.
      latencies.push(performance.now() - waiting.since);
      waiting = undefined;
    }
    requestAnimationFrame(look);
  };
  return {
    begin: () => {
      [latencies, frames, overtaken, waiting, last, isOn] = [[], [], 0, undefined, undefined, true];
      requestAnimationFrame(look);
    },
    end: async () => {
      while (waiting !== undefined) await new Promise((frame) => requestAnimationFrame(frame));
      isOn = false;
      return { latencies, frames, overtaken };
    },
  };
}
