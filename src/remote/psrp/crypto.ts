import type { KeyObject } from 'node:crypto';
import { constants, createCipheriv, createDecipheriv, generateKeyPair, privateDecrypt } from 'node:crypto';
import { ProtocolError } from './error.ts';

/** The client's RSA key of one session (MS-PSRP 3.1.5.4.3); the public half goes to the server as a CAPI blob. */
export interface ExchangeKey {
  readonly publicBlob: string;
  readonly privateKey: KeyObject;
}

/** `PUBLICKEYBLOB`, key exchange, `RSA1`, 2048 bits (MS-PSRP 2.2.2.3). */
const publicHeader = Buffer.from('06020000 00A40000 52534131 00080000'.replaceAll(' ', ''), 'hex');
/** `SIMPLEBLOB`, AES-256, wrapped by RSA key exchange (MS-PSRP 2.2.2.4). */
const sessionHeader = Buffer.from('01020000 10660000 00A40000'.replaceAll(' ', ''), 'hex');
const modulusSize = 256;
const sessionKeySize = 32;

/** Makes a new 2048-bit key, off the main thread. */
export async function newExchangeKey(): Promise<ExchangeKey> {
  const { publicKey, privateKey } = await new Promise<{ publicKey: KeyObject; privateKey: KeyObject }>((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: modulusSize * 8, publicExponent: 0x10001 }, (error, pub, key) => {
      if (error) reject(error);
      else resolve({ publicKey: pub, privateKey: key });
    });
  });
  return { publicBlob: encodePublicKey(publicKey), privateKey };
}

/** The CAPI form of a public key: exponent and modulus little-endian. */
export function encodePublicKey(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  const exponent = Buffer.alloc(4);
  Buffer.from(jwk.e ?? '', 'base64url').reverse().copy(exponent);
  const modulus = Buffer.alloc(modulusSize);
  Buffer.from(jwk.n ?? '', 'base64url').reverse().copy(modulus);
  return Buffer.concat([publicHeader, exponent, modulus]).toString('base64');
}

/**
 * Opens ENCRYPTED_SESSION_KEY. Node refuses PKCS #1 v1.5 padding for decryption, so the raw result is unpadded here;
 * there is no oracle to give away: a wrong padding ends the session, whatever was wrong.
 */
export function openSessionKey(base64: string, privateKey: KeyObject): Buffer {
  const blob = Buffer.from(base64, 'base64');
  if (blob.length !== sessionHeader.length + modulusSize || !blob.subarray(0, sessionHeader.length).equals(sessionHeader)) {
    throw new ProtocolError('The session key that came is not an RSA-wrapped AES-256 key.');
  }
  const ciphertext = Buffer.from(blob.subarray(sessionHeader.length)).reverse();
  let padded: Buffer;
  try {
    padded = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, ciphertext);
  } catch (cause) {
    throw new ProtocolError('The session key that came cannot be decrypted.', { cause });
  }
  const zero = padded.indexOf(0, 2);
  if (padded[0] !== 0 || padded[1] !== 2 || zero < 10 || padded.length - zero - 1 !== sessionKeySize) {
    throw new ProtocolError('The session key that came cannot be decrypted.');
  }
  return Buffer.from(padded.subarray(zero + 1));
}

const iv = Buffer.alloc(16);

/** Encrypts a secure string's text with the session key (MS-PSRP 2.2.5.1.24): AES-256-CBC, zero IV, UTF-16LE. */
export function sealText(text: string, sessionKey: Uint8Array): string {
  const cipher = createCipheriv('aes-256-cbc', sessionKey, iv);
  return Buffer.concat([cipher.update(Buffer.from(text, 'utf16le')), cipher.final()]).toString('base64');
}

/** Decrypts what {@link sealText} made. @throws ProtocolError where the key does not fit. */
export function openText(base64: string, sessionKey: Uint8Array): string {
  try {
    const decipher = createDecipheriv('aes-256-cbc', sessionKey, iv);
    return Buffer.concat([decipher.update(Buffer.from(base64, 'base64')), decipher.final()]).toString('utf16le');
  } catch (cause) {
    throw new ProtocolError('A secure string cannot be decrypted with the session key.', { cause });
  }
}
