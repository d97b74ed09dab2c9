/** What page and worker say to one another. Failures are data; progress comes between request and answer. */
import type { Result } from '../../shared/domain/errors.ts';
import type { OpenProgress, RecordStore } from './records.ts';
import type { RowBatch } from './row-batch.ts';

export type Method = keyof RecordStore;

/** Arguments as they travel: the progress callback stays behind. */
export type Arguments<M extends Method> = M extends 'open'
  ? [access: Parameters<RecordStore['open']>[0]]
  : Parameters<RecordStore[M]>;

/** Answers as they travel. */
export type Answer<M extends Method> = M extends 'readFull' ? RowBatch : Awaited<ReturnType<RecordStore[M]>>;

export type Request = { [M in Method]: { id: number; method: M; args: Arguments<M> } }[Method];

export type Reply = { id: number; progress: OpenProgress } | { id: number; result: Result<Answer<Method>> };

/** The end of a channel: a worker, the worker's own scope, or a MessagePort. */
export interface Port {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

const methods: ReadonlySet<unknown> = new Set([
  'open',
  'drawn',
  'whenHeld',
  'whenChecked',
  'overview',
  'select',
  'readMeta',
  'readFull',
  'prove',
  'wipe',
] satisfies Method[]);

/** Whether this is a request by its shape. The store judges the arguments. // SECURITY: S3 */
export function isRequest(message: unknown): message is Request {
  return (
    hasId(message) &&
    'method' in message &&
    methods.has(message.method) &&
    'args' in message &&
    Array.isArray(message.args)
  );
}

export function isReply(message: unknown): message is Reply {
  return hasId(message) && ('progress' in message || 'result' in message);
}

function hasId(message: unknown): message is { id: number } {
  return typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number';
}
