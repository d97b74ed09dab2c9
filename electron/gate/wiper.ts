/** Has a window forget a visit, and makes it when it does not answer. */
import type { Plane } from '../../shared/contract/names.ts';

export interface Wiper {
  /** Resolves once the plane holds nothing of the session any more. @throws when even force did not do it. */
  wipe(plane: Plane, sessionId: string): Promise<'answered' | 'forced'>;
  /** The plane says that it is done. */
  answered(plane: Plane, sessionId: string): void;
}

/** A window that wipes by itself takes some milliseconds; one that hangs is not waited for longer than this. */
const ANSWER_LIMIT_MS = 5_000;

export function createWiper(options: {
  /** Asks the plane; false when its window cannot hear. */
  ask: (plane: Plane, sessionId: string) => boolean;
  /** Clears the plane's storage and starts its window afresh. */
  force: (plane: Plane) => Promise<void>;
  limitMs?: number;
}): Wiper {
  const { ask, force, limitMs = ANSWER_LIMIT_MS } = options;
  const waiting = new Map<string, () => void>();
  const key = (plane: Plane, sessionId: string) => `${plane} ${sessionId}`;
  return {
    async wipe(plane, sessionId) {
      const name = key(plane, sessionId);
      const answered = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), limitMs);
        waiting.set(name, () => {
          clearTimeout(timer);
          resolve(true);
        });
        if (!ask(plane, sessionId)) {
          clearTimeout(timer);
          resolve(false);
        }
      });
      waiting.delete(name);
      if (answered) return 'answered';
      // SECURITY: S16 S19 silence is not taken for 'done'.
      await force(plane);
      return 'forced';
    },
    answered(plane, sessionId) {
      waiting.get(key(plane, sessionId))?.();
    },
  };
}
