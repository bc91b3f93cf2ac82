import { badToken } from '../error.ts';
import { derElement, DerTag } from './write.ts';

/** Longest object identifier that is read, in bytes of its contents. */
const longestOid = 64;

/** The DER element of an object identifier, from its dotted form (X.690, 8.19). */
export function encodeOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 127];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left & 127));
    return groups;
  });
  return derElement(DerTag.oid, Buffer.from(octets));
}

/** The dotted form of an object identifier's contents. @throws AuthError where they are none */
export function decodeOid(content: Uint8Array): string {
  if (content.length === 0 || content.length > longestOid) throw badToken('An object identifier of unreasonable size came.');
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of content) {
    arc = arc * 128 + (octet & 127);
    if (!Number.isSafeInteger(arc)) throw badToken('An object identifier with an unreasonably large number came.');
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  if ((content[content.length - 1] ?? 0) >= 0x80) throw badToken('An object identifier came that breaks off.');
  const [head = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join('.');
}
