import { AuthError } from '../error.ts';
import { KerberosFailure, kindOfStatus } from './failure.ts';
import { GssMemory, type NativeBlock } from './gss-memory.ts';
import { callAsync, type Koffi, type NativeFunction } from './koffi.ts';

/** Functions of RFC 2744 that are called, with how many 64-bit or 32-bit arguments of which kind: pointer, unsigned, int. */
const signatures = {
  gss_import_name: 'pppp',
  gss_release_name: 'pp',
  gss_acquire_cred: 'ppupippp',
  gss_release_cred: 'pp',
  gss_init_sec_context: 'pppppuupppppp',
  gss_delete_sec_context: 'ppp',
  gss_wrap: 'ppiuppp',
  gss_unwrap: 'pppppp',
  gss_get_mic: 'ppupp',
  gss_verify_mic: 'ppppp',
  gss_display_status: 'puippp',
  gss_release_buffer: 'pp',
} as const;

/** An extension that MIT and Heimdal share (gssapi_ext.h). */
const passwordExtension = { gss_acquire_cred_with_password: 'pppupippp' } as const;

export type GssFunction = keyof typeof signatures | keyof typeof passwordExtension;

const kinds: Readonly<Record<string, string>> = { p: 'void *', u: 'uint32_t', i: 'int' };
/** Bits of a major status that say an error (RFC 2744, 3.9.1). */
const errorBits = 0xffff0000;
const continueNeeded = 1;
/** Status text comes in parts; no status has more. */
const mostTexts = 8;

/** Where the library is, per platform. */
const files: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libgssapi_krb5.so.2', 'libgssapi.so.3'],
  freebsd: ['libgssapi.so'],
  darwin: ['/System/Library/Frameworks/GSS.framework/GSS'],
};

/** The result of a call that is no error. */
export interface GssStatus {
  readonly continueNeeded: boolean;
  /** Supplementary bits: a token came twice, too late or out of order. */
  readonly outOfSequence: boolean;
}

/** The operating system's GSSAPI library: MIT's or Heimdal's on Linux, Apple's on macOS (which was not run). */
export class GssLibrary {
  readonly memory: GssMemory;
  readonly mechanism: NativeBlock;
  readonly #functions = new Map<string, NativeFunction>();

  /** @throws AuthError where there is no such library */
  constructor(koffi: Koffi, platform: NodeJS.Platform = process.platform, arch: string = process.arch) {
    const library = load(koffi, files[platform] ?? []);
    const bind = ([name, kindsOf]: readonly [string, string]): void => {
      this.#functions.set(name, library.func(name, 'uint32_t', Array.from(kindsOf, (kind) => kinds[kind] ?? 'void *')));
    };
    Object.entries(signatures).forEach(bind);
    try {
      Object.entries(passwordExtension).forEach(bind);
    } catch {
      // An old library lacks the extension: it is missed only where a password is to be used.
    }
    this.memory = new GssMemory(koffi, platform === 'darwin' && arch === 'x64');
    this.mechanism = this.memory.oid('1.2.840.113554.1.2.2');
  }

  /** Whether credentials can be had by password. */
  get takesPasswords(): boolean {
    return this.#functions.has('gss_acquire_cred_with_password');
  }

  /**
   * Calls a function off the main thread. Blocks and buffers among the arguments are passed by address.
   * @throws KerberosFailure with the library's own words where it reports an error
   */
  async call(name: GssFunction, ...args: readonly (Buffer | NativeBlock | bigint | number | null)[]): Promise<GssStatus> {
    const minor = Buffer.alloc(4);
    const given = args.map((arg) => arg !== null && typeof arg === 'object' && 'bytes' in arg ? arg.bytes : arg);
    const major = await callAsync(this.#function(name), [minor, ...given], args);
    if ((major & errorBits) !== 0) throw this.#failure(major, minor.readUInt32LE(0));
    return { continueNeeded: (major & continueNeeded) !== 0, outOfSequence: (major & 0x1e) !== 0 };
  }

  /** Frees a handle by the function for its kind; the handle is zero afterwards. Quick and local, so on the spot. */
  free(name: 'gss_release_name' | 'gss_release_cred' | 'gss_release_buffer', handle: Buffer): void {
    if (name === 'gss_release_buffer' || handle.readBigUInt64LE(0) !== 0n) this.#function(name)(Buffer.alloc(4), handle);
  }

  freeContext(handle: Buffer): void {
    if (handle.readBigUInt64LE(0) !== 0n) this.#function('gss_delete_sec_context')(Buffer.alloc(4), handle, null);
  }

  /** Copies an answer out and frees the library's own. */
  take(descriptor: Buffer): Buffer {
    try {
      return this.memory.read(descriptor);
    } finally {
      this.free('gss_release_buffer', descriptor);
    }
  }

  #function(name: GssFunction): NativeFunction {
    const fn = this.#functions.get(name);
    if (fn === undefined) throw new AuthError('unsupported', `This system's Kerberos library lacks ${name}.`, 'Get a ticket first (kinit user@REALM), then connect again without a password.');
    return fn;
  }

  #failure(major: number, minor: number): KerberosFailure {
    const routine = this.#text(major, 1);
    const detail = minor === 0 ? '' : this.#text(minor, 2);
    return new KerberosFailure(kindOfStatus(major, minor), detail === '' || detail === 'Unknown error' ? `${routine} (${minor})` : detail);
  }

  /** gss_display_status. @param type 1: of the routine, 2: of the mechanism */
  #text(status: number, type: 1 | 2): string {
    const more = Buffer.alloc(4);
    const texts: string[] = [];
    do {
      const text = this.memory.emptyBuffer();
      const major = this.#function('gss_display_status')(Buffer.alloc(4), status >>> 0, type, this.mechanism.bytes, more, text) as number;
      if ((major & errorBits) !== 0) break;
      texts.push(this.take(text).toString('utf8'));
    } while (more.readUInt32LE(0) !== 0 && texts.length < mostTexts);
    return texts.join('; ').slice(0, 300);
  }
}

function load(koffi: Koffi, names: readonly string[]): ReturnType<Koffi['load']> {
  let cause: unknown;
  for (const name of names) {
    try {
      return koffi.load(name);
    } catch (error) {
      cause = error;
    }
  }
  throw new AuthError('unsupported', 'This system has no Kerberos library (GSSAPI).', 'Install it (Debian and Ubuntu: libgssapi-krb5-2; Fedora: krb5-libs), or set auth: ntlm for this server.', { cause });
}
