import { bypasses } from '../inventory/proxy-bypass.ts';

/** Where the proxy and its exceptions stand: as curl reads them, the lower-case name first. */
const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;
const exceptionVariables = ['no_proxy', 'NO_PROXY'] as const;

/**
 * The HTTP proxy that the environment names for a host, as a URL; undefined where the host is reached directly. Only WinRM over https
 * goes through it, by CONNECT. HTTP_PROXY is not read: it is for plain HTTP, which WinRM never sends through a proxy.
 */
export function proxyFromEnvironment(environment: Readonly<Record<string, string | undefined>>): (host: string) => string | undefined {
  const named = firstOf(environment, proxyVariables);
  const exceptions = (firstOf(environment, exceptionVariables) ?? '').split(/[\s,]+/);
  if (named === undefined) return () => undefined;
  const proxy = named.includes('://') ? named : `http://${named}`;
  return (host) => (bypasses(host, exceptions) ? undefined : proxy);
}

/** A variable that is set to nothing switches what comes after it off, as an empty https_proxy does elsewhere. */
function firstOf(environment: Readonly<Record<string, string | undefined>>, names: readonly string[]): string | undefined {
  const value = names.map((name) => environment[name]).find((text) => text !== undefined)?.trim();
  return value === '' ? undefined : value;
}
