import { timingSafeEqual } from 'node:crypto';
import { badToken } from '../error.ts';
import { hmacMd5, md5 } from './md5.ts';
import { Rc4 } from './rc4.ts';

/** Size of an NTLMSSP_MESSAGE_SIGNATURE (MS-NLMP 2.2.2.9.2), in bytes. */
export const signatureSize = 16;

/** Who sends: each direction has keys of its own. */
export type Direction = 'client-to-server' | 'server-to-client';

/** The signing key of a direction (MS-NLMP 3.4.5.2). */
export function signingKey(sessionKey: Uint8Array, direction: Direction): Buffer {
  return md5(sessionKey, Buffer.from(`session key to ${direction} signing key magic constant\0`, 'latin1'));
}

/** The sealing key of a direction with 128-bit encryption (MS-NLMP 3.4.5.3). */
export function sealingKey(sessionKey: Uint8Array, direction: Direction): Buffer {
  return md5(sessionKey, Buffer.from(`session key to ${direction} sealing key magic constant\0`, 'latin1'));
}

/**
 * One direction of a session with extended session security: one RC4 stream that runs on, and a sequence number from 0
 * (MS-NLMP 3.4.2 to 3.4.4).
 */
export class SealingDirection {
  readonly #signing: Buffer;
  readonly #sealing: Buffer;
  readonly #keyExchange: boolean;
  #stream: Rc4;
  #sequence = 0;
  #broken = false;

  constructor(sessionKey: Uint8Array, direction: Direction, keyExchange: boolean) {
    this.#signing = signingKey(sessionKey, direction);
    this.#sealing = sealingKey(sessionKey, direction);
    this.#keyExchange = keyExchange;
    this.#stream = new Rc4(this.#sealing);
  }

  /** Encrypts a message, then signs its plain text: both take from the one stream, in this order (GSS_WrapEx, 3.4.6). */
  seal(plain: Uint8Array): { signature: Buffer; data: Buffer } {
    const data = this.#stream.update(plain);
    return { data, signature: this.sign(plain) };
  }

  /** Decrypts a message in its place and checks its signature. @throws AuthError; every later call then throws as well */
  unseal(signature: Uint8Array, data: Uint8Array): Buffer {
    if (this.#broken) throw badToken('A sealed message came after one that was not genuine.');
    const plain = this.#stream.update(data, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    this.verify(plain, signature);
    return plain;
  }

  /** The signature of a message that travels in the clear (GSS_GetMICEx, 3.4.8). */
  sign(message: Uint8Array): Buffer {
    const signature = Buffer.alloc(signatureSize);
    signature.writeUInt32LE(1, 0);
    signature.writeUInt32LE(this.#sequence, 12);
    const checksum = hmacMd5(this.#signing, signature.subarray(12), message).subarray(0, 8);
    signature.set(this.#keyExchange ? this.#stream.update(checksum) : checksum, 4);
    this.#sequence = (this.#sequence + 1) >>> 0;
    return signature;
  }

  /** Checks the signature of a message that travelled in the clear. @throws AuthError */
  verify(message: Uint8Array, signature: Uint8Array): void {
    const expected = this.sign(message);
    if (!this.#broken && signature.length === signatureSize && timingSafeEqual(expected, signature)) return;
    this.#broken = true;
    throw badToken('A message came whose NTLM signature or sequence number is wrong.');
  }

  /** Starts the RC4 stream anew and lets the sequence number go on, as SPNEGO does after its mechListMIC (MS-SPNG 3.3.5.1). */
  restart(): void {
    this.#stream.dispose();
    this.#stream = new Rc4(this.#sealing);
  }

  /** Forgets the keys. */
  dispose(): void {
    this.#broken = true;
    this.#stream.dispose();
    this.#signing.fill(0);
    this.#sealing.fill(0);
  }
}
