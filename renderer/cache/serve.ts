import { assertNever, toAppError } from '../../shared/domain/errors.ts';
import { type Answer, isRequest, type Method, type Port, type Reply, type Request } from './protocol.ts';
import type { RecordStore } from './records.ts';
import { buffersOf, type RowBatch } from './row-batch.ts';

/** A store that gives rows as they travel. */
export interface ServedStore extends RecordStore {
  /** Rows as `readFull` gives them. */
  readBatch(indexes: readonly number[]): Promise<RowBatch>;
}

/** Answers requests that come in at a port. What throws inside comes out as data. // SECURITY: S16 */
export function serve(store: ServedStore, port: Port): void {
  const reply = (message: Reply, transfer: Transferable[] = []): void =>
    port.postMessage(message, { transfer });
  port.addEventListener('message', ({ data }) => {
    // Without an id nobody could be answered; nothing but our own proxy speaks here.
    if (!isRequest(data)) return;
    const { id } = data;
    answer(store, data, (progress) => reply({ id, progress })).then(
      (value) => {
        reply({ id, result: { ok: true, value } }, transferOf(value));
      },
      (thrown: unknown) => reply({ id, result: { ok: false, error: toAppError(thrown) } }),
    );
  });
}

async function answer(
  store: ServedStore,
  request: Request,
  onProgress: Parameters<RecordStore['open']>[1],
): Promise<Answer<Method>> {
  switch (request.method) {
    case 'open':
      return store.open(request.args[0], onProgress);
    case 'drawn':
      return store.drawn();
    case 'whenHeld':
      return store.whenHeld();
    case 'whenChecked':
      return store.whenChecked();
    case 'overview':
      return store.overview(...request.args);
    case 'select':
      return store.select(...request.args);
    case 'readMeta':
      return store.readMeta(...request.args);
    case 'readFull':
      return store.readBatch(...request.args);
    case 'prove':
      return store.prove(...request.args);
    case 'wipe':
      return store.wipe();
    default:
      return assertNever(request);
  }
}

/** What of an answer is handed over, not copied. */
function transferOf(value: Answer<Method>): Transferable[] {
  if (value instanceof Uint32Array) return [value.buffer];
  return typeof value === 'object' && 'units' in value ? buffersOf(value) : [];
}
