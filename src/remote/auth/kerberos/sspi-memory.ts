import type { Koffi } from './koffi.ts';

/** Buffer types of a SecBuffer (sspi.h). */
export const SecBufferType = { data: 1, token: 2, padding: 9, channelBindings: 14 } as const;

/** One SecBuffer: what it is for, and its memory, which the call may shorten. */
export interface SecBuffer {
  readonly type: number;
  readonly bytes: Buffer;
}

/** A SecBufferDesc with its array of SecBuffers (sspi.h), for 64-bit processes. */
export class SecBufferList {
  readonly descriptor = Buffer.alloc(16);
  readonly #array: Buffer;
  readonly #buffers: readonly SecBuffer[];

  constructor(koffi: Koffi, buffers: readonly SecBuffer[]) {
    this.#buffers = buffers;
    this.#array = Buffer.alloc(16 * buffers.length);
    buffers.forEach(({ type, bytes }, i) => {
      this.#array.writeUInt32LE(bytes.length, i * 16);
      this.#array.writeUInt32LE(type, i * 16 + 4);
      this.#array.writeBigUInt64LE(addressOf(koffi, bytes), i * 16 + 8);
    });
    this.descriptor.writeUInt32LE(buffers.length, 4);
    this.descriptor.writeBigUInt64LE(addressOf(koffi, this.#array), 8);
  }

  /** The bytes that a call left in a buffer, which never grow. */
  taken(index: number): Buffer {
    const whole = this.#buffers[index]?.bytes ?? Buffer.alloc(0);
    return Buffer.from(whole.subarray(0, Math.min(whole.length, this.#array.readUInt32LE(index * 16))));
  }
}

/** Where a buffer stands; nowhere where it is empty. */
export function addressOf(koffi: Koffi, bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : koffi.address(bytes);
}

/** SEC_CHANNEL_BINDINGS (sspi.h) without addresses: eight 32-bit fields, then the application data. */
export function secChannelBindings(applicationData: Uint8Array): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(applicationData.length, 24);
  head.writeUInt32LE(head.length, 28);
  return Buffer.concat([head, applicationData]);
}

/** A SEC_WINNT_AUTH_IDENTITY_W (sspi.h) and the texts that it points to. */
export interface AuthIdentity {
  readonly bytes: Buffer;
  readonly texts: readonly Buffer[];
}

/** Lays out a user, domain and password; lengths count UTF-16 code units without the terminating zero. */
export function authIdentity(koffi: Koffi, user: string, domain: string, password: string): AuthIdentity {
  const bytes = Buffer.alloc(48);
  const texts = [user, domain, password].map((text, i) => {
    const wide = wideText(text);
    bytes.writeBigUInt64LE(addressOf(koffi, wide), i * 16);
    bytes.writeUInt32LE(text.length, i * 16 + 8);
    return wide;
  });
  // SEC_WINNT_AUTH_IDENTITY_UNICODE
  bytes.writeUInt32LE(2, 44);
  return { bytes, texts };
}

/** Text as Windows takes it: UTF-16LE with a terminating zero. */
export function wideText(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le');
}
