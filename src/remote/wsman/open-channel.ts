import type { Socket } from 'node:net';
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

/** After how many milliseconds of making an authentication its connection is not trusted any more: somebody had to type meanwhile. */
const patience = 2000;

/** A socket that is ready for requests. */
interface Ready {
  readonly socket: Socket;
  /** The server's certificate, DER, and what TLS negotiated; undefined over http. */
  readonly tls: { readonly certificate: Uint8Array; readonly encryption: string } | undefined;
}

/**
 * Opens a connection; its first request authenticates it. The server is reached, and its certificate trusted, before anybody is
 * asked for a password. Rejects with a RemoteError.
 * @param ask asks a person about a certificate; undefined where nobody can be asked
 */
export async function openChannel(source: ChannelSource, ask: TlsOptions['ask'], signal: AbortSignal | undefined): Promise<Channel> {
  const { server, endpoint, limits } = source;
  const hostHeader = `${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  for (let attempt = 1; ; attempt++) {
    const { socket, tls } = await reach(source, ask, signal);
    const started = Date.now();
    let auth: AuthContext;
    try {
      auth = await authenticate(source, tls === undefined ? undefined : channelBindingOf(tls.certificate));
    } catch (error) {
      socket.destroy();
      throw error;
    }
    if (attempt > 1 || (Date.now() - started < patience && !socket.destroyed)) {
      return new Channel({ server, endpoint, http: new HttpConnection(socket, '/wsman?PSVersion=5.1', hostHeader), auth, tls: tls?.encryption, limits });
    }
    auth.dispose();
    socket.destroy();
  }
}

async function reach(source: ChannelSource, ask: TlsOptions['ask'], signal: AbortSignal | undefined): Promise<Ready> {
  const { server, endpoint: { scheme, host, port }, limits } = source;
  if (scheme === 'http') return { socket: await openTcp({ server, host, port, milliseconds: limits.tcp, signal }), tls: undefined };
  const { socket, certificate, encryption } = await secure(source, ask, signal);
  return { socket, tls: { certificate, encryption } };
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
