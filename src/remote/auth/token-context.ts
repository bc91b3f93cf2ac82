import { offeredSchemes, readChallenges, type HttpChallenge } from './challenges.ts';
import type { AuthContext, MessageSealing } from './context.ts';
import { AuthError, badToken } from './error.ts';
import { OrderedSealing } from './sealing.ts';
import type { TokenSession } from './token-session.ts';

/** Most tokens of the server that are taken; NTLM needs one or two, Kerberos one. */
const mostTokens = 10;

export interface TokenContextOptions {
  readonly session: TokenSession;
  /** The HTTP authentication scheme that carries the tokens (RFC 4559). */
  readonly scheme: 'Negotiate' | 'Kerberos';
  /** True where the name says that SPNEGO picked. */
  readonly negotiated: boolean;
  /** Over https TLS seals. */
  readonly seals: boolean;
  /** As the person gave it, for errors; undefined: single sign-on. */
  readonly user: string | undefined;
  /** Why a better mechanism was not used; told where this one fails. */
  readonly note: string | undefined;
}

/** Authentication of the TCP connection by tokens in HTTP headers (RFC 4559; MS-WSMV 2.2.9.1). */
export class TokenContext implements AuthContext {
  readonly perRequest = false;
  complete = false;
  sealing: MessageSealing | undefined;
  readonly #options: TokenContextOptions;
  #started = false;
  #tokens = 0;

  constructor(options: TokenContextOptions) {
    this.#options = options;
  }

  get name(): string {
    const { label } = this.#options.session.mechanism;
    return this.#options.negotiated ? `Negotiate (${label})` : label;
  }

  get servicePrincipal(): string | undefined {
    return this.#options.session.mechanism.servicePrincipal;
  }

  async step(challenges: readonly string[] | undefined): Promise<string | undefined> {
    const { session, scheme } = this.#options;
    if (challenges === undefined) {
      if (this.#started) throw badToken('The authentication of a connection was started twice.');
      this.#started = true;
      return this.#header(await session.step(undefined));
    }
    const offered = readChallenges(challenges);
    const token = this.complete ? undefined : offered.find((challenge) => challenge.scheme === scheme.toLowerCase() && challenge.token !== undefined)?.token;
    if (token !== undefined) {
      this.#tokens += 1;
      if (this.#tokens > mostTokens) throw badToken(`The server answered with more than ${mostTokens} authentication tokens.`);
      const next = await session.step(token);
      if (next === undefined) this.#established(session.complete);
      return this.#header(next);
    }
    if (offered.length > 0) throw this.#refused(offered);
    if (!this.complete) this.#established(session.provedWithoutToken);
    return undefined;
  }

  #established(proved: boolean): void {
    const { session, scheme, seals } = this.#options;
    if (!proved) throw badToken('The server accepted the connection without proving who it is.');
    this.complete = true;
    if (seals) this.sealing = new OrderedSealing(session.mechanism, `application/HTTP-${scheme === 'Kerberos' ? 'Kerberos' : 'SPNEGO'}-session-encrypted`);
  }

  #header(token: Uint8Array | undefined): string | undefined {
    return token === undefined ? undefined : `${this.#options.scheme} ${Buffer.from(token).toString('base64')}`;
  }

  #refused(offered: readonly HttpChallenge[]): AuthError {
    const { session, scheme, user, note } = this.#options;
    const { label, servicePrincipal } = session.mechanism;
    const because = note === undefined ? '' : ` Kerberos was not used: ${note}`;
    if (!offered.some((challenge) => challenge.scheme === scheme.toLowerCase())) {
      return new AuthError('unsupported', `The server does not take ${scheme} authentication; it offers ${offeredSchemes(offered)}.${because}`, 'Set auth: for this server to one that it offers, or allow this one there (winrm get winrm/config/service/auth).');
    }
    if (this.complete) return new AuthError('authentication-failed', 'The server no longer accepts the authentication of this connection.', 'Connect again.');
    if (label === 'Kerberos') {
      return new AuthError('authentication-failed', `The server refused the Kerberos ticket for ${servicePrincipal ?? 'its service'}.${because}`, 'Check that the clocks agree, that the name is the server\'s own and no alias, and that the account may log on remotely (local group Remote Management Users or Administrators).');
    }
    const who = user ?? 'the user';
    return this.#tokens === 0
      ? new AuthError('authentication-failed', `The server refused to start NTLM.${because}`, 'NTLM may be switched off by policy there: use Kerberos, or https with a certificate.')
      : new AuthError('authentication-failed', `The server refused the NTLM log-on of ${who}.${because}`, 'Check the user name (DOMAIN\\user) and the password; more attempts could lock the account. Over https a server with CbtHardeningLevel Strict also refuses a client behind a proxy that opens TLS.');
  }

  dispose(): void {
    this.#options.session.dispose();
  }
}
