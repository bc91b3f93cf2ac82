import { badToken } from '../error.ts';

/** AV_PAIR ids (MS-NLMP 2.2.2.1). */
export const AvId = {
  endOfList: 0,
  computerName: 1,
  domainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  dnsTreeName: 5,
  flags: 6,
  timestamp: 7,
  singleHost: 8,
  targetName: 9,
  channelBindings: 10,
} as const;

/** One attribute that the server states about itself, or the client about its answer. */
export interface AvPair {
  readonly id: number;
  readonly value: Uint8Array;
}

/** Most pairs that are read; Windows sends at most seven. */
const mostPairs = 64;

/** Reads a list of AV pairs up to its terminator, which has to be there. @throws AuthError */
export function readAvPairs(bytes: Uint8Array): AvPair[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pairs: AvPair[] = [];
  for (let at = 0; at + 4 <= buffer.length;) {
    const id = buffer.readUInt16LE(at);
    const length = buffer.readUInt16LE(at + 2);
    at += 4;
    if (id === AvId.endOfList) {
      if (length !== 0) throw badToken('The NTLM challenge ends its target information wrongly.');
      return pairs;
    }
    if (at + length > buffer.length) throw badToken('The NTLM challenge has target information that goes beyond its end.');
    if (pairs.length === mostPairs) throw badToken(`The NTLM challenge has more than ${mostPairs} pieces of target information.`);
    pairs.push({ id, value: Buffer.from(buffer.subarray(at, at + length)) });
    at += length;
  }
  throw badToken('The NTLM challenge has target information without an end.');
}

/** Writes a list of AV pairs with its terminator. */
export function writeAvPairs(pairs: readonly AvPair[]): Buffer {
  const parts = pairs.flatMap(({ id, value }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return [head, Buffer.from(value)];
  });
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

/** The first pair with this id. */
export function avValue(pairs: readonly AvPair[], id: number): Uint8Array | undefined {
  return pairs.find((pair) => pair.id === id)?.value;
}

/** The pairs with this one added, or in place of those with its id. */
export function withAvPair(pairs: readonly AvPair[], id: number, value: Uint8Array): AvPair[] {
  return [...pairs.filter((pair) => pair.id !== id), { id, value }];
}
