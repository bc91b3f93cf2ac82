import type { SealedMessage } from '../context.ts';
import { AuthError, badToken } from '../error.ts';
import { KerberosFailure } from './failure.ts';
import type { NativeContext, NativeKerberos, NativeOptions } from './native.ts';
import { authIdentity, SecBufferList, secChannelBindings, SecBufferType, wideText, type SecBuffer } from './sspi-memory.ts';
import { continueNeeded, type SspiLibrary } from './sspi-library.ts';

/** ISC_REQ_ and ISC_RET_ flags (sspi.h), the same bits in both. */
const Flag = { mutual: 0x2, replay: 0x4, sequence: 0x8, confidentiality: 0x10, integrity: 0x10000 } as const;
const wanted = Flag.mutual | Flag.replay | Flag.sequence | Flag.confidentiality | Flag.integrity;
const outbound = 2;
const nativeDataRepresentation = 0x10;
/** SECPKG_ATTR_SIZES. */
const sizesAttribute = 0;
/** Room for a token; Kerberos' default MaxTokenSize is 48,000 bytes and 65,535 its most. */
const tokenRoom = 65_535;
/** SECQOP_WRAP_NO_ENCRYPT: the message was only signed. */
const notEncrypted = 0x80000001;

/**
 * Kerberos by SSPI (its package `Kerberos`): the log-on session's ticket, or a password, which Windows takes to the KDC
 * itself. Without a password Windows takes whoever is logged on, whatever user is named: it has no other tickets. Written from Microsoft's documentation; not run on Windows yet.
 */
export class SspiKerberos implements NativeKerberos {
  readonly #library: SspiLibrary;

  constructor(library: SspiLibrary) {
    this.#library = library;
  }

  async open(options: NativeOptions): Promise<NativeContext> {
    const library = this.#library;
    const { principal, password } = options;
    const credential = Buffer.alloc(16);
    const packageName = wideText('Kerberos');
    const expiry = Buffer.alloc(8);
    const identity = password === undefined || principal === undefined ? undefined : authIdentity(library.koffi, principal.user, principal.realm ?? '', password());
    try {
      await library.call('AcquireCredentialsHandleW', [null, packageName, outbound, null, identity?.bytes ?? null, null, null, credential, expiry], identity);
    } finally {
      for (const text of identity?.texts ?? []) text.fill(0);
    }
    return new SspiContext(library, { service: options.service, credential, binding: options.channelBinding });
  }
}

class SspiContext implements NativeContext {
  readonly #library: SspiLibrary;
  readonly #target: Buffer;
  readonly #credential: Buffer;
  readonly #binding: SecBuffer | undefined;
  readonly #handle = Buffer.alloc(16);
  #started = false;
  #sizes: { signature: number; block: number; trailer: number } | undefined;

  constructor(library: SspiLibrary, options: { service: string; credential: Buffer; binding: Uint8Array | undefined }) {
    this.#library = library;
    this.#target = wideText(options.service);
    this.#credential = options.credential;
    this.#binding = options.binding === undefined ? undefined : { type: SecBufferType.channelBindings, bytes: secChannelBindings(options.binding) };
  }

  async step(token: Uint8Array | undefined): Promise<{ token: Uint8Array | undefined; done: boolean }> {
    const inputs: SecBuffer[] = [];
    if (token !== undefined) inputs.push({ type: SecBufferType.token, bytes: Buffer.from(token) });
    if (this.#binding !== undefined) inputs.push(this.#binding);
    const input = inputs.length === 0 ? undefined : this.#list(...inputs);
    const output = this.#list({ type: SecBufferType.token, bytes: Buffer.alloc(tokenRoom) });
    const attributes = Buffer.alloc(4);
    const status = await this.#library.call('InitializeSecurityContextW', [
      this.#credential, this.#started ? this.#handle : null, this.#target, wanted, 0, nativeDataRepresentation,
      input?.descriptor ?? null, 0, this.#handle, output.descriptor, attributes, Buffer.alloc(8),
    ], input, output);
    this.#started = true;
    const done = status !== continueNeeded;
    if (done) {
      if (((attributes.readUInt32LE(0) & wanted) >>> 0) !== wanted) throw badToken('The server did not prove who it is, or offers no encryption with Kerberos.');
      await this.#readSizes();
    }
    const answer = output.taken(0);
    return { token: answer.length === 0 ? undefined : answer, done };
  }

  /** SecPkgContext_Sizes: the most that a token takes, a signature, a cipher block, and what sealing adds in front. */
  async #readSizes(): Promise<void> {
    const sizes = Buffer.alloc(16);
    await this.#library.call('QueryContextAttributesW', [this.#handle, sizesAttribute, sizes]);
    this.#sizes = { signature: sizes.readUInt32LE(4), block: sizes.readUInt32LE(8), trailer: sizes.readUInt32LE(12) };
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    const list = this.#list({ type: SecBufferType.data, bytes: Buffer.from(message) }, { type: SecBufferType.token, bytes: Buffer.alloc(this.#known().signature) });
    await this.#library.call('MakeSignature', [this.#handle, 0, list.descriptor, 0], list);
    return list.taken(1);
  }

  async verify(message: Uint8Array, signature: Uint8Array): Promise<void> {
    const list = this.#list({ type: SecBufferType.data, bytes: Buffer.from(message) }, { type: SecBufferType.token, bytes: Buffer.from(signature) });
    await this.#genuine('VerifySignature', list);
  }

  async seal(plain: Uint8Array): Promise<SealedMessage> {
    const { trailer, block } = this.#known();
    const list = this.#list(
      { type: SecBufferType.token, bytes: Buffer.alloc(trailer) },
      { type: SecBufferType.data, bytes: Buffer.from(plain) },
      { type: SecBufferType.padding, bytes: Buffer.alloc(block) },
    );
    await this.#library.call('EncryptMessage', [this.#handle, 0, list.descriptor, 0], list);
    const padding = list.taken(2);
    return { header: list.taken(0), data: Buffer.concat([list.taken(1), padding]), padding: padding.length };
  }

  async unseal(header: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
    const list = this.#list(
      { type: SecBufferType.token, bytes: Buffer.from(header) },
      { type: SecBufferType.data, bytes: Buffer.from(data) },
      { type: SecBufferType.padding, bytes: Buffer.alloc(0) },
    );
    if (await this.#genuine('DecryptMessage', list) === notEncrypted) throw badToken('A message came that was not encrypted.');
    return list.taken(1);
  }

  /** Gives the quality of protection. @throws AuthError where the message is not genuine */
  async #genuine(name: 'VerifySignature' | 'DecryptMessage', list: SecBufferList): Promise<number> {
    const quality = Buffer.alloc(4);
    try {
      await this.#library.call(name, [this.#handle, list.descriptor, 0, quality], list);
    } catch (error) {
      if (error instanceof KerberosFailure) throw badToken(`A message came that Kerberos does not accept (${error.message}).`, error);
      throw error;
    }
    return quality.readUInt32LE(0);
  }

  #list(...buffers: SecBuffer[]): SecBufferList {
    return new SecBufferList(this.#library.koffi, buffers);
  }

  #known(): { signature: number; block: number; trailer: number } {
    if (this.#sizes === undefined) throw new AuthError('unsupported', 'The Kerberos session is not established.', 'Connect again.');
    return this.#sizes;
  }

  release(): void {
    if (this.#started) this.#library.free('DeleteSecurityContext', this.#handle);
    this.#library.free('FreeCredentialsHandle', this.#credential);
  }
}
