import { randomUUID } from 'node:crypto';

/** The runspace pool's own stream in the line framing. */
export const zeroGuid = '00000000-0000-0000-0000-000000000000';

/** A new random GUID, lower case. */
export function newGuid(): string {
  return randomUUID();
}

/** Where each byte of .NET's GUID layout stands in the text: the first three groups are little-endian. */
const order = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34] as const;

/** Writes a GUID as MS-PSRP 2.2.1 wants it. */
export function writeGuid(guid: string, into: Uint8Array, offset: number): void {
  order.forEach((from, i) => {
    into[offset + i] = Number.parseInt(guid.slice(from, from + 2), 16);
  });
}

const hex = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** The GUIDs read last, by their first byte's lowest bits: every message of a pipeline carries the same two. */
const recent = Array.from({ length: 16 }, () => ({ bytes: new Uint8Array(16), text: zeroGuid }));

/** Reads a GUID as MS-PSRP 2.2.1 has it, in lower case. */
export function readGuid(bytes: Uint8Array, offset: number): string {
  const entry = recent[(bytes[offset] ?? 0) & 15];
  if (entry === undefined) return spellGuid(bytes, offset);
  const known = entry.bytes;
  for (let i = 0; i < 16; i++) {
    if (known[i] !== bytes[offset + i]) {
      known.set(bytes.subarray(offset, offset + 16));
      entry.text = spellGuid(bytes, offset);
      break;
    }
  }
  return entry.text;
}

function spellGuid(bytes: Uint8Array, offset: number): string {
  const b = (i: number): string => hex[bytes[offset + i] ?? 0] ?? '';
  return `${b(3)}${b(2)}${b(1)}${b(0)}-${b(5)}${b(4)}-${b(7)}${b(6)}-${b(8)}${b(9)}-${b(10)}${b(11)}${b(12)}${b(13)}${b(14)}${b(15)}`;
}
