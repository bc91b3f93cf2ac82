import type { WinRmAuth, WinRmTarget } from '../session.ts';
import type { ProblemList } from './problem.ts';
import type { Values } from './resolve.ts';
import { expandHome } from './target.ts';

const authentications: readonly string[] = ['negotiate', 'kerberos', 'ntlm', 'basic', 'certificate'] satisfies WinRmAuth[];
/** These prove nothing about the message: only TLS protects what follows them. */
const needTls: readonly string[] = ['basic', 'certificate'] satisfies WinRmAuth[];

/** Whether a value of `auth` is one of WinRM's. */
export function isWinRmAuth(auth: string): auth is WinRmAuth {
  return authentications.includes(auth);
}

/**
 * What an entry and its defaults say about WinRM. Basic and client certificates only go over https (hazard of a readable
 * password; MS-WSMV knows certificates for https alone).
 * @param options.at where the entry is marked when a key is missing
 */
export function buildWinRm(options: { values: Values; own: Values; written: ReadonlySet<string>; at: readonly [number, number]; home: string; problems: ProblemList }): WinRmTarget {
  const { values, own, written, at, home, problems } = options;
  const text = (name: string): string | undefined => {
    const value = values.get(name)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const path = (name: string): string | undefined => {
    const value = text(name);
    return value === undefined ? undefined : expandHome(value, home);
  };
  const certificateFile = path('certificateFile');
  const keyFile = path('keyFile');
  const wanted = text('auth');
  // An inherited one that is meant for SSH says nothing about WinRM; what the entry says itself is checked by its caller.
  const auth = wanted !== undefined && isWinRmAuth(wanted) ? wanted : certificateFile === undefined ? 'negotiate' : 'certificate';
  const scheme = text('scheme') === 'https' || (text('scheme') === undefined && needTls.includes(auth)) ? 'https' : 'http';
  if (scheme === 'http' && needTls.includes(auth)) {
    problems.error(auth === 'basic' ? 'basic-over-http' : 'contradiction', auth === 'basic'
      ? 'auth: basic sends the password readable, so it needs scheme: https. Over http use negotiate, kerberos or ntlm, which encrypt every message.'
      : 'auth: certificate is a client certificate of TLS, so it needs scheme: https.', own.get('scheme')?.at ?? own.get('auth')?.at ?? at);
  }
  if (auth === 'certificate') {
    for (const [name, found] of [['certificateFile', certificateFile], ['keyFile', keyFile]] as const) {
      if (found === undefined && !written.has(name)) problems.error('missing-key', `auth: certificate needs ${name}, PEM; here or in defaults.`, own.get('auth')?.at ?? at);
    }
  } else if ((auth === 'ntlm' || auth === 'basic') && !values.has('user') && !written.has('user')) {
    problems.error('missing-key', `auth: ${auth} needs user, the account to log on as; here or in defaults.`, own.get('auth')?.at ?? at);
  }
  return { scheme, auth, caFile: path('caFile'), certificateFile: auth === 'certificate' ? certificateFile : undefined, keyFile: auth === 'certificate' ? keyFile : undefined };
}
