import type { SecureString, WinRmAuth } from '../../session.ts';

/** One sealed message in the parts that MS-WSMV 2.2.9.1 puts on the wire. */
export interface SealedMessage {
  /** What goes between its own length (32 bits, little-endian) and the ciphertext: a signature, or a Kerberos token's start. */
  readonly header: Uint8Array;
  /** The ciphertext. */
  readonly data: Uint8Array;
  /** How many bytes the mechanism added to the plain text; the multipart's `Length` is plain text plus this. */
  readonly padding: number;
}

/**
 * Seals and unseals the bodies of one authenticated TCP connection (MS-WSMV 2.2.9.1). Order matters: one message after
 * the other, each sealed one sent and each received one unsealed, since both sides count them. Calls may overlap: they
 * are worked off in the order in which they were made.
 */
export interface MessageSealing {
  /** The multipart body's protocol. */
  readonly protocol: 'application/HTTP-SPNEGO-session-encrypted' | 'application/HTTP-Kerberos-session-encrypted';
  seal(plain: Uint8Array): SealedMessage | Promise<SealedMessage>;
  /** Throws an AuthError where signature, sequence or shape is wrong; the connection is then unusable. */
  unseal(header: Uint8Array, data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The authentication of one TCP connection; a new connection needs a new one. */
export interface AuthContext {
  /** For people: `NTLM`, `Kerberos`, `Negotiate (NTLM)`, `Negotiate (Kerberos)`, `Basic`, `client certificate`. Final once `complete`. */
  readonly name: string;
  /**
   * The value of the next request's Authorization header; undefined where there is nothing more to say. To be called
   * without challenges at the start, then with every 401 (it answers or throws), and once with the answer that is not a
   * 401 to the last token: that is where a server proves itself, and where `complete` becomes true.
   * @param challenges the WWW-Authenticate values of the last answer, one a header line or joined; empty where it had none
   * @throws AuthError
   */
  step(challenges: readonly string[] | undefined): Promise<string | undefined>;
  /** True once this side needs no further answer and the server, where it can, has proved itself. */
  readonly complete: boolean;
  /** The Kerberos service that the ticket is for, as `host/server.example`; undefined for all other mechanisms. */
  readonly servicePrincipal: string | undefined;
  /** True where each request carries the header (Basic, certificate), false where the TCP connection is authenticated. */
  readonly perRequest: boolean;
  /** Present once complete over http, for NTLM, SPNEGO and Kerberos; over https TLS seals. */
  readonly sealing: MessageSealing | undefined;
  /** Forgets the keys. The context is unusable afterwards. */
  dispose(): void;
}

export interface AuthOptions {
  readonly auth: WinRmAuth;
  readonly scheme: 'http' | 'https';
  /** The server's name as the connection uses it; the service principal name is made of it. */
  readonly host: string;
  /** `user`, `DOMAIN\user` or `user@domain`; undefined: single sign-on (Kerberos). */
  readonly user: string | undefined;
  readonly password: SecureString | undefined;
  /** What channelBindingOf says of the server's certificate; undefined over http. */
  readonly channelBinding: Uint8Array | undefined;
}
