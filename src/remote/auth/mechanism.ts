import type { SealedMessage } from './context.ts';

/** A GSS-API security mechanism on the initiator's side (RFC 2743), as far as WinRM needs one. */
export interface SecurityMechanism {
  /** Its object identifier, dotted. */
  readonly oid: string;
  /** Other identifiers under which a server may accept it. */
  readonly aliases: readonly string[];
  /** For people. */
  readonly label: 'NTLM' | 'Kerberos';
  /** The Kerberos service that the ticket is for, once there is one. */
  readonly servicePrincipal: string | undefined;
  /**
   * Takes the peer's token (undefined at the start) and gives the next one; undefined where there is none to send.
   * @throws AuthError
   */
  step(token: Uint8Array | undefined): Promise<Uint8Array | undefined>;
  /** True once the mechanism needs no further token: it can then sign, verify, seal and unseal. */
  readonly complete: boolean;
  /** GSS_GetMIC. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** GSS_VerifyMIC. @throws AuthError where the signature is wrong */
  verify(message: Uint8Array, signature: Uint8Array): Promise<void>;
  /** Called once this side has signed, and once it has verified, SPNEGO's list of mechanisms. */
  afterListSignature(side: 'signed' | 'verified'): void;
  /** GSS_Wrap in the form of MS-WSMV 2.2.9.1.1.2.2. */
  seal(plain: Uint8Array): Promise<SealedMessage>;
  /** @throws AuthError where the message is not genuine */
  unseal(header: Uint8Array, data: Uint8Array): Promise<Uint8Array>;
  dispose(): void;
}
