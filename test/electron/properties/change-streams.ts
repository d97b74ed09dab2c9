/** Central's change feed as a stream (Server-Sent Events), for as long as nothing is wrong with the line. */
import type { StreamEvent } from '../../../electron/central/event-stream.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { Change } from '../../../shared/protocol/changes.ts';

export interface Listening {
  /** Number of the last change that is known. */
  readonly after: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StreamEvent) => void;
}

export class ChangeStreams {
  /** All there ever were, in order. */
  readonly changes: Change[] = [];
  readonly #open = new Map<Listening, (failure: Failure) => void>();

  /** Numbers a change and tells everybody who listens. */
  push(make: (seq: number, at: string) => Change, now: number): void {
    const change = make(this.changes.length + 1, new Date(now).toISOString());
    this.changes.push(change);
    for (const { onEvent } of this.#open.keys()) onEvent(eventOf(change));
  }

  /** What came since, then what comes. Resolves when the listener has had enough. @throws Failure once it is cut */
  listen(listening: Listening): Promise<void> {
    const { after, signal, onEvent } = listening;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return resolve();
      this.#open.set(listening, reject);
      signal.addEventListener('abort', () => {
        this.#open.delete(listening);
        resolve();
      });
      for (const change of this.changes.slice(after)) onEvent(eventOf(change));
    });
  }

  /** The line is gone: whoever listened has to ask. */
  cut(): void {
    for (const [listening, reject] of this.#open) {
      this.#open.delete(listening);
      reject(new Failure('central-unreachable'));
    }
  }
}

const eventOf = (change: Change): StreamEvent => ({
  id: String(change.seq),
  type: 'change',
  data: JSON.stringify(change),
});
