import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP relay on this machine that counts bytes, both ways together. */
export class ByteTap implements AsyncDisposable {
  bytes = 0;
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(target: number): Promise<ByteTap> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const tap = new ByteTap(server);
    server.on('connection', (client) => {
      const behind = connect({ host: '127.0.0.1', port: target, noDelay: true });
      for (const [from, to] of [[client, behind], [behind, client]] as const) {
        tap.#sockets.add(from);
        from.on('data', (chunk) => { tap.bytes += chunk.length; }).on('error', () => { to.destroy(); }).on('close', () => { tap.#sockets.delete(from); });
        from.pipe(to);
      }
    });
    return tap;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
