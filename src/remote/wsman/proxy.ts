import type { Socket } from 'node:net';
import { RemoteError } from '../error.ts';
import { ProtocolError } from '../psrp/error.ts';
import { cancelled, tooSlow } from './failures.ts';
import type { HttpResponse } from './http-message.ts';
import { httpLimits, ResponseReader } from './http-message.ts';
import { openTcp } from './tcp.ts';

/** Which server to reach through which proxy. */
export interface TunnelOptions {
  readonly server: string;
  /** `http://[user:password@]host[:port]`. */
  readonly proxy: string;
  readonly host: string;
  readonly port: number;
  readonly milliseconds: number;
  readonly signal: AbortSignal | undefined;
}

/** Opens a tunnel to the server by HTTP CONNECT (RFC 9110 9.3.6). Rejects with a RemoteError that names no password. */
export async function openTunnel(options: TunnelOptions): Promise<Socket> {
  const { server, host, port, milliseconds, signal } = options;
  const proxy = readProxy(server, options.proxy);
  const name = `${proxy.host}:${proxy.port}`;
  const socket = await openTcp({ server, host: proxy.host, port: proxy.port, milliseconds, signal, through: ` through the proxy ${name}` });
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const credentials = proxy.credentials === undefined ? '' : `Proxy-Authorization: Basic ${Buffer.from(proxy.credentials, 'utf8').toString('base64')}\r\n`;
  try {
    const response = await firstAnswer(socket, `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`, options, name);
    if (response.status >= 300) throw refused(server, name, response);
    return socket;
  } catch (error) {
    socket.destroy();
    if (!(error instanceof ProtocolError)) throw error;
    throw new RemoteError({ reason: 'bad-peer', server, message: `The proxy ${name} broke the HTTP protocol. ${error.message}`, remedy: 'Check the proxy setting (http.proxy, or HTTPS_PROXY for the command line).', quoted: error.quoted }, { cause: error });
  }
}

function firstAnswer(socket: Socket, request: string, { server, milliseconds, signal }: TunnelOptions, name: string): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const reader = new ResponseReader(httpLimits, true);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('data', received);
      socket.off('end', ended);
      socket.off('error', ended);
    };
    const give = (error: Error): void => {
      settle();
      socket.on('error', () => undefined);
      reject(error);
    };
    const abort = (): void => { give(cancelled(server)); };
    const ended = (): void => { give(new RemoteError({ reason: 'unreachable', server, message: `The proxy ${name} closed the connection instead of opening a way to the server.`, remedy: 'Check the proxy setting (http.proxy, or HTTPS_PROXY for the command line), and that the proxy allows this port.' })); };
    const received = (bytes: Buffer): void => {
      try {
        const response = reader.receive(bytes);
        if (response === undefined) return;
        settle();
        resolve(response);
      } catch (error) {
        give(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timer = setTimeout(() => { give(tooSlow(server, `the proxy ${name}'s CONNECT`, milliseconds)); }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('data', received);
    socket.on('end', ended);
    socket.on('error', ended);
    socket.write(request);
  });
}

function readProxy(server: string, text: string): { host: string; port: number; credentials: string | undefined } {
  const unusable = (): RemoteError => new RemoteError({ reason: 'unsupported', server, message: 'The proxy setting cannot be used for WinRM.', remedy: 'Give it as http://host:port.' });
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    throw unusable();
  }
  if (url.protocol !== 'http:' || url.hostname === '') throw unusable();
  const credentials = url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 80 : Number(url.port), credentials };
}

function refused(server: string, name: string, response: HttpResponse): RemoteError {
  const wants = response.status === 407;
  return new RemoteError({
    reason: wants ? 'authentication-failed' : 'unreachable', server,
    message: `The proxy ${name} did not open a way to the server: HTTP ${response.status}${response.reason === '' ? '' : ` ${response.reason}`}.`,
    remedy: wants ? 'Give user name and password in the proxy setting (http.proxy, or HTTPS_PROXY for the command line), or have the proxy let this host through.' : 'Check that the proxy allows CONNECT to this port, or add the host to the exceptions (http.noProxy, or NO_PROXY for the command line).',
  });
}
