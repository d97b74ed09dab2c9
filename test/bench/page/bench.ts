/** The page that a contestant lives in: takes operations from the command, one after the other. */
import type { Operation, Outcome } from './operations.ts';
import { SealedStore } from './sealed.ts';

declare global {
  interface Window {
    bench: { start: (contestant: string) => Promise<void>; run: (operation: Operation) => Promise<Outcome> };
  }
}

function answerOf(worker: Worker): Promise<{ outcome?: Outcome; failed?: string }> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data), { once: true });
    worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
  });
}

let run: (operation: Operation) => Promise<Outcome> = () => Promise.reject(new Error('not started'));

window.bench = {
  start: async (contestant) => {
    if (contestant === 'sealed') {
      const store = new SealedStore();
      run = (operation) => store.run(operation);
      return;
    }
    const worker = new Worker(new URL('./peer-worker.ts', import.meta.url), {
      type: 'module',
      name: contestant,
    });
    await answerOf(worker);
    run = async (operation) => {
      const answer = answerOf(worker);
      worker.postMessage(operation);
      const { outcome, failed } = await answer;
      if (outcome === undefined) throw new Error(failed ?? 'no answer');
      return outcome;
    };
  },
  run: (operation) => run(operation),
};
