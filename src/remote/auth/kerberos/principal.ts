import type { KerberosPrincipal } from './native.ts';

/**
 * The Kerberos principal of a user as people write it. `user@domain` and `DOMAIN\user` name a realm, which Active
 * Directory writes in upper case; a plain name leaves it to the system's default. A NetBIOS domain stays what it is: it
 * is a realm only where krb5.conf says so, and never silently another one.
 */
export function principalOf(user: string): KerberosPrincipal {
  const backslash = user.indexOf('\\');
  if (backslash >= 0) return { user: user.slice(backslash + 1), realm: user.slice(0, backslash).toUpperCase() };
  const at = user.lastIndexOf('@');
  return at < 0 ? { user, realm: undefined } : { user: user.slice(0, at), realm: user.slice(at + 1).toUpperCase() };
}

/** A principal in the form of RFC 1964, 2.1.1. */
export function spell({ user, realm }: KerberosPrincipal): string {
  const name = user.replace(/[\\@/]/g, (c) => `\\${c}`);
  return realm === undefined ? name : `${name}@${realm}`;
}

/** The service principal names to ask for, in this order: Windows registers the first for every computer. */
export function servicesOf(host: string): readonly string[] {
  return [`host/${host}`, `HTTP/${host}`];
}
