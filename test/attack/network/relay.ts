/** Somebody in the line between counter and central: passes everything on, or answers in central's place. */
import { createServer as createHttps, type Server as HttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Relay {
  readonly port: number;
  /** TLS handshakes that a false central was given to finish: none may be. */
  readonly handshakes: () => number;
  /** Requests that a false central got to read: none may be. */
  readonly requests: () => number;
  /** Passes everything on. */
  pass(): void;
  /** Answers in central's place, with this certificate. */
  pretend(options: ServerOptions): void;
  /** Speaks no TLS at all. */
  speakPlain(): void;
  close(): Promise<void>;
}

export async function openRelay(target: string): Promise<Relay> {
  const { port: targetPort } = new URL(target);
  const open = new Set<Socket>();
  let requests = 0;
  let handshakes = 0;
  let take: (socket: Socket) => void;
  let rogue: HttpsServer | undefined;

  const forget = () => {
    for (const socket of open) socket.destroy();
    open.clear();
    rogue = undefined;
  };
  const pass = () => {
    forget();
    take = (socket) => {
      const onward = connect(Number(targetPort), '127.0.0.1');
      open.add(onward);
      for (const one of [socket, onward]) {
        one.on('error', () => {
          socket.destroy();
          onward.destroy();
        });
      }
      socket.pipe(onward).pipe(socket);
    };
  };
  take = () => undefined;
  pass();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    take(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    handshakes: () => handshakes,
    requests: () => requests,
    pass,
    pretend(options) {
      forget();
      rogue = createHttps(options, (_request, response) => {
        requests += 1;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ serverTime: '2020-01-01T00:00:00.000Z', policyVersion: 1 }));
      });
      rogue.on('secureConnection', () => {
        handshakes += 1;
      });
      rogue.on('tlsClientError', () => undefined);
      take = (socket) => void rogue?.emit('connection', socket);
    },
    speakPlain() {
      forget();
      take = (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    },
    close: () =>
      new Promise((resolve) => {
        forget();
        server.close(() => resolve());
      }),
  };
}
