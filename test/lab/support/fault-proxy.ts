import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HttpSplitter } from './http-splitter.ts';

/** What happens to one message on its way; `stall`: neither it nor anything after it on this connection arrives. */
export type FaultKind = 'cut' | 'truncate' | 'delay' | 'stall';

export interface Fault {
  /** Which message, counted over all connections and both directions, from 0. */
  readonly index: number;
  readonly kind: FaultKind;
  /** After that one, each so many messages later is struck as well; absent: it alone is. */
  readonly every?: number;
}

/** Milliseconds that a delayed message is late. */
const lateness = 3000;

/** A message that was struck. */
export interface Strike {
  readonly index: number;
  /** In the words of its first line. */
  readonly what: string;
}

/** A TCP proxy before an HTTP server on this machine that does something to one message, or to some. */
export class FaultProxy implements AsyncDisposable {
  readonly port: number;
  /** Messages that have passed or been struck. */
  messages = 0;
  readonly struck: Strike[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(target: number, fault: Fault | undefined): Promise<FaultProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new FaultProxy(server);
    server.on('connection', (client) => { proxy.#join(client, target, fault); });
    return proxy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, target: number, fault: Fault | undefined): void {
    const server = connect({ host: '127.0.0.1', port: target, noDelay: true });
    const pair = [client, server] as const;
    const end = (): void => { for (const socket of pair) socket.destroy(); };
    for (const socket of pair) {
      this.#sockets.add(socket);
      socket.on('error', end).on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    this.#pass(client, server, fault, end);
    this.#pass(server, client, fault, end);
  }

  /** Forwards whole messages, in order, each after the one before it. */
  #pass(from: Socket, to: Socket, fault: Fault | undefined, end: () => void): void {
    const splitter = new HttpSplitter();
    let tail = Promise.resolve();
    let stalled = false;
    from.on('data', (chunk: Buffer) => {
      for (const message of splitter.receive(chunk)) {
        const index = this.messages++;
        tail = tail.then(async () => {
          // A write after the other side has gone is an error of that socket, which ends the pair.
          if (stalled) return;
          if (fault === undefined || !strikes(fault, index)) {
            to.write(message);
            return;
          }
          this.struck.push({ index, what: `${fault.kind} of ${message.toString('latin1', 0, 200).split('\r\n', 1)[0] ?? ''} (${message.length} bytes)` });
          if (fault.kind === 'stall') stalled = true;
          else if (fault.kind === 'cut') end();
          else if (fault.kind === 'truncate') to.write(message.subarray(0, message.length >> 1), end);
          else {
            await this.#wait();
            to.write(message);
          }
        });
      }
    });
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, lateness);
      this.#timers.add(timer);
    });
  }
}

function strikes(fault: Fault, index: number): boolean {
  return index === fault.index || (fault.every !== undefined && index > fault.index && (index - fault.index) % fault.every === 0);
}
