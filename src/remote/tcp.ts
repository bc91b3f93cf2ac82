import { connect, type Socket } from 'node:net';
import type { RemoteError } from './error.ts';

/** Where to connect, and for how long to try. */
export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly milliseconds: number;
  readonly signal: AbortSignal | undefined;
}

/** What a transport says where there is no connection. */
export interface TcpFailures {
  cancelled(): RemoteError;
  unreachable(error: Error): RemoteError;
  tooSlow(): RemoteError;
}

/**
 * Opens a TCP connection: Nagle off (44 ms a round trip otherwise), TCP keep-alive on. An error that comes before somebody
 * listens for it is not lost on the process: the socket is then closed. Rejects with one of `failures`.
 */
export function openTcp({ host, port, milliseconds, signal }: TcpOptions, failures: TcpFailures): Promise<Socket> {
  if (signal?.aborted === true) return Promise.reject(failures.cancelled());
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    // Also a late answer of the resolver must not become an unhandled error.
    socket.on('error', () => undefined);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('error', failed);
    };
    const give = (error: RemoteError): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const abort = (): void => { give(failures.cancelled()); };
    const failed = (error: Error): void => { give(failures.unreachable(error)); };
    const timer = setTimeout(() => { give(failures.tooSlow()); }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', failed);
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}
