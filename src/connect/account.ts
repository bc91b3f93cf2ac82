/** What kind of account a service logs on as. */
export type AccountKind = 'virtual' | 'managed' | 'domain-user' | 'local-user' | 'built-in';

/** A Log On account in a form that can be compared: lower case, with the local computer's name in place of `.`. */
export interface AccountName {
  readonly kind: AccountKind;
  readonly domain: string;
  readonly user: string;
}

const builtIn = new Set(['localsystem', 'nt authority\\system', 'nt authority\\localservice', 'nt authority\\networkservice', '.\\localsystem']);

/**
 * Reads a Log On account as Win32_Service.StartName gives it: `NT SERVICE\ADSync`, `DOMAIN\name`, `DOMAIN\name$`, `name@domain`, `.\name`.
 * The computer's name tells a local account from a domain's. Undefined for text that is none of these.
 */
export function parseAccount(startName: string, computerName: string | undefined): AccountName | undefined {
  const text = startName.trim().toLowerCase();
  if (text === '' || text.length > 512) return undefined;
  if (builtIn.has(text)) return { kind: 'built-in', domain: '', user: text };
  const at = text.lastIndexOf('@');
  const slash = text.indexOf('\\');
  if (slash < 0 && at <= 0) return undefined;
  const domain = slash < 0 ? text.slice(at + 1) : text.slice(0, slash);
  const user = slash < 0 ? text.slice(0, at) : text.slice(slash + 1);
  if (domain === '' || user === '') return undefined;
  if (domain === 'nt service') return { kind: 'virtual', domain, user };
  if (domain === 'nt authority') return { kind: 'built-in', domain, user };
  if (user.endsWith('$')) return { kind: 'managed', domain, user };
  const computer = computerName?.toLowerCase();
  if (domain === '.' || domain === computer) return { kind: 'local-user', domain: computer ?? '.', user };
  return { kind: 'domain-user', domain, user };
}

/**
 * Whether two names mean one account. Undefined where that cannot be told from the names alone:
 * `name@contoso.com` and `CONTOSO\name` may or may not be the same.
 */
export function sameAccount(a: AccountName, b: AccountName): boolean | undefined {
  if (a.user !== b.user) return false;
  if (a.domain === b.domain) return true;
  const forms = [a, b].map((name) => name.domain.includes('.') && name.domain !== '.');
  return forms[0] === forms[1] ? false : undefined;
}

/** Whether a person can have set this account's password. */
export function hasPassword(kind: AccountKind): boolean {
  return kind === 'domain-user' || kind === 'local-user';
}

/** Whether its key is protected by a domain's DPAPI backup key, so that only a writable domain controller can bring it back. */
export function belongsToDomain(kind: AccountKind): boolean {
  return kind === 'domain-user' || kind === 'managed';
}

export const accountKindNames: Readonly<Record<AccountKind, string>> = {
  'virtual': 'virtual service account',
  'managed': 'managed service account',
  'domain-user': 'domain user',
  'local-user': 'local user',
  'built-in': 'built-in account',
};
