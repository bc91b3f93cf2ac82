/** Why Kerberos did not work, as far as it changes what happens next. */
export type KerberosFailureKind =
  /** There is no ticket, or none for this user. */
  | 'no-ticket'
  /** The KDC does not know the service principal name. */
  | 'service-unknown'
  /** The KDC refused user or password: another attempt could lock the account. */
  | 'credentials-refused'
  | 'clock-skew'
  /** No KDC, no realm, or anything else. */
  | 'other';

/** What GSSAPI or SSPI reported. The message is the system's own text. */
export class KerberosFailure extends Error {
  override readonly name = 'KerberosFailure';
  readonly kind: KerberosFailureKind;

  constructor(kind: KerberosFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Where the error codes of RFC 4120, 7.5.9 begin in both MIT's and Heimdal's table. */
const tableBase = -1765328384;

/** KDC error codes (RFC 4120, 7.5.9) with a meaning of their own here. */
const kinds: Readonly<Record<number, KerberosFailureKind>> = {
  6: 'credentials-refused', // KDC_ERR_C_PRINCIPAL_UNKNOWN
  7: 'service-unknown', // KDC_ERR_S_PRINCIPAL_UNKNOWN
  18: 'credentials-refused', // KDC_ERR_CLIENT_REVOKED
  23: 'credentials-refused', // KDC_ERR_KEY_EXPIRED
  24: 'credentials-refused', // KDC_ERR_PREAUTH_FAILED
  31: 'credentials-refused', // KRB_AP_ERR_BAD_INTEGRITY: the key made of the password does not fit
  37: 'clock-skew', // KRB_AP_ERR_SKEW
};

/** GSS_S_NO_CRED and GSS_S_CREDENTIALS_EXPIRED (RFC 2744, 3.9.1). */
const noCredentials = 7;
const credentialsExpired = 11;

/** What a GSSAPI status means. */
export function kindOfStatus(major: number, minor: number): KerberosFailureKind {
  const known = kinds[(minor | 0) - tableBase];
  if (known !== undefined) return known;
  const routine = (major >>> 16) & 0xff;
  return routine === noCredentials || routine === credentialsExpired ? 'no-ticket' : 'other';
}
