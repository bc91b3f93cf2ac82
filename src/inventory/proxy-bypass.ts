import { isIP } from 'node:net';

/**
 * Whether a list of exceptions names a host: itself, a domain that it lies in (with or without a leading dot or `*.`), or `*` for
 * all. This machine itself is never reached through a proxy. A port behind a name does not narrow the exception.
 */
export function bypasses(host: string, exceptions: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))) return true;
  return exceptions.some((exception) => {
    const bare = exception.trim().toLowerCase();
    if (bare === '*') return true;
    const withoutPort = isIP(bare) === 6 ? bare : bare.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
    const domain = withoutPort.replace(/^\*?\./, '');
    if (domain === '') return false;
    return name === domain || (isIP(name) === 0 && name.endsWith(`.${domain}`));
  });
}
