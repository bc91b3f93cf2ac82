import type { SealedMessage } from '../context.ts';

/** One security context of the operating system's Kerberos, as GSSAPI or SSPI keeps it. Calls never overlap. */
export interface NativeContext {
  /** The next token of the handshake; `done` where no answer to it is due. @throws KerberosFailure */
  step(token: Uint8Array | undefined): Promise<{ readonly token: Uint8Array | undefined; readonly done: boolean }>;
  sign(message: Uint8Array): Promise<Uint8Array>;
  verify(message: Uint8Array, signature: Uint8Array): Promise<void>;
  seal(plain: Uint8Array): Promise<SealedMessage>;
  unseal(header: Uint8Array, data: Uint8Array): Promise<Uint8Array>;
  /** Frees what the operating system keeps. */
  release(): void;
}

/** The operating system's Kerberos. */
export interface NativeKerberos {
  /** A context for one service, with the credentials that the options name. @throws KerberosFailure */
  open(options: NativeOptions): Promise<NativeContext>;
}

export interface NativeOptions {
  /** As `host/server.example`. */
  readonly service: string;
  /** `user@REALM`; undefined: whoever the ticket cache or the log-on session says. */
  readonly principal: KerberosPrincipal | undefined;
  /** Given once per call, so that the plain text lives no longer than that. */
  readonly password: (() => string) | undefined;
  readonly channelBinding: Uint8Array | undefined;
}

/** A user of a realm; the realm is undefined where only the system's default can tell. */
export interface KerberosPrincipal {
  readonly user: string;
  readonly realm: string | undefined;
}
