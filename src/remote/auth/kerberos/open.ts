import type { AuthOptions } from '../context.ts';
import { AuthError } from '../error.ts';
import { KerberosFailure } from './failure.ts';
import { GssKerberos } from './gss-context.ts';
import { GssLibrary } from './gss-library.ts';
import { loadKoffi } from './koffi.ts';
import type { NativeContext, NativeKerberos } from './native.ts';
import { principalOf, servicesOf, spell } from './principal.ts';
import { clockSkew, KerberosSession } from './session.ts';
import { SspiKerberos } from './sspi-context.ts';
import { SspiLibrary } from './sspi-library.ts';

/** How long the KDC may take for a ticket, in milliseconds. */
const ticketLimit = 15_000;

/** A session with its ticket, or why Kerberos is out of the question here while something else may still work. */
export type KerberosOpened = { readonly session: KerberosSession } | { readonly unavailable: AuthError };

let native: NativeKerberos | undefined;

/**
 * Gets a ticket for the server and makes the first token. The service is `host/NAME`, or `HTTP/NAME` where the KDC does
 * not know the former; the session tells which.
 * @throws AuthError where the KDC refused user or password: trying the same elsewhere would count against the account
 */
export async function openKerberos(options: AuthOptions, limit: number = ticketLimit): Promise<KerberosOpened> {
  let failure: unknown;
  try {
    native ??= await loadNative();
    for (const service of servicesOf(options.host)) {
      try {
        return { session: await within(limit, begin(native, service, options)) };
      } catch (error) {
        failure = error;
        if (!(error instanceof KerberosFailure) || error.kind !== 'service-unknown') break;
      }
    }
  } catch (error) {
    failure = error;
  }
  if (failure instanceof AuthError) return { unavailable: failure };
  if (!(failure instanceof KerberosFailure)) throw failure;
  const explained = explain(failure, options);
  if (failure.kind === 'credentials-refused' && options.password !== undefined) throw explained;
  return { unavailable: explained };
}

async function loadNative(): Promise<NativeKerberos> {
  const koffi = await loadKoffi();
  return process.platform === 'win32' ? new SspiKerberos(new SspiLibrary(koffi)) : new GssKerberos(new GssLibrary(koffi));
}

async function begin(kerberos: NativeKerberos, service: string, options: AuthOptions): Promise<KerberosSession> {
  const { password } = options;
  const context = await kerberos.open({
    service, channelBinding: options.channelBinding,
    principal: options.user === undefined ? undefined : principalOf(options.user),
    password: password === undefined ? undefined : () => password.reveal(),
  });
  try {
    return new KerberosSession(context, { servicePrincipal: service, firstToken: await firstToken(context) });
  } catch (error) {
    context.release();
    throw error;
  }
}

async function firstToken(context: NativeContext): Promise<Uint8Array> {
  const { token, done } = await context.step(undefined);
  if (token === undefined || done) throw new KerberosFailure('other', 'the library would not ask the server to prove itself');
  return token;
}

/** A native call cannot be cancelled: one that is late is left to itself, and what it brings is put away. */
async function within(limit: number, work: Promise<KerberosSession>): Promise<KerberosSession> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      work.then((session) => { session.dispose(); }, () => undefined);
      reject(new KerberosFailure('other', `no KDC answered within ${limit / 1000} s`));
    }, limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function explain(failure: KerberosFailure, options: AuthOptions): AuthError {
  const who = options.user === undefined ? 'this log-on' : spell(principalOf(options.user));
  const what = `(${failure.message}).`;
  const make = (message: string, remedy: string): AuthError => new AuthError('authentication-failed', message, remedy, { cause: failure });
  // Where a password is given no ticket is looked for: the library then means that it could not get one.
  switch (failure.kind === 'no-ticket' && options.password !== undefined ? 'other' : failure.kind) {
    case 'no-ticket': return make(`There is no Kerberos ticket for ${who} ${what}`, 'Get one (kinit user@REALM, or log on to the domain), then connect again; write the user as user@REALM, or leave it out to take the ticket that is there.');
    case 'service-unknown': return make(`The KDC knows neither ${servicesOf(options.host).join(' nor ')} ${what}`, 'Use the server\'s full name as host:, as it is registered in Active Directory; no address and no alias.');
    case 'credentials-refused': return make(`The KDC refused ${who} ${what}`, 'Check the user (user@REALM), the password, and whether the account is locked or the password has expired; more attempts could lock it.');
    case 'clock-skew': return clockSkew(failure);
    case 'other': return make(`No Kerberos ticket for ${who} could be had ${what}`, 'Write the user as user@REALM, and check that this machine reaches a domain controller of that realm (krb5.conf, DNS, VPN).');
  }
}
