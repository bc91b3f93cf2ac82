import { badToken } from '../error.ts';
import { unicode } from './hash.ts';

/** Negotiate flags (MS-NLMP 2.2.2.5) that this client knows. */
export const NtlmFlag = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSessionSecurity: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** NTLMSSP and its terminating zero. */
const signature = Buffer.from('NTLMSSP\0', 'latin1');
/** Windows 10.0, build 20348, NTLMSSP revision 15 (2.2.2.10); servers log it and do nothing else with it. */
export const clientVersion: Uint8Array = Buffer.from([10, 0, 0x7c, 0x4f, 0, 0, 0, 15]);
/** Where the payload of an AUTHENTICATE_MESSAGE begins without a MIC. */
const authenticateHead = 72;
/** Where its MIC stands, if there is one. */
export const micOffset = authenticateHead;
/** Size of the MIC, in bytes. */
export const micSize = 16;
/** Largest CHALLENGE_MESSAGE that is read, in bytes: each of its two fields has at most 65,535. */
const largestChallenge = 2 * 0xffff + 56;

/** The NEGOTIATE_MESSAGE (2.2.1.1), without domain and workstation. */
export function encodeNegotiate(flags: number, version: Uint8Array = clientVersion): Buffer {
  const bytes = Buffer.alloc(40);
  signature.copy(bytes);
  bytes.writeUInt32LE(1, 8);
  bytes.writeUInt32LE(flags >>> 0, 12);
  bytes.writeUInt32LE(40, 20);
  bytes.writeUInt32LE(40, 28);
  bytes.set(version, 32);
  return bytes;
}

/** What a CHALLENGE_MESSAGE (2.2.1.2) says. */
export interface Challenge {
  readonly flags: number;
  /** 8 random bytes of the server. */
  readonly serverChallenge: Uint8Array;
  /** AV pairs, unread; undefined where the server sent none. */
  readonly targetInfo: Uint8Array | undefined;
}

/** Reads a CHALLENGE_MESSAGE. @throws AuthError where it is none, or where a field goes beyond its end */
export function decodeChallenge(bytes: Uint8Array): Challenge {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length > largestChallenge) throw badToken(`The NTLM challenge has ${buffer.length} bytes, more than any can have.`);
  if (buffer.length < 12 || !buffer.subarray(0, 8).equals(signature)) throw badToken('The server answered the NTLM negotiation with something that is not NTLM.');
  const type = buffer.readUInt32LE(8);
  if (type !== 2) throw badToken(`The server answered the NTLM negotiation with message type ${type} instead of 2.`);
  if (buffer.length < 48) throw badToken(`The NTLM challenge has only ${buffer.length} bytes.`);
  const flags = buffer.readUInt32LE(20);
  const length = buffer.readUInt16LE(40);
  const offset = buffer.readUInt32LE(44);
  const has = (flags & NtlmFlag.targetInfo) !== 0 && length > 0;
  if (has && (offset < 48 || offset + length > buffer.length)) throw badToken('The NTLM challenge has target information that goes beyond its end.');
  return {
    flags,
    serverChallenge: Buffer.from(buffer.subarray(24, 32)),
    targetInfo: has ? Buffer.from(buffer.subarray(offset, offset + length)) : undefined,
  };
}

/** What goes into an AUTHENTICATE_MESSAGE. */
export interface Authenticate {
  readonly flags: number;
  readonly domain: string;
  readonly user: string;
  readonly workstation: string;
  readonly lm: Uint8Array;
  readonly nt: Uint8Array;
  /** The session key encrypted with the key exchange key; empty without key exchange. */
  readonly encryptedSessionKey: Uint8Array;
  /** True leaves room for a MIC, all zero. */
  readonly mic: boolean;
  readonly version?: Uint8Array;
}

/** The AUTHENTICATE_MESSAGE (2.2.1.3); its payload in the order in which Windows writes it. */
export function encodeAuthenticate(message: Authenticate): Buffer {
  const head = Buffer.alloc(authenticateHead + (message.mic ? micSize : 0));
  signature.copy(head);
  head.writeUInt32LE(3, 8);
  const payload: Uint8Array[] = [];
  let offset = head.length;
  const field = (at: number, value: Uint8Array): void => {
    head.writeUInt16LE(value.length, at);
    head.writeUInt16LE(value.length, at + 2);
    head.writeUInt32LE(offset, at + 4);
    payload.push(value);
    offset += value.length;
  };
  field(28, unicode(message.domain));
  field(36, unicode(message.user));
  field(44, unicode(message.workstation));
  field(12, message.lm);
  field(20, message.nt);
  field(52, message.encryptedSessionKey);
  head.writeUInt32LE(message.flags >>> 0, 60);
  head.set(message.version ?? clientVersion, 64);
  return Buffer.concat([head, ...payload]);
}
