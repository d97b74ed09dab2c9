/**
 * A line that delays, cuts, doubles, exchanges and spoils what goes over it, byte by byte: TLS has to answer for
 * whatever is not in its order.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';

export const lineFaults = ['delayed', 'cut', 'doubled', 'exchanged', 'spoilt'] as const;
export type LineFault = (typeof lineFaults)[number];

const LONGEST_DELAY_MS = 150;
/** How long a piece is held back for another one to overtake it. */
const HOLD_MS = 50;

export class BadLine {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #random: Random;
  readonly #onFault: (fault: LineFault) => void;
  /** Chance that something happens to a piece. */
  chance = 0;

  private constructor(target: number, random: Random, onFault: (fault: LineFault) => void) {
    this.#random = random;
    this.#onFault = onFault;
    this.#server = createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      this.#carry(socket, onward);
      this.#carry(onward, socket);
    });
  }

  /** @param target Port on the loopback address. */
  static async open(target: number, random: Random, onFault: (fault: LineFault) => void): Promise<BadLine> {
    const line = new BadLine(target, random, onFault);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #carry(from: Socket, to: Socket): void {
    this.#open.add(from);
    from.on('close', () => {
      this.#open.delete(from);
      to.destroy();
    });
    from.on('error', () => to.destroy());
    let last = Promise.resolve();
    let held: Buffer | undefined;
    const write = (bytes: Buffer) => {
      if (!to.destroyed) to.write(bytes);
    };
    from.on('data', (piece: Buffer) => {
      last = last.then(async () => {
        const fault = this.#draw();
        if (held) {
          // What came later goes first.
          const before = held;
          held = undefined;
          write(piece);
          write(before);
          return;
        }
        switch (fault) {
          case 'delayed':
            await delay(this.#random.below(LONGEST_DELAY_MS));
            return write(piece);
          case 'cut':
            write(piece.subarray(0, this.#random.below(piece.length)));
            return void from.destroy();
          case 'doubled':
            write(piece);
            return write(piece);
          case 'exchanged':
            held = piece;
            // The last of a row has nothing to be exchanged with.
            setTimeout(() => {
              if (held !== piece) return;
              held = undefined;
              write(piece);
            }, HOLD_MS);
            return;
          case 'spoilt': {
            const at = this.#random.below(piece.length);
            return write(Buffer.from(piece.with(at, (piece[at] ?? 0) ^ (1 << this.#random.below(8)))));
          }
          default:
            return write(piece);
        }
      });
    });
    from.on('end', () => {
      void last.then(() => to.end());
    });
  }

  #draw(): LineFault | undefined {
    if (!this.#random.chance(this.chance)) return undefined;
    const fault = this.#random.pick(lineFaults);
    this.#onFault(fault);
    return fault;
  }
}
