import type { AuthContext, AuthOptions } from './context.ts';
import { openKerberos } from './kerberos/open.ts';
import { SlowRefusals } from './kerberos/slow-refusals.ts';
import { ntlmSession } from './ntlm/context.ts';
import { SpnegoSession } from './spnego/session.ts';
import { TokenContext } from './token-context.ts';
import { RawSession, type TokenSession } from './token-session.ts';

const slow = new SlowRefusals();

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
  const opened = await slow.orOpen(`${options.user ?? ''}\n${options.host}`, () => openKerberos(options));
  const hasPassword = options.user !== undefined && options.password !== undefined;
  const through = (session: TokenSession, note?: string): AuthContext =>
    new TokenContext({ session, scheme: 'Negotiate', negotiated: true, seals: options.scheme === 'http', user: options.user, note });
  if ('session' in opened) return through(new SpnegoSession(opened.session, ...hasPassword ? [ntlmSession(options)] : []));
  if (!hasPassword) throw opened.unavailable;
  return through(new SpnegoSession(ntlmSession(options)), opened.unavailable.message);
}
