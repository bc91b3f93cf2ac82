import { md4 } from './md4.ts';
import { hmacMd5 } from './md5.ts';

/** Who logs on. `domain` is empty for a plain name and for `user@domain`, which NTLM sends whole as the user. */
export interface NtlmAccount {
  readonly user: string;
  readonly domain: string;
}

/** Text as NTLM carries it: UTF-16LE, code unit by code unit, so that a managed account's random password survives whole. */
export function unicode(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** Splits `DOMAIN\user`; anything else is a user without a domain. */
export function accountOf(name: string): NtlmAccount {
  const at = name.indexOf('\\');
  return at < 0 ? { user: name, domain: '' } : { user: name.slice(at + 1), domain: name.slice(0, at) };
}

/**
 * The NTLMv2 response key (MS-NLMP 3.3.2, NTOWFv2). Only the user is upper-cased; the domain counts as it is given.
 * @param password plain text; forgotten on return
 */
export function responseKey(password: string, account: NtlmAccount): Buffer {
  const secret = unicode(password);
  const hash = md4(secret);
  const key = hmacMd5(hash, unicode(upperCase(account.user) + account.domain));
  secret.fill(0);
  hash.fill(0);
  return key;
}

/** Windows upper-cases one code unit to one; `ß` stays. */
function upperCase(text: string): string {
  return Array.from({ length: text.length }, (_, i) => {
    const unit = text.charAt(i);
    const upper = unit.toUpperCase();
    return upper.length === 1 ? upper : unit;
  }).join('');
}

/** What the client answers a challenge with. */
export interface NtlmV2Response {
  /** NTProofStr and the client's blob. */
  readonly nt: Buffer;
  readonly lm: Buffer;
  readonly sessionBaseKey: Buffer;
}

/**
 * The NTLMv2 response to a challenge (MS-NLMP 3.3.2, ComputeResponse).
 * @param time FILETIME, 8 bytes
 * @param targetInfo the AV pairs as they are sent back, terminator included
 */
export function computeResponse(key: Uint8Array, options: { serverChallenge: Uint8Array; clientChallenge: Uint8Array; time: Uint8Array; targetInfo: Uint8Array }): NtlmV2Response {
  const { serverChallenge, clientChallenge, time, targetInfo } = options;
  const blob = Buffer.concat([Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]), time, clientChallenge, Buffer.alloc(4), targetInfo, Buffer.alloc(4)]);
  const proof = hmacMd5(key, serverChallenge, blob);
  return {
    nt: Buffer.concat([proof, blob]),
    lm: Buffer.concat([hmacMd5(key, serverChallenge, clientChallenge), clientChallenge]),
    sessionBaseKey: hmacMd5(key, proof),
  };
}
