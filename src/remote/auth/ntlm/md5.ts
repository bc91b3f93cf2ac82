import { createHash, createHmac } from 'node:crypto';
import { AuthError } from '../error.ts';

/** MD5 of the parts one after the other. @throws AuthError where the platform refuses MD5 */
export function md5(...parts: readonly Uint8Array[]): Buffer {
  return available(() => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    return hash.digest();
  });
}

/** HMAC-MD5 (RFC 2104) of the parts one after the other. @throws AuthError where the platform refuses MD5 */
export function hmacMd5(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  return available(() => {
    const hmac = createHmac('md5', key);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  });
}

function available(work: () => Buffer): Buffer {
  try {
    return work();
  } catch (cause) {
    throw new AuthError('unsupported', 'NTLM is not available in FIPS mode: the platform refuses MD5.', 'Set auth: kerberos for this server, or a certificate over https.', { cause });
  }
}
