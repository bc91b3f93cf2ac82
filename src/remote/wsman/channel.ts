import { AuthError } from '../auth/error.ts';
import type { AuthContext, MessageSealing } from '../auth/context.ts';
import { RemoteError } from '../error.ts';
import { ProtocolError } from '../psrp/error.ts';
import type { TransportFacts } from '../transport.ts';
import type { Endpoint } from './failures.ts';
import { authenticationFailed, unexpectedStatus } from './failures.ts';
import { isSealedType, readSealed, sealedType, writeSealed } from './framing.ts';
import type { HttpConnection } from './http.ts';
import type { HttpResponse } from './http-message.ts';
import type { WinRmLimits } from './limits.ts';
import type { SoapText } from './soap-text.ts';
import { readSoapText } from './soap-text.ts';

/** What a channel is made of: a fresh connection, and its own authentication. */
export interface ChannelParts {
  /** As errors name the server. */
  readonly server: string;
  readonly endpoint: Endpoint;
  readonly http: HttpConnection;
  readonly auth: AuthContext;
  /** What TLS negotiated, for people; undefined over http. */
  readonly tls: string | undefined;
  readonly limits: WinRmLimits;
}

const soapType = 'application/soap+xml;charset=UTF-8';
const nothing = Buffer.alloc(0);
/** How errors name the requests that only authenticate. */
export const authenticating = 'authentication';
/** Most tokens of one authentication. */
const mostSteps = 8;

/**
 * One TCP connection with its authentication and its sealing state, which are worth nothing apart. One request at a
 * time. After a failure it is of no use any more; whoever owns it makes another one.
 */
export class Channel {
  /** When its last answer came, in milliseconds since 1970: by the clock, since timers sleep when the machine does. */
  lastUsed = Date.now();
  private readonly parts: ChannelParts;
  private broken = false;
  private lastResponse: HttpResponse | undefined;

  constructor(parts: ChannelParts) {
    this.parts = parts;
  }

  get usable(): boolean {
    return !this.broken && this.parts.http.open;
  }

  /** How this connection is authenticated and encrypted. */
  get facts(): TransportFacts {
    const { auth, tls } = this.parts;
    return { authentication: auth.name, encryption: tls ?? (auth.sealing === undefined ? undefined : `${auth.name} message encryption`) };
  }

  /**
   * Authenticates where that has not happened yet, sends a SOAP request and gives the answer.
   * @param tried names the request in errors
   * @throws RemoteError, CutError, SilenceError, ProtocolError
   */
  async post(soap: string, milliseconds: number, tried: string): Promise<SoapText> {
    const { auth, server, endpoint } = this.parts;
    try {
      const plain = Buffer.from(soap, 'utf8');
      const response = await this.authenticated(plain, milliseconds, tried);
      this.lastUsed = Date.now();
      if (response.status === 401) {
        await auth.step(challengesOf(response));
        throw unexpectedStatus(server, endpoint, tried, response);
      }
      return await this.answer(response, tried);
    } catch (error) {
      this.destroy();
      throw error instanceof AuthError ? authenticationFailed(server, endpoint, error, this.lastResponse) : error;
    }
  }

  destroy(): void {
    this.broken = true;
    this.parts.http.destroy();
    this.parts.auth.dispose();
  }

  /** The answer to a request on an authenticated connection; over https it may ride on the last token. */
  private async authenticated(plain: Buffer, milliseconds: number, tried: string): Promise<HttpResponse> {
    const { auth, endpoint } = this.parts;
    if (auth.complete) return await this.exchange(auth.perRequest ? await auth.step(undefined) : undefined, plain, milliseconds, tried);
    let challenges: readonly string[] | undefined;
    for (let i = 0; i < mostSteps; i++) {
      const token = await auth.step(challenges);
      if (!this.parts.http.open) throw this.closedBetweenSteps();
      // The first token of NTLM is never the last; a body before the last one would be sent for nothing.
      const rides = endpoint.scheme === 'https' && i > 0;
      const response = await this.exchange(token, rides ? plain : nothing, rides ? milliseconds : this.parts.limits.handshake, rides ? tried : authenticating);
      challenges = challengesOf(response);
      if (response.status === 401) {
        if (token === undefined) throw unexpectedStatus(this.parts.server, endpoint, 'Authentication', response);
        continue;
      }
      await auth.step(challenges);
      if (!isComplete(auth)) throw this.incomplete();
      if (rides) return response;
      if (response.status !== 200) throw unexpectedStatus(this.parts.server, endpoint, 'Authentication', response);
      return await this.exchange(undefined, plain, milliseconds, tried);
    }
    throw this.incomplete();
  }

  /** The one place where bytes leave: over http a body is sealed or there is none. */
  private async exchange(authorization: string | undefined, plain: Buffer, milliseconds: number, tried: string): Promise<HttpResponse> {
    const { http, endpoint, auth } = this.parts;
    const headers: Record<string, string> = { 'Connection': 'Keep-Alive', ...authorization === undefined ? {} : { Authorization: authorization } };
    let body = plain;
    headers['Content-Type'] = soapType;
    if (plain.length > 0 && endpoint.scheme === 'http') {
      const { sealing } = auth;
      if (sealing === undefined) throw new Error('A body was about to be sent over http without being sealed.');
      const sealed = await this.seal(sealing, plain);
      body = sealed;
      headers['Content-Type'] = sealedType(sealing.protocol);
    }
    const response = await http.post(headers, body, milliseconds, tried);
    this.lastResponse = response;
    return response;
  }

  private async seal(sealing: MessageSealing, plain: Buffer): Promise<Buffer> {
    return writeSealed(sealing.protocol, plain.length, await sealing.seal(plain));
  }

  /** What an answer says. Over http one that is not sealed proves nothing and is not read. */
  private async answer(response: HttpResponse, tried: string): Promise<SoapText> {
    const { server, endpoint, auth } = this.parts;
    const type = response.headers.get('content-type')?.[0] ?? '';
    if (endpoint.scheme === 'http') {
      if (!isSealedType(type)) {
        if (response.status === 200) throw new ProtocolError('The server answered a sealed request with an answer that is not sealed.', { quoted: type });
        throw unexpectedStatus(server, endpoint, tried, { ...response, body: nothing });
      }
      const { sealing } = auth;
      if (sealing === undefined) throw new ProtocolError('A sealed answer came before authentication was complete.');
      const pieces: Uint8Array[] = [];
      for (const { header, data } of readSealed(response.body)) pieces.push(await sealing.unseal(header, data));
      const [only] = pieces;
      return readSoapText(pieces.length === 1 && only !== undefined ? Buffer.from(only.buffer, only.byteOffset, only.byteLength) : Buffer.concat(pieces));
    }
    if (response.body.length === 0 || !/\b(?:soap\+xml|text\/xml|application\/xml)\b/i.test(type)) throw unexpectedStatus(server, endpoint, tried, response);
    return readSoapText(response.body);
  }

  private incomplete(): RemoteError {
    return new RemoteError({ reason: 'authentication-failed', server: this.parts.server, message: 'Authentication did not come to an end.', remedy: 'Check that the address is that of a Windows Remote Management listener.' });
  }

  private closedBetweenSteps(): RemoteError {
    return new RemoteError({
      reason: 'bad-peer', server: this.parts.server,
      message: 'The connection was closed in the middle of the authentication.',
      remedy: 'Something on the way (a proxy, a load balancer) does not keep connections open, which NTLM and Kerberos need: connect without it.',
    });
  }
}

/** Asked anew: the last step may have changed it. */
function isComplete(auth: AuthContext): boolean {
  return auth.complete;
}

function challengesOf(response: HttpResponse): readonly string[] {
  return response.headers.get('www-authenticate') ?? [];
}
