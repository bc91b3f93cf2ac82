import { loadKoffi, type Koffi } from '../../../src/remote/auth/kerberos/koffi.ts';

/** What the operating system's GSSAPI says as the server: MIT Kerberos, its SPNEGO, and gss-ntlmssp, none of them ours. */
export interface Acceptor {
  /** Takes a token; throws with the library's words where it refuses. */
  accept(token: Uint8Array): { token: Buffer | undefined; done: boolean };
  /** `confidential` false: only signed. */
  wrap(plain: Uint8Array, confidential?: boolean): Buffer;
  /** Throws where the token is not genuine, or came out of sequence. */
  unwrap(token: Uint8Array): Buffer;
  sign(message: Uint8Array): Buffer;
  verify(message: Uint8Array, mic: Uint8Array): void;
  /** Unwraps header and data where they stand, as a strict peer does (gss_unwrap_iov with HEADER and DATA). */
  unwrapInPlace(header: Uint8Array, data: Uint8Array): Buffer;
  release(): void;
}

export const krb5 = Buffer.from('2a864886f712010202', 'hex');
export const spnego = Buffer.from('2b0601050502', 'hex');
export const ntlmssp = Buffer.from('2b06010401823702020a', 'hex');

const p = 'void *';
const u = 'uint32_t';

/** An acceptor for one context. @param mechanism whose credentials it uses */
export async function openAcceptor(mechanism: Buffer, channelBinding?: Uint8Array): Promise<Acceptor> {
  return new GssAcceptor(await loadKoffi(), mechanism, channelBinding);
}

class GssAcceptor implements Acceptor {
  readonly #koffi: Koffi;
  readonly #library: ReturnType<Koffi['load']>;
  readonly #context = Buffer.alloc(8);
  readonly #credential = Buffer.alloc(8);
  readonly #binding: Buffer | null;
  readonly #keep: Buffer[] = [];

  constructor(koffi: Koffi, mechanism: Buffer, channelBinding: Uint8Array | undefined) {
    this.#koffi = koffi;
    this.#library = koffi.load('libgssapi_krb5.so.2');
    const oid = this.#keeps(Buffer.alloc(16));
    oid.writeUInt32LE(mechanism.length, 0);
    oid.writeBigUInt64LE(koffi.address(this.#keeps(Buffer.from(mechanism))), 8);
    const set = this.#keeps(Buffer.alloc(16));
    set.writeBigUInt64LE(1n, 0);
    set.writeBigUInt64LE(koffi.address(oid), 8);
    // GSS_C_ACCEPT
    this.#call('gss_acquire_cred', [p, u, p, 'int', p, p, p], null, 0, set, 2, this.#credential, null, null);
    this.#binding = channelBinding === undefined ? null : this.#keeps(Buffer.alloc(64));
    if (channelBinding !== undefined) this.#describe(channelBinding).copy(this.#binding ?? Buffer.alloc(0), 48);
  }

  accept(token: Uint8Array): { token: Buffer | undefined; done: boolean } {
    const output = Buffer.alloc(16);
    const status = this.#call('gss_accept_sec_context', [p, p, p, p, p, p, p, p, p, p], this.#context, this.#credential.readBigUInt64LE(0), this.#describe(token), this.#binding,
      Buffer.alloc(8), null, output, null, null, null);
    const answer = this.#take(output);
    return { token: answer.length === 0 ? undefined : answer, done: (status & 1) === 0 };
  }

  wrap(plain: Uint8Array, confidential = true): Buffer {
    const output = Buffer.alloc(16);
    this.#call('gss_wrap', [p, 'int', u, p, p, p], this.#handle(), confidential ? 1 : 0, 0, this.#describe(plain), Buffer.alloc(4), output);
    return this.#take(output);
  }

  unwrap(token: Uint8Array): Buffer {
    const output = Buffer.alloc(16);
    const confidential = Buffer.alloc(4);
    const status = this.#call('gss_unwrap', [p, p, p, p, p], this.#handle(), this.#describe(token), output, confidential, Buffer.alloc(4));
    const plain = this.#take(output);
    if (status !== 0 || confidential.readInt32LE(0) === 0) throw new Error(`unwrapped with status ${status}, confidential ${confidential.readInt32LE(0)}`);
    return plain;
  }

  sign(message: Uint8Array): Buffer {
    const output = Buffer.alloc(16);
    this.#call('gss_get_mic', [p, u, p, p], this.#handle(), 0, this.#describe(message), output);
    return this.#take(output);
  }

  verify(message: Uint8Array, mic: Uint8Array): void {
    const status = this.#call('gss_verify_mic', [p, p, p, p], this.#handle(), this.#describe(message), this.#describe(mic), Buffer.alloc(4));
    if (status !== 0) throw new Error(`verified with status ${status}`);
  }

  unwrapInPlace(header: Uint8Array, data: Uint8Array): Buffer {
    const parts = [Buffer.from(header), Buffer.from(data), Buffer.alloc(1)];
    // gss_iov_buffer_desc: type (HEADER 2, DATA 1, PADDING 9), buffer.
    const list = Buffer.alloc(24 * 3);
    parts.forEach((part, i) => {
      list.writeUInt32LE([2, 1, 9][i] ?? 0, i * 24);
      list.writeBigUInt64LE(BigInt(i === 2 ? 0 : part.length), i * 24 + 8);
      list.writeBigUInt64LE(i === 2 ? 0n : this.#koffi.address(part), i * 24 + 16);
    });
    const status = this.#call('gss_unwrap_iov', [p, p, p, p, 'int'], this.#handle(), Buffer.alloc(4), Buffer.alloc(4), list, 3);
    if (status !== 0) throw new Error(`unwrapped in place with status ${status}`);
    return (parts[1] ?? Buffer.alloc(0)).subarray(0, Number(list.readBigUInt64LE(24 + 8)));
  }

  release(): void {
    if (this.#handle() !== 0n) this.#call('gss_delete_sec_context', [p, p], this.#context, null);
    this.#call('gss_release_cred', [p], this.#credential);
  }

  #handle(): bigint {
    return this.#context.readBigUInt64LE(0);
  }

  #keeps(bytes: Buffer): Buffer {
    this.#keep.push(bytes);
    return bytes;
  }

  /** A gss_buffer_desc; the calls are synchronous, so keeping it here is enough. */
  #describe(content: Uint8Array): Buffer {
    const copy = this.#keeps(Buffer.from(content));
    const descriptor = this.#keeps(Buffer.alloc(16));
    descriptor.writeBigUInt64LE(BigInt(copy.length), 0);
    descriptor.writeBigUInt64LE(copy.length === 0 ? 0n : this.#koffi.address(copy), 8);
    return descriptor;
  }

  #take(descriptor: Buffer): Buffer {
    const size = Number(descriptor.readBigUInt64LE(0));
    const copy = size === 0 ? Buffer.alloc(0) : Buffer.from(this.#koffi.decode(descriptor.readBigUInt64LE(8), 'uint8_t', size) as Uint8Array);
    this.#library.func('gss_release_buffer', u, [p, p])(Buffer.alloc(4), descriptor);
    return copy;
  }

  #call(name: string, types: readonly string[], ...args: readonly unknown[]): number {
    const minor = Buffer.alloc(4);
    const status = this.#library.func(name, u, [p, ...types])(minor, ...args) as number;
    if ((status & 0xffff0000) !== 0) {
      const text = Buffer.alloc(16);
      this.#library.func('gss_display_status', u, [p, u, 'int', p, p, p])(Buffer.alloc(4), minor.readUInt32LE(0), 2, null, Buffer.alloc(4), text);
      throw new Error(`${name}: status 0x${status.toString(16)}: ${this.#take(text).toString()}`);
    }
    return status;
  }
}
