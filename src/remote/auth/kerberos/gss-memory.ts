import { encodeOid } from '../asn1/oid.ts';
import type { Koffi } from './koffi.ts';

/**
 * Native structures of RFC 2744, built in JavaScript's own memory, which never moves. Whoever passes one on has to keep
 * it until the call returned; what it points to is kept with it.
 */
export interface NativeBlock {
  readonly bytes: Buffer;
  /** What `bytes` points to. */
  readonly holds: readonly Buffer[];
}

/** Largest answer that is copied out of native memory, in bytes. */
const largestResult = 64 * 1024 * 1024;

/**
 * Lays the structures out for 64-bit processes. Apple's framework packs them to two bytes on Intel processors, for the
 * sake of its 32-bit past (gssapi.h); that was not run.
 */
export class GssMemory {
  readonly #koffi: Koffi;
  readonly #packed: boolean;

  constructor(koffi: Koffi, packed: boolean) {
    this.#koffi = koffi;
    this.#packed = packed;
  }

  /** gss_buffer_desc (3.2): length, pointer. */
  buffer(content: Uint8Array): NativeBlock {
    const copy = Buffer.from(content);
    const bytes = Buffer.alloc(16);
    this.#writeBuffer(bytes, 0, copy);
    return { bytes, holds: [copy] };
  }

  /** An empty gss_buffer_desc, for an answer. */
  emptyBuffer(): Buffer {
    return Buffer.alloc(16);
  }

  /** gss_OID_desc (3.3): 32-bit length, pointer. */
  oid(dotted: string): NativeBlock {
    const content = encodeOid(dotted).subarray(2);
    const copy = Buffer.from(content);
    const at = this.#packed ? 4 : 8;
    const bytes = Buffer.alloc(at + 8);
    bytes.writeUInt32LE(copy.length, 0);
    bytes.writeBigUInt64LE(this.address(copy), at);
    return { bytes, holds: [copy] };
  }

  /** gss_OID_set_desc (3.4) of one. */
  oidSet(oid: NativeBlock): NativeBlock {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(1n, 0);
    bytes.writeBigUInt64LE(this.address(oid.bytes), 8);
    return { bytes, holds: [oid.bytes, ...oid.holds] };
  }

  /** gss_channel_bindings_struct (3.11) without addresses. */
  channelBindings(applicationData: Uint8Array): NativeBlock {
    const copy = Buffer.from(applicationData);
    const at = this.#packed ? 40 : 48;
    const bytes = Buffer.alloc(at + 16);
    this.#writeBuffer(bytes, at, copy);
    return { bytes, holds: [copy] };
  }

  /** What a gss_buffer_desc that the library filled points to, copied. */
  read(descriptor: Buffer): Buffer {
    const size = descriptor.readBigUInt64LE(0);
    if (size === 0n) return Buffer.alloc(0);
    if (size > BigInt(largestResult)) throw new RangeError(`GSSAPI gave ${size} bytes`);
    return Buffer.from(this.#koffi.decode(descriptor.readBigUInt64LE(8), 'uint8_t', Number(size)) as Uint8Array);
  }

  /** Where a block stands. */
  address(bytes: Buffer): bigint {
    return bytes.length === 0 ? 0n : this.#koffi.address(bytes);
  }

  #writeBuffer(into: Buffer, at: number, content: Buffer): void {
    into.writeBigUInt64LE(BigInt(content.length), at);
    into.writeBigUInt64LE(this.address(content), at + 8);
  }
}
