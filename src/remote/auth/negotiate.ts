import type { AuthContext, AuthOptions } from './context.ts';
import type { AuthError } from './error.ts';
import { openKerberos } from './kerberos/open.ts';
import type { SecurityMechanism } from './mechanism.ts';
import { ntlmSession } from './ntlm/context.ts';
import { SpnegoSession } from './spnego/session.ts';
import { TokenContext } from './token-context.ts';
import { RawSession } from './token-session.ts';

/** Kerberos' own tokens under the scheme Kerberos (MS-WSMV 2.2.9.1). @throws AuthError where there is no ticket */
export async function kerberosContext(options: AuthOptions): Promise<AuthContext> {
  const opened = await openKerberos(options);
  if ('unavailable' in opened) throw opened.unavailable;
  return new TokenContext({ session: new RawSession(opened.session), scheme: 'Kerberos', negotiated: false, seals: options.scheme === 'http', user: options.user, note: undefined });
}

/**
 * SPNEGO (RFC 4559, RFC 4178): Kerberos where there is a ticket or the KDC takes the password, with NTLMv2 to fall back
 * on where there is a password; NTLMv2 alone where Kerberos cannot be had.
 * @throws AuthError where neither can be had, or where the KDC refused the user
 */
export async function negotiateContext(options: AuthOptions): Promise<AuthContext> {
  const opened = await openKerberos(options);
  const offered: SecurityMechanism[] = [];
  let note: AuthError | undefined;
  if ('unavailable' in opened) note = opened.unavailable;
  else offered.push(opened.session);
  if (options.user !== undefined && options.password !== undefined) offered.push(ntlmSession(options));
  const [preferred, ...others] = offered;
  if (preferred === undefined) throw note ?? new TypeError('Kerberos neither works nor fails');
  return new TokenContext({ session: new SpnegoSession(preferred, ...others), scheme: 'Negotiate', negotiated: true, seals: options.scheme === 'http', user: options.user, note: note?.message });
}
