import { connect, type Socket } from 'node:net';
import type { RemoteError } from '../error.ts';
import { cancelled, tooSlow, unreachable } from './failures.ts';

/** Where to connect, and for how long to try. */
export interface TcpOptions {
  /** As errors name the server. */
  readonly server: string;
  readonly host: string;
  readonly port: number;
  readonly milliseconds: number;
  readonly signal: AbortSignal | undefined;
  /** ` through the proxy NAME`, or nothing, for errors. */
  readonly through?: string;
}

/** Opens a TCP connection: Nagle off (requests are one write each), TCP keep-alive on. Rejects with a RemoteError. */
export function openTcp(options: TcpOptions): Promise<Socket> {
  const { server, host, port, milliseconds, signal, through = '' } = options;
  if (signal?.aborted === true) return Promise.reject(cancelled(server));
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('error', failed);
    };
    const give = (error: RemoteError): void => {
      settle();
      // A late answer of the resolver must not become an unhandled error.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => { give(cancelled(server)); };
    const failed = (error: Error): void => { give(unreachable(server, error, through)); };
    const timer = setTimeout(() => { give(tooSlow(server, 'TCP', milliseconds)); }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', failed);
    socket.once('connect', () => {
      settle();
      // It may break before somebody else listens.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
