import { ProtocolError } from './error.ts';

/** Fragment header: object id, fragment id, flags, length (MS-PSRP 2.2.4). */
export const fragmentHeader = 21;

const start = 1;
const end = 2;

/** One outgoing message, cut as it is sent, so that the size of fragments may change on the way. */
export class OutgoingObject {
  private readonly objectId: bigint;
  private readonly message: Uint8Array;
  private sent = 0;
  private fragmentId = 0n;

  constructor(objectId: bigint, message: Uint8Array) {
    this.objectId = objectId;
    this.message = message;
  }

  get done(): boolean {
    return this.fragmentId > 0n && this.sent >= this.message.length;
  }

  /** The next fragment, at most `room` bytes with its header; undefined where not even one byte would fit. */
  next(room: number): Uint8Array | undefined {
    const size = Math.min(this.message.length - this.sent, room - fragmentHeader);
    if (size <= 0) return undefined;
    const bytes = Buffer.allocUnsafe(fragmentHeader + size);
    bytes.writeBigUInt64BE(this.objectId, 0);
    bytes.writeBigUInt64BE(this.fragmentId, 8);
    bytes[16] = (this.fragmentId === 0n ? start : 0) | (this.sent + size === this.message.length ? end : 0);
    bytes.writeUInt32BE(size, 17);
    bytes.set(this.message.subarray(this.sent, this.sent + size), fragmentHeader);
    this.sent += size;
    this.fragmentId++;
    return bytes;
  }
}

/**
 * Puts messages together from one stream's fragments, whatever the borders of the pieces that arrive.
 * One message is built at a time (MS-PSRP 2.2.4 forbids mixing), and none may exceed `maxMessage` bytes.
 */
export class Defragmenter {
  private readonly maxMessage: number;
  /** Bytes of an unfinished fragment. */
  private pending: Buffer | undefined;
  private parts: Uint8Array[] = [];
  private size = 0;
  private objectHigh = 0;
  private objectLow = 0;
  private nextFragment = 0;
  private open = false;

  constructor(maxMessage: number) {
    this.maxMessage = maxMessage;
  }

  /** Takes a piece and calls `deliver` for each message that it completes. */
  receive(piece: Uint8Array, deliver: (message: Uint8Array) => void): void {
    let bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.pending !== undefined) bytes = Buffer.concat([this.pending, bytes]);
    this.pending = undefined;
    let at = 0;
    while (bytes.length - at >= fragmentHeader) {
      const size = bytes.readUInt32BE(at + 17);
      if (this.size + size > this.maxMessage) {
        throw new ProtocolError(`A message of more than ${this.maxMessage} bytes was announced.`, { reason: 'limit-exceeded' });
      }
      const flags = bytes[at + 16] ?? 0;
      this.check(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4), bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12), flags);
      const from = at + fragmentHeader;
      if (bytes.length - from < size) break;
      at = from + size;
      this.accept(bytes.subarray(from, at), bytes.readUInt32BE(from - 21), bytes.readUInt32BE(from - 17), flags, deliver);
    }
    if (at < bytes.length) this.pending = Buffer.from(bytes.subarray(at));
  }

  /** True in the middle of a message. */
  get unfinished(): boolean {
    return this.open || this.pending !== undefined;
  }

  private check(objectHigh: number, objectLow: number, fragmentHigh: number, fragmentLow: number, flags: number): void {
    const starts = (flags & start) !== 0;
    if ((flags & ~(start | end)) !== 0) throw new ProtocolError(`A fragment has the unknown flags ${flags}.`);
    const expected = this.open ? this.nextFragment : 0;
    if (starts === this.open || fragmentHigh !== 0 || fragmentLow !== expected) {
      throw new ProtocolError(`A fragment is out of sequence: number ${fragmentHigh * 2 ** 32 + fragmentLow} instead of ${expected}.`);
    }
    if (this.open && (objectHigh !== this.objectHigh || objectLow !== this.objectLow)) {
      throw new ProtocolError('Fragments of two messages are mixed.');
    }
  }

  private accept(blob: Uint8Array, objectHigh: number, objectLow: number, flags: number, deliver: (message: Uint8Array) => void): void {
    if (!this.open && (flags & end) !== 0) {
      deliver(blob);
      return;
    }
    this.open = true;
    this.objectHigh = objectHigh;
    this.objectLow = objectLow;
    this.nextFragment++;
    if (blob.length > 0) this.parts.push(blob);
    this.size += blob.length;
    if (this.nextFragment > 1_000_000) throw new ProtocolError('A message in more than a million fragments.', { reason: 'limit-exceeded' });
    if ((flags & end) === 0) return;
    const message = Buffer.concat(this.parts, this.size);
    this.parts = [];
    this.size = 0;
    this.nextFragment = 0;
    this.open = false;
    deliver(message);
  }
}
