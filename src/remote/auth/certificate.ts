import type { AuthContext, AuthOptions } from './context.ts';
import { AuthError } from './error.ts';

/** The profile that says "look at the TLS client certificate" (DSP0226, C.4; MS-WSMV 2.2.9). */
const mutualHttps = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

/**
 * Authentication by the client certificate of the TLS connection, which Windows maps to a local account.
 * @throws AuthError over http
 */
export function certificateContext(options: AuthOptions): AuthContext {
  if (options.scheme !== 'https') throw new AuthError('unsupported', 'A client certificate can be used over https only.', 'Set scheme: https for this server.');
  return {
    name: 'client certificate',
    servicePrincipal: undefined,
    complete: true,
    perRequest: true,
    sealing: undefined,
    step: (challenges) => challenges === undefined ? Promise.resolve(mutualHttps)
      : challenges.length === 0 ? Promise.resolve(undefined)
      : Promise.reject(new AuthError('authentication-failed', 'The server refused the client certificate.', 'Check on the server that certificate authentication is allowed (winrm get winrm/config/service/auth) and that the certificate is mapped to a local account (winrm enumerate winrm/config/service/certmapping).')),
    dispose: () => undefined,
  };
}
