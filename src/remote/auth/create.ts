import { basicContext } from './basic.ts';
import { certificateContext } from './certificate.ts';
import type { AuthContext, AuthOptions } from './context.ts';
import { kerberosContext, negotiateContext } from './negotiate.ts';
import { ntlmContext } from './ntlm/context.ts';

/**
 * The authentication of one new connection. Nothing has been sent when it resolves; for Negotiate and Kerberos a ticket
 * may have been fetched.
 * @throws AuthError where the options cannot work: Basic over http, no password for NTLM, no ticket for Kerberos
 */
export async function createAuthContext(options: AuthOptions): Promise<AuthContext> {
  switch (options.auth) {
    case 'basic': return basicContext(options);
    case 'certificate': return certificateContext(options);
    case 'ntlm': return ntlmContext(options);
    case 'kerberos': return await kerberosContext(options);
    case 'negotiate': return await negotiateContext(options);
  }
}
