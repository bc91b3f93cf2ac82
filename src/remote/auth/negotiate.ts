import type { AuthContext, AuthOptions } from './context.ts';
import { ntlmSession } from './ntlm/context.ts';
import { SpnegoSession } from './spnego/session.ts';
import { TokenContext } from './token-context.ts';

/** SPNEGO (RFC 4559, RFC 4178) around NTLMv2. @throws AuthError */
export function negotiateContext(options: AuthOptions): Promise<AuthContext> {
  return Promise.resolve().then(() => new TokenContext({
    session: new SpnegoSession(ntlmSession(options)), scheme: 'Negotiate', negotiated: true, seals: options.scheme === 'http', user: options.user, note: undefined,
  }));
}
