/** The line of one counter to central, to be cut and mended: other counters keep theirs. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Intercept } from '../../central/app.ts';

export class Line {
  readonly #deviceId: string;
  readonly #sockets = new Set<Socket>();
  #down = false;

  constructor(deviceId: string) {
    this.#deviceId = deviceId;
  }

  /** Goes into central's options. */
  readonly intercept: Intercept = (request) => {
    const { socket } = request.raw;
    if (!(socket instanceof TLSSocket)) return false;
    if (socket.getPeerCertificate().subject?.CN !== this.#deviceId) return false;
    if (this.#down) {
      socket.destroy();
      return true;
    }
    this.#sockets.add(socket);
    return false;
  };

  /** Streams that are open end as well. */
  cut(): void {
    this.#down = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  mend(): void {
    this.#down = false;
  }
}
