import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP relay in front of a listener: it counts, keeps what the client sent, and cuts. */
export class WinRmRelay implements AsyncDisposable {
  /** Connections that were opened through it. */
  connections = 0;
  /** HTTP requests in clear heads: over https there are none to see. */
  requests = 0;
  /** Everything that went by, in both directions, up to 16 MiB. */
  readonly seen: Buffer[] = [];
  /** Called with the number of each request as it goes by; true cuts its connection instead of passing it on. */
  cut: ((request: number, head: string) => 'before' | 'after' | undefined) | undefined;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #kept = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(target: number): Promise<WinRmRelay> {
    const server = createServer();
    const relay = new WinRmRelay(server);
    server.on('connection', (client) => { relay.#relay(client, target); });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Cuts every connection. */
  cutAll(): void {
    for (const socket of [...this.#open]) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.cutAll();
    await once(this.#server, 'close');
  }

  #relay(client: Socket, target: number): void {
    this.connections++;
    this.#open.add(client);
    const server = connect({ host: '127.0.0.1', port: target, noDelay: true });
    client.setNoDelay(true);
    const end = (): void => {
      this.#open.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    let cutAnswer = false;
    client.on('data', (bytes) => {
      this.#keep(bytes);
      // The client writes each request at once.
      if (bytes.toString('latin1', 0, 12) === 'POST /wsman?') {
        this.requests++;
        const verdict = this.cut?.(this.requests, bytes.toString('latin1', 0, 1000));
        if (verdict === 'before') {
          end();
          return;
        }
        cutAnswer = verdict === 'after';
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (cutAnswer) {
        end();
        return;
      }
      this.#keep(bytes);
      client.write(bytes);
    });
  }

  #keep(bytes: Buffer): void {
    if (this.#kept > 16 * 2 ** 20) return;
    this.#kept += bytes.length;
    this.seen.push(bytes);
  }
}
