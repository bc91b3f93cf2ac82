import { badToken } from './error.ts';

/** One challenge of a WWW-Authenticate header (RFC 9110, 11.6.1). */
export interface HttpChallenge {
  /** Lower case. */
  readonly scheme: string;
  /** The decoded token68; undefined where the scheme stands alone or has parameters. */
  readonly token: Uint8Array | undefined;
}

/** Largest token that is read, in base64 characters; Kerberos answers stay far below it. */
const largestToken = 256 * 1024;
/** Most challenges that are looked at. */
const mostChallenges = 32;

/** Reads the WWW-Authenticate values of one answer, joined or line by line. @throws AuthError where a token is none */
export function readChallenges(values: readonly string[]): HttpChallenge[] {
  const found: HttpChallenge[] = [];
  for (const value of values) {
    if (value.length > 2 * largestToken) throw badToken('The server sent a WWW-Authenticate header of unreasonable size.');
    for (const part of value.split(',')) {
      const words = part.trim().split(' ', 3);
      const scheme = (words[0] ?? '').toLowerCase();
      // Anything with `=` inside is a parameter of the challenge before it.
      if (!/^[a-z][a-z0-9-]*$/.test(scheme)) continue;
      if (found.length === mostChallenges) throw badToken(`The server sent more than ${mostChallenges} ways to authenticate.`);
      found.push({ scheme, token: scheme === 'negotiate' || scheme === 'kerberos' ? tokenOf(words[1]) : undefined });
    }
  }
  return found;
}

function tokenOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.length > largestToken || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw badToken('The server sent an authentication token that is not base64, or is too large.');
  return Buffer.from(text, 'base64');
}

/** The schemes that a server offers, for people. */
export function offeredSchemes(challenges: readonly HttpChallenge[]): string {
  const names = [...new Set(challenges.map((challenge) => challenge.scheme))].slice(0, 8).map((name) => name.slice(0, 30));
  return names.length === 0 ? 'nothing' : names.join(', ');
}
