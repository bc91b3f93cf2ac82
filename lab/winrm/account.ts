import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lab-error.ts';

/** The domain account that signs in over WinRM; the simulation runs as it. */
export const winRmUser = 'labadmin';

/** Names of the domain that a simulated server is in. */
export interface LabDomain {
  /** NetBIOS name, for `DOMAIN\user`. */
  readonly netbios: string;
  /** DNS name; the Kerberos realm is the same in upper case. */
  readonly dns: string;
}

/** Reads a simulated server's domain from its state. Throws a LabError where it holds none. */
export function domainOf(directory: string): LabDomain {
  const state = JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8')) as { domain?: unknown; netbios?: unknown };
  if (typeof state.domain !== 'string' || typeof state.netbios !== 'string') throw new LabError(`The state of ${directory} names no domain.`, 1);
  return { dns: state.domain, netbios: state.netbios };
}

/**
 * Writes the user file of gss-ntlmssp (NTLM_USER_FILE, lines of `DOMAIN:user:password`). It compares the domain as it is written,
 * so each way to name the account is a line: by domain, by computer, without either, and as a user principal name.
 */
export function writeNtlmUsers(file: string, password: string, domains: readonly LabDomain[], computerNames: readonly string[]): void {
  const names = domains.flatMap(({ netbios, dns }) => [netbios, dns, dns.toUpperCase()]);
  const aliases = new Set([...names, ...names.map((name) => name.toLowerCase()), ...computerNames, '.', 'localhost', '']);
  const lines = [...aliases].map((alias) => `${alias}:${winRmUser}:${password}`);
  const principals = domains.map(({ dns }) => `:${winRmUser}@${dns}:${password}`);
  writeFileSync(file, [...lines, ...principals, ''].join('\n'), { mode: 0o600 });
}
