/**
 * The gateway between windows and core: the only code that answers or sends IPC. Channels, argument and result
 * schemas derive from the contract; a command that is not in it has no channel.
 */
import type { z } from 'zod';
import {
  type CommandName,
  channel,
  contract,
  type EventName,
  type EventPayload,
  type Handlers,
  type Plane,
} from '../../shared/contract/contract.ts';
import { type AppError, appError, Failure, type Result, toAppError } from '../../shared/domain/errors.ts';
import { isTrustedSender, type SenderFacts } from './sender.ts';

/** Where commands come in. */
export interface ChannelServer {
  handle(name: string, answer: (event: SenderFacts, args: unknown) => Promise<unknown>): void;
}
/** A window as the gateway sees it. */
export interface PlaneContents {
  readonly id: number;
  isDestroyed(): boolean;
  send(name: string, payload: unknown): void;
}

export interface Gateway {
  /** Answers all commands of a plane. */
  serve<P extends Plane>(plane: P, handlers: Handlers<P>): void;
  /** Lets a window speak and listen for a plane, until it goes. */
  admit(plane: Plane, contents: PlaneContents): void;
  /** The window is gone: nobody speaks for the plane. */
  dismiss(plane: Plane): void;
  /** Tells a plane; false when no window is there to hear. */
  emit<P extends Plane, N extends EventName<P>>(plane: P, name: N, payload: EventPayload<P, N>): boolean;
}

export interface GatewayOptions {
  server: ChannelServer;
  /** A command was refused because of who asked. The answer waits for it. SECURITY: S10 */
  onDenied: (plane: Plane, command: string) => Promise<void>;
  /** A command was refused for any other reason: what was thrown. The answer waits for it. SECURITY: S10 */
  onRefused: (plane: Plane, command: string, refusal: unknown) => Promise<void>;
  /** A handler failed in a way nobody foresaw; only the kind of the error is told. */
  onUnexpected: (plane: Plane, command: string, error: AppError) => void;
}

type Commands = Record<string, { args: z.ZodType; result: z.ZodType }>;

export function createGateway({ server, onDenied, onRefused, onUnexpected }: GatewayOptions): Gateway {
  const windows = new Map<Plane, PlaneContents>();

  const answer = async (
    plane: Plane,
    name: string,
    call: () => Promise<unknown>,
  ): Promise<Result<unknown>> => {
    try {
      return { ok: true, value: await call() };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === 'internal') onUnexpected(plane, name, error);
      await settled(onRefused(plane, name, thrown));
      return { ok: false, error };
    }
  };

  return {
    serve(plane, handlers) {
      const commands: Commands = contract[plane].commands;
      for (const [name, { args, result }] of Object.entries(commands)) {
        const handler = handlers[name as CommandName<typeof plane>] as (parsed: unknown) => unknown;
        server.handle(channel(plane, 'command', name), async (event, given): Promise<Result<unknown>> => {
          const contents = windows.get(plane);
          // SECURITY: S1 S2 a window of the other plane, a frame or a stale page is refused before anything is read.
          if (!isTrustedSender(event, plane, contents?.isDestroyed() === false ? contents.id : undefined)) {
            await settled(onDenied(plane, name));
            return { ok: false, error: appError('forbidden') };
          }
          return answer(plane, name, async () => {
            // SECURITY: S3 both ways.
            // A map, a date or bytes have no field of their own and would pass for an empty object.
            if (!isPlain(given)) throw new Failure('bad-input', { detail: 'arguments' });
            const parsed = args.safeParse(given);
            if (!parsed.success) throw new Failure('bad-input', { detail: fieldOf(parsed.error) });
            return result.parse(await handler(parsed.data));
          });
        });
      }
    },
    admit(plane, contents) {
      windows.set(plane, contents);
    },
    dismiss(plane) {
      windows.delete(plane);
    },
    emit(plane, name, payload) {
      const contents = windows.get(plane);
      if (!contents || contents.isDestroyed()) return false;
      const events: Record<string, z.ZodType> = contract[plane].events;
      // SECURITY: S3 S4 what the schema does not name does not leave.
      contents.send(channel(plane, 'event', name), events[name]?.parse(payload));
      return true;
    },
  };
}

/** The refusal stands, whether the log can still be written or not. */
function settled(writing: Promise<void>): Promise<void> {
  return writing.catch(() => undefined);
}

function isPlain(given: unknown): boolean {
  return Object.prototype.toString.call(given) === '[object Object]';
}

/** Names the first field that is wrong, never its value. SECURITY: S12 */
function fieldOf(error: z.ZodError): string {
  return (error.issues[0]?.path.map(String).join('.') || 'arguments').slice(0, 100);
}
