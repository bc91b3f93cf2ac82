import type { Socket } from 'node:net';
import { openTcp as open, type TcpOptions as Place } from '../tcp.ts';
import { cancelled, tooSlow, unreachable } from './failures.ts';

/** Where to connect, and for how long to try. */
export interface TcpOptions extends Place {
  /** As errors name the server. */
  readonly server: string;
  /** ` through the proxy NAME`, or nothing, for errors. */
  readonly through?: string;
}

/** Opens a TCP connection (tcp.ts) with WinRM's errors. Rejects with a RemoteError. */
export function openTcp(options: TcpOptions): Promise<Socket> {
  const { server, milliseconds, through = '' } = options;
  return open(options, {
    cancelled: () => cancelled(server),
    unreachable: (error) => unreachable(server, error, through),
    tooSlow: () => tooSlow(server, 'TCP', milliseconds),
  });
}
