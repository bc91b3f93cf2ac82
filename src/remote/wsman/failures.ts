import { RemoteError } from '../error.ts';
import type { AuthError } from '../auth/error.ts';
import type { HttpResponse } from './http-message.ts';

/** Where a server's WinRM listens. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

const tcpFailures: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ['the name could not be resolved', 'Check the host in the servers file, and the VPN or DNS.'],
  EAI_AGAIN: ['the name could not be resolved: no name server answered', 'Check the network, the VPN or DNS, then connect again.'],
  ECONNREFUSED: ['the connection was refused', 'Check scheme and port, and that WinRM listens on the server (winrm enumerate winrm/config/listener).'],
  ECONNRESET: ['the connection was reset', 'Check the port, and whether a firewall on the way cuts the connection.'],
  ETIMEDOUT: ['no answer came', 'Check the host, the firewall on the way and the VPN.'],
  EHOSTUNREACH: ['the host is unreachable', 'Check the network and the VPN.'],
  ENETUNREACH: ['the network is unreachable', 'Check the network and the VPN.'],
};

/** The error for a connection that could not be opened on the TCP level; `through` names a proxy. */
export function unreachable(server: string, error: NodeJS.ErrnoException, through = ''): RemoteError {
  const [what, remedy] = tcpFailures[error.code ?? ''] ?? [`opening the connection failed (${error.code ?? error.message})`, 'Check the host, the port and the network.'];
  return new RemoteError({ reason: 'unreachable', server, message: `Connecting over WinRM${through} failed: ${what}.`, remedy: through === '' ? remedy : 'Check the proxy setting (http.proxy, or HTTPS_PROXY for the command line), and the network.' }, { cause: error });
}

/** The error for a peer that did not finish a step of connecting in time. */
export function tooSlow(server: string, step: string, milliseconds: number): RemoteError {
  const tcp = step === 'TCP';
  return new RemoteError({
    reason: tcp ? 'unreachable' : 'silent-peer', server,
    message: tcp ? `Connecting over WinRM failed: no answer came in ${milliseconds / 1000} s.` : `The server accepted the connection but did not finish ${step} in ${milliseconds / 1000} s.`,
    remedy: 'Check the host, the port, the firewall on the way and the VPN.',
  });
}

/** The error for cancelling by signal. */
export function cancelled(server: string): RemoteError {
  return new RemoteError({ reason: 'cancelled', server, message: 'Connecting was cancelled.', remedy: 'Connect again when needed.' });
}

/** How far clocks may differ before Kerberos and NTLM refuse, in milliseconds. */
const largestSkew = 5 * 60_000;

/** An authentication that failed, with what only the connection knows: TLS on the way, the server's clock. */
export function authenticationFailed(server: string, endpoint: Endpoint, error: AuthError, response: HttpResponse | undefined): RemoteError {
  const remedies = [error.remedy];
  const date = Date.parse(response?.headers.get('date')?.[0] ?? '');
  const skew = Number.isNaN(date) ? 0 : Math.abs(Date.now() - date);
  if (error.reason === 'authentication-failed') {
    if (skew > largestSkew) remedies.unshift(`The server's clock differs from this machine's by ${Math.round(skew / 60_000)} minutes: set the clocks right first (w32tm /resync).`);
    if (endpoint.scheme === 'https' && response !== undefined) remedies.push('If the password is right, something on the way may end the TLS connection: a server that is strict about channel binding (CbtHardeningLevel) then refuses.');
  }
  return new RemoteError({ reason: error.reason, server, message: error.message, remedy: remedies.join(' ') }, { cause: error });
}

/** The error for an answer that is neither SOAP nor a demand for authentication. */
export function unexpectedStatus(server: string, endpoint: Endpoint, tried: string, response: HttpResponse): RemoteError {
  const { status } = response;
  const quoted = response.body.length === 0 ? undefined : response.body.toString('utf8', 0, 500);
  const came = `the server answered with HTTP ${status}${response.reason === '' ? '' : ` ${response.reason}`}`;
  const make = (reason: ConstructorParameters<typeof RemoteError>[0]['reason'], remedy: string): RemoteError =>
    new RemoteError({ reason, server, message: `${tried.charAt(0).toUpperCase()}${tried.slice(1)} failed: ${came}.`, remedy, quoted });
  switch (status) {
    case 401: return make('authentication-failed', 'Connect again to authenticate anew.');
    case 403: return make('access-denied', 'Check that the account may use WinRM there; with a client certificate, that it is mapped to an account (winrm enumerate winrm/config/service/certmapping).');
    case 404: case 405: return make('bad-peer', 'Check host and port: what answers there is not WinRM, which listens at /wsman.');
    case 413: return make('quota-exceeded', 'Raise MaxEnvelopeSizekb on the server: Set-Item WSMan:\\localhost\\MaxEnvelopeSizekb 500.');
    case 500: return endpoint.scheme === 'http' && response.body.length === 0
      ? make('bad-peer', 'The server could not read the sealed message, or takes none: leave AllowUnencrypted as it is, and connect again; if it stays, use scheme https.')
      : make('bad-peer', 'Look at the server\'s log: Event Viewer, Windows Remote Management, Operational.');
    case 503: return make('unreachable', 'Check that the service "Windows Remote Management (WS-Management)" runs on the server (Get-Service WinRM).');
    default: return make('bad-peer', 'Check host and port: what answers there does not behave like WinRM.');
  }
}
