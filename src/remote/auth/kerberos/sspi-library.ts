import { AuthError } from '../error.ts';
import { KerberosFailure, type KerberosFailureKind } from './failure.ts';
import { callAsync, type Koffi, type NativeFunction } from './koffi.ts';

/** Functions of sspi.h that are called: p for a pointer, u for an unsigned 32-bit number. */
const signatures = {
  AcquireCredentialsHandleW: 'ppupppppp',
  InitializeSecurityContextW: 'pppuuupupppp',
  QueryContextAttributesW: 'pup',
  EncryptMessage: 'pupu',
  DecryptMessage: 'ppup',
  MakeSignature: 'pupu',
  VerifySignature: 'ppup',
  DeleteSecurityContext: 'p',
  FreeCredentialsHandle: 'p',
} as const;

export type SspiFunction = keyof typeof signatures;

/** SEC_I_CONTINUE_NEEDED. */
export const continueNeeded = 0x00090312;

/** Statuses (winerror.h) with a meaning of their own here, and what they say. */
const failures: Readonly<Record<number, readonly [kind: KerberosFailureKind, text: string]>> = {
  0x80090303: ['service-unknown', 'the service name is not known (SEC_E_TARGET_UNKNOWN)'],
  0x8009030c: ['credentials-refused', 'the log-on was denied (SEC_E_LOGON_DENIED)'],
  0x8009030e: ['no-ticket', 'there are no credentials (SEC_E_NO_CREDENTIALS)'],
  0x80090311: ['other', 'no domain controller answered (SEC_E_NO_AUTHENTICATING_AUTHORITY)'],
  0x80090322: ['other', 'the service runs under another account than its name is registered for (SEC_E_WRONG_PRINCIPAL)'],
  0x80090324: ['clock-skew', 'the clocks differ (SEC_E_TIME_SKEW)'],
  0x8009030f: ['other', 'the message was altered (SEC_E_MESSAGE_ALTERED)'],
  0x80090310: ['other', 'the message is out of sequence (SEC_E_OUT_OF_SEQUENCE)'],
};

/** Windows' Security Support Provider Interface, secur32.dll. Written from its documentation; not run on Windows yet. */
export class SspiLibrary {
  readonly koffi: Koffi;
  readonly #functions: ReadonlyMap<string, NativeFunction>;

  /** @throws AuthError where the library cannot be loaded */
  constructor(koffi: Koffi) {
    this.koffi = koffi;
    try {
      const library = koffi.load('secur32.dll');
      this.#functions = new Map(Object.entries(signatures).map(([name, kinds]) => [
        name, library.func('__stdcall', name, 'int32_t', Array.from(kinds, (kind) => kind === 'u' ? 'uint32_t' : 'void *')),
      ]));
    } catch (cause) {
      throw new AuthError('unsupported', 'Windows\' Kerberos (secur32.dll) cannot be loaded.', 'Set auth: ntlm for this server.', { cause });
    }
  }

  /**
   * Calls a function off the main thread and gives its status, which is no error.
   * @param keep what the arguments point to
   * @throws KerberosFailure
   */
  async call(name: SspiFunction, args: readonly (Buffer | bigint | number | null)[], ...keep: readonly unknown[]): Promise<number> {
    const status = await callAsync(this.#function(name), args, keep) >>> 0;
    if (status >= 0x80000000) {
      const [kind, text] = failures[status] ?? ['other', `SSPI status 0x${status.toString(16)}`];
      throw new KerberosFailure(kind, text);
    }
    return status;
  }

  /** Frees a handle. Quick and local, so on the spot. */
  free(name: 'DeleteSecurityContext' | 'FreeCredentialsHandle', handle: Buffer): void {
    this.#function(name)(handle);
  }

  #function(name: SspiFunction): NativeFunction {
    const fn = this.#functions.get(name);
    if (fn === undefined) throw new AuthError('unsupported', `Windows' secur32.dll lacks ${name}.`, 'Set auth: ntlm for this server.');
    return fn;
  }
}
