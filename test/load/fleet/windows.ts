/** Both windows of a counter, played: they show nothing, answer what the core asks, and tell when a step is reached. */
import type { CoreOptions } from '../../../electron/core.ts';
import type { EventPayload } from '../../../shared/contract/contract.ts';
import type { Plane } from '../../../shared/contract/names.ts';
import type { CustomerView } from '../../../shared/contract/views.ts';
import type { VisitPhase } from '../../../shared/session/machine.ts';

/** A visit that did not go where it should. */
export class VisitFailure extends Error {
  constructor(kind: string, phase: string) {
    super(`${kind} at ${phase}`);
    this.name = 'VisitFailure';
  }
}

interface Waiting {
  readonly phase: VisitPhase;
  readonly resolve: (view: CustomerView) => void;
  readonly reject: (error: Error) => void;
}

export class Windows {
  #view: CustomerView | undefined;
  #waiting: Waiting | undefined;
  /** Answers a plane's wipe; set once the core is there. */
  wiped: (plane: Plane, sessionId: string) => void = () => undefined;

  readonly emit: CoreOptions['emit'] = {
    staff: (name, payload) => {
      if (name === 'wipe') this.#wipe('staff', payload as EventPayload<'staff', 'wipe'>);
      return true;
    },
    customer: (name, payload) => {
      if (name === 'wipe') this.#wipe('customer', payload as EventPayload<'customer', 'wipe'>);
      else this.#see(payload as CustomerView);
      return true;
    },
  };

  /** Resolves with the view once the visit is at a step. @throws VisitFailure when it gets stuck or ends instead */
  reaches(phase: VisitPhase): Promise<CustomerView> {
    const { promise, resolve, reject } = Promise.withResolvers<CustomerView>();
    this.#waiting = { phase, resolve, reject };
    if (this.#view) this.#see(this.#view);
    return promise;
  }

  #wipe(plane: Plane, { sessionId }: { sessionId: string }): void {
    // Not at once: the core waits for an answer only after it has asked.
    setImmediate(() => this.wiped(plane, sessionId));
  }

  #see(view: CustomerView): void {
    this.#view = view;
    const waiting = this.#waiting;
    if (!waiting) return;
    if (view.phase === waiting.phase) {
      this.#waiting = undefined;
      waiting.resolve(view);
    } else if (view.error || view.phase === 'ended') {
      // Somebody would have to try again, or it is over before its time.
      this.#waiting = undefined;
      waiting.reject(new VisitFailure(view.error?.kind ?? view.outcome ?? 'ended', view.phase));
    }
  }
}
