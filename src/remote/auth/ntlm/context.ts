import type { AuthContext, AuthOptions } from '../context.ts';
import { AuthError } from '../error.ts';
import { TokenContext } from '../token-context.ts';
import { RawSession } from '../token-session.ts';
import { accountOf } from './hash.ts';
import { NtlmSession } from './session.ts';

/** An NTLMv2 session for these options. @throws AuthError where user or password is missing */
export function ntlmSession(options: AuthOptions): NtlmSession {
  const { user, password } = options;
  if (user === undefined || user === '') throw new AuthError('authentication-failed', 'NTLM needs a user.', 'Add user: to the entry, or to the defaults of its group.');
  if (password === undefined) throw new AuthError('authentication-failed', `NTLM needs the password of ${user}.`, 'Connect again and enter it, or get a Kerberos ticket and set auth: kerberos.');
  return new NtlmSession({ account: accountOf(user), password, targetName: `host/${options.host}`, channelBinding: options.channelBinding });
}

/** Raw NTLM tokens under the Negotiate scheme, which is what WinRM offers. @throws AuthError */
export function ntlmContext(options: AuthOptions): AuthContext {
  return new TokenContext({ session: new RawSession(ntlmSession(options)), scheme: 'Negotiate', negotiated: false, seals: options.scheme === 'http', user: options.user, note: undefined });
}
