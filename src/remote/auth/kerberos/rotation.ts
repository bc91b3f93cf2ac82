import type { SealedMessage } from '../context.ts';
import { badToken } from '../error.ts';

/** Size of a CFX token's own header (RFC 4121, 4.2.6.2), in bytes. */
const cfxHeader = 16;
/** Size of an AES confounder, in bytes. */
const confounder = 16;
/** From the inner token's start to its ciphertext: ids, sequence number, checksum, confounder (RFC 4757, 7.3). */
const rc4Header = 32;
const rrcOffset = 6;

/** Turns the bytes to the right: the last `count` come first. */
export function rotateRight(bytes: Uint8Array, count: number): Buffer {
  const by = bytes.length === 0 ? 0 : count % bytes.length;
  return Buffer.concat([bytes.subarray(bytes.length - by), bytes.subarray(0, bytes.length - by)]);
}

/** A sealed CFX token with its right rotation count (RFC 4121, 4.2.5) changed to `count`, whatever it was. @throws AuthError */
export function withRotation(token: Uint8Array, count: number): Buffer {
  if (!isCfx(token)) throw badToken('A Kerberos token of an unknown kind cannot be rotated.');
  const head = Buffer.from(token.subarray(0, cfxHeader));
  const body = token.subarray(cfxHeader);
  const now = head.readUInt16BE(rrcOffset);
  const back = body.length === 0 ? 0 : body.length - now % body.length;
  head.writeUInt16BE(count, rrcOffset);
  return Buffer.concat([head, rotateRight(rotateRight(body, back), count)]);
}

/**
 * Cuts what gss_wrap made into the header and the data that WinRM sends apart (MS-WSMV 2.2.9.1.1.2.2).
 *
 * AES (RFC 4121): everything behind the ciphertext proper is rotated to its front, so that the header (16 bytes,
 * the encrypted copy of the header, the checksum, the confounder) is followed by ciphertext of the plain text's size;
 * with AES-SHA1 the count is 28 and the header has 60 bytes. RC4-HMAC (RFC 4757): the header ends where the ciphertext
 * begins; that has a byte of padding.
 * @param plainSize how many bytes went into gss_wrap
 * @throws AuthError where the token is neither
 */
export function splitWrapToken(token: Uint8Array, plainSize: number): SealedMessage {
  if (isCfx(token)) {
    const behind = token.length - cfxHeader - confounder - plainSize;
    if (behind < 0) throw badToken('A Kerberos token is shorter than what was sealed.');
    const rotated = withRotation(token, behind);
    const cut = cfxHeader + behind + confounder;
    return { header: rotated.subarray(0, cut), data: rotated.subarray(cut), padding: 0 };
  }
  const cut = innerToken(token) + rc4Header;
  const padding = token.length - cut - plainSize;
  if (padding < 0 || padding > 8) throw badToken('A Kerberos token has an unknown shape.');
  return { header: Buffer.from(token.subarray(0, cut)), data: Buffer.from(token.subarray(cut)), padding };
}

/** Wrap token, sealed (RFC 4121, 4.2.6.2). */
function isCfx(token: Uint8Array): boolean {
  return token.length >= cfxHeader && token[0] === 5 && token[1] === 4 && ((token[2] ?? 0) & 2) !== 0;
}

/** Where the inner token of the GSS-API frame begins (RFC 2743, 3.1), which has to be a Wrap token of RFC 1964 or RFC 4757. */
function innerToken(token: Uint8Array): number {
  const first = token[1] ?? 0;
  const oid = 2 + (first < 0x80 ? 0 : first & 0x7f);
  const inner = oid + 2 + (token[oid + 1] ?? 0);
  if (token[0] !== 0x60 || token[oid] !== 6 || token[inner] !== 2 || token[inner + 1] !== 1) throw badToken('A Kerberos token has an unknown shape.');
  return inner;
}
