import { ProtocolError } from '../psrp/error.ts';
import type { MessageSealing, SealedMessage } from '../auth/context.ts';

/** One sealed part of a multipart/encrypted body. */
export interface SealedPart {
  readonly header: Buffer;
  readonly data: Buffer;
}

const boundary = 'Encrypted Boundary';
/** Most parts of one body: CredSSP cuts at 16 KiB, everything else sends one. */
const mostParts = 4096;
/** Longest header in front of a part's ciphertext, in bytes: signatures are 16, Kerberos tokens 60 and a little more. */
const longestHeader = 1024;
const plainType = 'application/soap+xml;charset=UTF-8';
/** A boundary line, as MS-WSMV has it and as Exchange spells it. */
const boundaryAt = /--[ ]?Encrypted Boundary/gi;

/** The Content-Type of a sealed body (MS-WSMV 2.2.9.1.1). */
export function sealedType(protocol: MessageSealing['protocol']): string {
  return `multipart/encrypted;protocol="${protocol}";boundary="${boundary}"`;
}

/** Writes a sealed body: not legal MIME, but what MS-WSMV 2.2.9.1 wants (a tab before each header, no empty lines). */
export function writeSealed(protocol: MessageSealing['protocol'], plainSize: number, sealed: SealedMessage): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32LE(sealed.header.length);
  return Buffer.concat([
    Buffer.from(`--${boundary}\r\n\tContent-Type: ${protocol}\r\n\tOriginalContent: type=${plainType};Length=${plainSize + sealed.padding}\r\n--${boundary}\r\n\tContent-Type: application/octet-stream\r\n`, 'latin1'),
    size, sealed.header, sealed.data,
    Buffer.from(`--${boundary}--\r\n`, 'latin1'),
  ]);
}

/** True for the Content-Type of a sealed body. */
export function isSealedType(contentType: string): boolean {
  return /^\s*multipart\/(?:x-multi-)?encrypted\b/i.test(contentType);
}

/** Takes a sealed body apart, by boundaries and lengths, since ciphertext may hold anything. @throws ProtocolError */
export function readSealed(body: Buffer): SealedPart[] {
  const parts: SealedPart[] = [];
  let at = skipBoundary(body, 0);
  while (parts.length < mostParts) {
    const head = body.toString('latin1', at, Math.min(body.length, at + 1024));
    const length = /;\s*Length\s*=\s*"?(\d{1,9})"?/i.exec(head.split(/--[ ]?Encrypted Boundary/i, 1)[0] ?? '');
    if (length === null) throw broken('a part without its length', body, at);
    at = skipBoundary(body, at);
    const type = /^[ \t]*Content-Type:[^\r\n]*octet-stream[^\r\n]*\r?\n/i.exec(body.toString('latin1', at, Math.min(body.length, at + 256)));
    if (type === null) throw broken('a part without its content', body, at);
    at += type[0].length;
    const headerSize = at + 4 <= body.length ? body.readInt32LE(at) : -1;
    const from = at + 4 + headerSize;
    const to = from + Number(length[1]);
    if (headerSize < 0 || headerSize > longestHeader || to > body.length) throw broken('a part that is longer than the body', body, at);
    parts.push({ header: body.subarray(at + 4, from), data: body.subarray(from, to) });
    const rest = body.toString('latin1', to, Math.min(body.length, to + 64)).trim();
    // Some servers leave out the hyphens of the end, or the end itself.
    if (/^(?:--[ ]?Encrypted Boundary(?:--)?)?$/i.test(rest)) return parts;
    at = skipBoundary(body, to);
  }
  throw new ProtocolError(`A sealed answer of more than ${mostParts} parts came.`, { reason: 'limit-exceeded' });
}

function skipBoundary(body: Buffer, at: number): number {
  const head = body.toString('latin1', at, Math.min(body.length, at + 1024));
  boundaryAt.lastIndex = 0;
  const found = boundaryAt.exec(head);
  const end = found === null ? -1 : head.indexOf('\n', found.index);
  if (found === null || end < 0) throw broken('no boundary', body, at);
  return at + end + 1;
}

function broken(what: string, body: Buffer, at: number): ProtocolError {
  return new ProtocolError(`The sealed answer is malformed: ${what}.`, { quoted: body.toString('latin1', at, Math.min(body.length, at + 200)) });
}
