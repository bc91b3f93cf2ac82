import { AuthError, badToken } from '../error.ts';
import type { SealedMessage } from '../context.ts';
import { KerberosFailure } from './failure.ts';
import type { GssLibrary } from './gss-library.ts';
import type { NativeBlock } from './gss-memory.ts';
import type { NativeContext, NativeKerberos, NativeOptions } from './native.ts';
import { spell } from './principal.ts';
import { splitWrapToken } from './rotation.ts';

/** Name types of RFC 2744, 4. */
const hostBasedService = '1.2.840.113554.1.2.1.4';
const userName = '1.2.840.113554.1.2.1.1';
/** Request and return flags (RFC 2744, 5.19). */
const Flag = { mutual: 2, replay: 4, sequence: 8, confidentiality: 16, integrity: 32 } as const;
const wanted = Flag.mutual | Flag.replay | Flag.sequence | Flag.confidentiality | Flag.integrity;
const initiate = 1;
const indefinite = 0xffffffff;

/** Kerberos by GSSAPI (RFC 2744): the ticket cache of the system, or a password, which the library takes to the KDC itself. */
export class GssKerberos implements NativeKerberos {
  readonly #library: GssLibrary;

  constructor(library: GssLibrary) {
    this.#library = library;
  }

  async open(options: NativeOptions): Promise<NativeContext> {
    const library = this.#library;
    const [kind = '', host = ''] = options.service.split('/', 2);
    const target = await importName(library, `${kind}@${host}`, hostBasedService);
    const credential = Buffer.alloc(8);
    try {
      if (options.principal !== undefined) await acquire(library, options, credential);
      return new GssContext(library, { target, credential, binding: options.channelBinding });
    } catch (error) {
      library.free('gss_release_cred', credential);
      library.free('gss_release_name', target);
      throw error;
    }
  }
}

async function importName(library: GssLibrary, text: string, type: string): Promise<Buffer> {
  const name = Buffer.alloc(8);
  await library.call('gss_import_name', library.memory.buffer(Buffer.from(text, 'utf8')), library.memory.oid(type), name);
  return name;
}

async function acquire(library: GssLibrary, options: NativeOptions, credential: Buffer): Promise<void> {
  const { principal, password } = options;
  if (principal === undefined) return;
  const name = await importName(library, spell(principal), userName);
  const mechanisms = library.memory.oidSet(library.mechanism);
  try {
    if (password === undefined) {
      await library.call('gss_acquire_cred', name.readBigUInt64LE(0), indefinite, mechanisms, initiate, credential, null, null);
      return;
    }
    const plain = Buffer.from(password(), 'utf8');
    const secret = library.memory.buffer(plain);
    plain.fill(0);
    try {
      await library.call('gss_acquire_cred_with_password', name.readBigUInt64LE(0), secret, indefinite, mechanisms, initiate, credential, null, null);
    } finally {
      for (const copy of secret.holds) copy.fill(0);
    }
  } finally {
    library.free('gss_release_name', name);
  }
}

class GssContext implements NativeContext {
  readonly #library: GssLibrary;
  readonly #target: Buffer;
  readonly #credential: Buffer;
  readonly #binding: NativeBlock | null;
  readonly #handle = Buffer.alloc(8);

  constructor(library: GssLibrary, options: { target: Buffer; credential: Buffer; binding: Uint8Array | undefined }) {
    this.#library = library;
    this.#target = options.target;
    this.#credential = options.credential;
    this.#binding = options.binding === undefined ? null : library.memory.channelBindings(options.binding);
  }

  async step(token: Uint8Array | undefined): Promise<{ token: Uint8Array | undefined; done: boolean }> {
    const { memory, mechanism } = this.#library;
    const output = memory.emptyBuffer();
    const flags = Buffer.alloc(4);
    const input = token === undefined ? null : memory.buffer(token);
    const status = await this.#library.call('gss_init_sec_context', this.#credential.readBigUInt64LE(0), this.#handle, this.#target.readBigUInt64LE(0), mechanism,
      wanted, 0, this.#binding, input, null, output, flags, null);
    const answer = this.#library.take(output);
    if (!status.continueNeeded && (flags.readUInt32LE(0) & wanted) !== wanted) throw badToken('The server did not prove who it is, or offers no encryption with Kerberos.');
    return { token: answer.length === 0 ? undefined : answer, done: !status.continueNeeded };
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    const output = this.#library.memory.emptyBuffer();
    await this.#library.call('gss_get_mic', this.#context(), 0, this.#library.memory.buffer(message), output);
    return this.#library.take(output);
  }

  async verify(message: Uint8Array, signature: Uint8Array): Promise<void> {
    const { memory } = this.#library;
    const status = await this.#genuine('gss_verify_mic', memory.buffer(message), memory.buffer(signature), Buffer.alloc(4));
    if (status.outOfSequence) throw badToken('A signed message came out of sequence.');
  }

  async seal(plain: Uint8Array): Promise<SealedMessage> {
    const { memory } = this.#library;
    const output = memory.emptyBuffer();
    const confidential = Buffer.alloc(4);
    await this.#library.call('gss_wrap', this.#context(), 1, 0, memory.buffer(plain), confidential, output);
    const token = this.#library.take(output);
    if (confidential.readInt32LE(0) === 0) throw new AuthError('unsupported', 'Kerberos did not encrypt a message.', 'Use https for this server.');
    return splitWrapToken(token, plain.length);
  }

  async unseal(header: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
    const { memory } = this.#library;
    const output = memory.emptyBuffer();
    const confidential = Buffer.alloc(4);
    // RFC 4121, 4.2.5: any rotation has to be accepted, so the two parts together are an ordinary token.
    const status = await this.#genuine('gss_unwrap', memory.buffer(Buffer.concat([header, data])), output, confidential, Buffer.alloc(4));
    const plain = this.#library.take(output);
    if (status.outOfSequence || confidential.readInt32LE(0) === 0) throw badToken('A message came out of sequence, or not encrypted.');
    return plain;
  }

  async #genuine(name: 'gss_verify_mic' | 'gss_unwrap', ...args: readonly (Buffer | NativeBlock)[]): Promise<{ outOfSequence: boolean }> {
    try {
      return await this.#library.call(name, this.#context(), ...args);
    } catch (error) {
      if (error instanceof KerberosFailure) throw badToken(`A message came that Kerberos does not accept (${error.message}).`, error);
      throw error;
    }
  }

  #context(): bigint {
    return this.#handle.readBigUInt64LE(0);
  }

  release(): void {
    this.#library.freeContext(this.#handle);
    this.#library.free('gss_release_cred', this.#credential);
    this.#library.free('gss_release_name', this.#target);
  }
}
