import type { PowerShellSession } from '../../session.ts';
import { openSession } from '../pool.ts';
import type { OpenOptions } from '../pool.ts';
import { defaultLimits } from '../transport.ts';
import type { WaitLimits } from '../transport.ts';
import type { ByteChannel } from './channel.ts';
import { Pump } from './pump.ts';

/** How a session is opened over a byte channel. */
export interface ChannelOptions extends OpenOptions {
  readonly limits?: Partial<WaitLimits>;
}

/** Opens a session on the PowerShell process behind a channel. On failure the channel is closed. @throws RemoteError */
export function openOverChannel(channel: ByteChannel, options: ChannelOptions): Promise<PowerShellSession> {
  return openSession(new Pump(channel, { ...defaultLimits, ...options.limits }), options);
}
