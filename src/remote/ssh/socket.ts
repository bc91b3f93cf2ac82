import { connect, type Socket } from 'node:net';
import { cancelled, silent, unreachable } from './failures.ts';

/** Opens the TCP connection: Nagle off (44 ms a round trip otherwise), TCP keep-alive on. Rejects with a RemoteError. */
export function openSocket(server: string, host: string, port: number, milliseconds: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled(server));
      return;
    }
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', failed);
    };
    const give = (error: Error): void => {
      settle();
      // A late answer of the resolver must not become an unhandled error.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => { give(cancelled(server)); };
    const failed = (error: Error): void => { give(unreachable(server, error)); };
    const timer = setTimeout(() => { give(silent(server, 'tcp', milliseconds, '')); }, milliseconds);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', failed);
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}
