import type * as koffiModule from 'koffi';
import { AuthError } from '../error.ts';

export type Koffi = typeof koffiModule;
export type NativeFunction = ReturnType<ReturnType<Koffi['load']>['func']>;

/** Stack of a native call off the main thread, in bytes: name resolution inside it wants more than the default's 128 KiB. */
const asyncStack = 1024 * 1024;

let loading: Promise<Koffi> | undefined;

/**
 * The foreign function interface, loaded at first use: it is native code, which only the platform packages carry.
 * @throws AuthError where it is missing or does not fit this processor
 */
export function loadKoffi(): Promise<Koffi> {
  loading ??= prepareKoffi(() => import('koffi')).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Loads it by `importing` and sets it up. @throws AuthError */
export async function prepareKoffi(importing: () => Promise<Koffi>): Promise<Koffi> {
  try {
    const koffi = await importing();
    koffi.config({ ...koffi.config(), async_stack_size: asyncStack });
    if (koffi.sizeof('void *') !== 8) throw new Error('not a 64-bit process');
    return koffi;
  } catch (cause) {
    throw new AuthError('unsupported', 'Kerberos needs the platform package.', 'Install the extension\'s package for this operating system and processor, or set auth: ntlm for this server.', { cause });
  }
}

/** What running calls work with: the collector must not take it away under them. */
const inUse = new Set<readonly unknown[]>();

/**
 * Calls a native function off the main thread.
 * @param keep what the arguments point to, beyond themselves
 */
export async function callAsync(fn: NativeFunction, args: readonly unknown[], keep: readonly unknown[] = []): Promise<number> {
  const used = [...args, ...keep];
  inUse.add(used);
  try {
    return await new Promise<number>((resolve, reject) => {
      fn.async(...args, (error: Error | null | undefined, result: number) => {
        if (error === null || error === undefined) resolve(result);
        else reject(error);
      });
    });
  } finally {
    inUse.delete(used);
  }
}
