import type { AuthContext } from '../auth/context.ts';
import { channelBindingOf } from '../auth/channel-binding.ts';
import { AuthError } from '../auth/error.ts';
import { Channel } from './channel.ts';
import type { Endpoint } from './failures.ts';
import { authenticationFailed } from './failures.ts';
import { HttpConnection } from './http.ts';
import type { WinRmLimits } from './limits.ts';
import { openTunnel } from './proxy.ts';
import { openTcp } from './tcp.ts';
import type { TlsOptions } from './tls.ts';
import { openTls, TrustedNow } from './tls.ts';

/** How one more connection to a server is made. */
export interface ChannelSource {
  /** As errors name the server. */
  readonly server: string;
  readonly endpoint: Endpoint;
  /** The proxy for this server; undefined: none. Only for https. */
  readonly proxy: string | undefined;
  readonly limits: WinRmLimits;
  readonly tls: Pick<TlsOptions, 'ca' | 'caFile' | 'certificate' | 'key' | 'pins'>;
  /** Makes the authentication of a connection. */
  authenticate(channelBinding: Uint8Array | undefined): Promise<AuthContext>;
}

/**
 * Opens a connection; its first request authenticates it. Rejects with a RemoteError.
 * @param ask asks a person about a certificate; undefined where nobody can be asked
 */
export async function openChannel(source: ChannelSource, ask: TlsOptions['ask'], signal: AbortSignal | undefined): Promise<Channel> {
  const { server, endpoint, limits } = source;
  const path = '/wsman?PSVersion=5.1';
  const hostHeader = `${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  if (endpoint.scheme === 'http') {
    const auth = await authenticate(source, undefined);
    const socket = await openTcp({ server, host: endpoint.host, port: endpoint.port, milliseconds: limits.tcp, signal });
    return new Channel({ server, endpoint, http: new HttpConnection(socket, path, hostHeader), auth, tls: undefined, limits });
  }
  const { socket, certificate, encryption } = await secure(source, ask, signal);
  try {
    const auth = await authenticate(source, channelBindingOf(certificate));
    return new Channel({ server, endpoint, http: new HttpConnection(socket, path, hostHeader), auth, tls: encryption, limits });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function secure(source: ChannelSource, ask: TlsOptions['ask'], signal: AbortSignal | undefined): Promise<Awaited<ReturnType<typeof openTls>>> {
  const { server, endpoint: { host, port }, proxy, limits } = source;
  const connect = async (asking: TlsOptions['ask']): Promise<Awaited<ReturnType<typeof openTls>>> => {
    const raw = proxy === undefined
      ? await openTcp({ server, host, port, milliseconds: limits.tcp, signal })
      : await openTunnel({ server, proxy, host, port, milliseconds: limits.tcp, signal });
    return await openTls(raw, { ...source.tls, server, host, port, ask: asking, milliseconds: limits.tls, signal });
  };
  try {
    return await connect(ask);
  } catch (error) {
    if (!(error instanceof TrustedNow)) throw error;
    return await connect(undefined);
  }
}

async function authenticate(source: ChannelSource, channelBinding: Uint8Array | undefined): Promise<AuthContext> {
  try {
    return await source.authenticate(channelBinding);
  } catch (error) {
    throw error instanceof AuthError ? authenticationFailed(source.server, source.endpoint, error, undefined) : error;
  }
}
