import type { AuthContext, AuthOptions } from './context.ts';
import { AuthError } from './error.ts';

/**
 * Basic authentication (RFC 7617, UTF-8), over https only: the password itself travels with each request.
 * @throws AuthError over http, or where user or password is missing, before anything is sent
 */
export function basicContext(options: AuthOptions): AuthContext {
  const { user, password } = options;
  if (options.scheme !== 'https') throw new AuthError('unsupported', 'Basic authentication is refused over http: it would send the password in the clear.', 'Set scheme: https for this server, or auth: negotiate.');
  if (user === undefined || password === undefined) throw new AuthError('authentication-failed', 'Basic authentication needs a user and a password.', 'Add user: to the entry, or to the defaults of its group.');
  if (user.includes(':')) throw new AuthError('unsupported', 'A user name with a colon cannot be used with Basic authentication.', 'Set auth: negotiate for this server.');
  let forgotten = false;
  return {
    name: 'Basic',
    servicePrincipal: undefined,
    complete: true,
    perRequest: true,
    sealing: undefined,
    step: (challenges) => Promise.resolve().then(() => {
      if (forgotten) throw new AuthError('unsupported', 'The connection\'s authentication is over.', 'Connect again.');
      if (challenges === undefined) return `Basic ${Buffer.from(`${user}:${password.reveal()}`, 'utf8').toString('base64')}`;
      if (challenges.length > 0) throw new AuthError('authentication-failed', `The server refused the Basic log-on of ${user}.`, 'Check the user name and the password: Windows takes local accounts only here, and Basic has to be allowed on the server (winrm get winrm/config/service/auth).');
      return undefined;
    }),
    dispose: () => { forgotten = true; },
  };
}
