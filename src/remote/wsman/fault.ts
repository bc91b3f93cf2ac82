import type { RemoteFailureReason } from '../../session.ts';
import { RemoteError } from '../error.ts';
import type { XmlElement } from './xml.ts';
import { childOf, descendants, under, wholeText } from './xml.ts';

/** A SOAP fault as WSMan tells it (DSP0226 14, MS-WSMV 2.2.4.43). */
export interface Fault {
  /** WSManFault's Code; undefined where there is none. Unsigned. */
  readonly code: number | undefined;
  /** Local names of the SOAP codes, outermost first: `Receiver`, `TimedOut`. */
  readonly subcodes: readonly string[];
  /** The server's own words: the provider's before WSMan's. */
  readonly text: string;
}

/** WSManFault codes with a meaning of their own (WinError.h; wsmerror.h for 0x80338…). */
export const faultCode = {
  accessDenied: 5,
  aborted: 995,
  cancelled: 1223,
  keyDeleted: 0x8007_03fa,
  timedOut: 0x8033_8029,
  invalidSelectors: 0x8033_805b,
  operationQuota: 0x8033_81a6,
  shellDisconnected: 0x8033_81c4,
  streamDisconnected: 0x8033_81de,
} as const;

const enable = 'Run Enable-PSRemoting there in an administrator\'s Windows PowerShell, and restart the WinRM service.';
const biggerEnvelopes = 'Raise MaxEnvelopeSizekb on the server: Set-Item WSMan:\\localhost\\MaxEnvelopeSizekb 500.';

type Told = readonly [reason: RemoteFailureReason, what: string, remedy: string];

const quota = (what: string, remedy: string): Told => ['quota-exceeded', what, remedy];
const gone = 'Connect again; what had been running in that shell has ended.';
const left = 'Reconnect to the session to go on, or connect again for a new one.';
const closeShells = 'Close sessions that are left on the server (in an administrator\'s PowerShell there: Get-WSManInstance -ResourceURI shell -Enumerate), wait for their idle time to pass, or raise the quota in WSMan:\\localhost\\Shell.';

/** What a code means to a person. Where a number is not here, the server's words are all there is. */
const meanings: ReadonlyMap<number, Told> = new Map<number, Told>([
  [faultCode.accessDenied, ['access-denied', 'the server denied access to Windows PowerShell (error 5)', 'Use an account that is in Administrators or Remote Management Users on that server; a local administrator other than the built-in one also needs LocalAccountTokenFilterPolicy = 1 there.']],
  [0x8007_0005, ['access-denied', 'the server denied access (0x80070005)', 'Use an account that is in Administrators or Remote Management Users on that server.']],
  [faultCode.aborted, ['connection-lost', 'the server aborted the operation (995)', 'Connect again; the Windows Remote Management service may have been restarted.']],
  [faultCode.cancelled, ['connection-lost', 'the operation was cancelled on the server (1223)', gone]],
  [faultCode.keyDeleted, ['connection-lost', 'the account\'s profile is being unloaded on the server (0x800703FA)', 'Wait a few seconds, then connect again.']],
  [1311, ['authentication-failed', 'the server could not reach a domain controller to check the account (1311)', 'Check the domain controller and the network of that server; never change a password because of this.']],
  [1326, ['authentication-failed', 'the server refused the user name or the password (1326)', 'Check the user name and the password.']],
  [1385, ['access-denied', 'the account may not log on to that server over the network (1385)', 'Grant "Access this computer from the network" to the account, or use another one.']],
  [1398, ['authentication-failed', 'the clocks of this machine, the server and the domain controller differ too much (1398)', 'Set the clocks right (w32tm /resync), then connect again.']],
  [1726, ['connection-lost', 'the process that hosts the session on the server has ended (1726)', gone]],
  [1909, ['authentication-failed', 'the account is locked (1909)', 'Unlock the account, then connect again.']],
  [0x8007_06be, ['connection-lost', 'the process that hosts the session on the server has ended (0x800706BE)', gone]],
  [0x8009_0322, ['authentication-failed', 'the server is not who its Kerberos service name says (SEC_E_WRONG_PRINCIPAL)', 'Use the server\'s full host name in the entry, and check its service principal names (setspn -L).']],
  [0x8009_0324, ['authentication-failed', 'the clocks of this machine and the server differ too much (SEC_E_TIME_SKEW)', 'Set the clocks right (w32tm /resync), then connect again.']],
  [0x8009_030e, ['access-denied', 'the account has no credentials on that server for going on to another one (SEC_E_NO_CREDENTIALS)', 'A WinRM session cannot use the account for a second server (double hop): run the step on the server itself, or let an administrator set up Kerberos delegation.']],
  [faultCode.timedOut, ['silent-peer', 'the server did not finish the operation in the time it was given (0x80338029)', 'Check the server\'s load, then connect again.']],
  [faultCode.invalidSelectors, ['connection-lost', 'the shell is gone: the server ended it, or its idle time passed (0x8033805B)', gone]],
  [0x8033_8000, ['bad-peer', 'the server does not know the resource that was asked for (0x80338000)', enable]],
  [0x8033_803b, ['bad-peer', 'the session configuration Microsoft.PowerShell is not registered on the server (0x8033803B)', enable]],
  [0x8033_803f, quota('a quota of the service is used up (0x8033803F)', closeShells)],
  [0x8033_8047, quota('the size of message that was asked for is more than the server sends (0x80338047)', biggerEnvelopes)],
  [0x8033_8048, quota('the answer is larger than the size of message that was agreed on (0x80338048)', biggerEnvelopes)],
  [0x8033_8049, quota('the request is larger than the server\'s MaxEnvelopeSizekb (0x80338049)', biggerEnvelopes)],
  [0x8033_8083, ['bad-peer', 'the server\'s PowerShell plugin failed (0x80338083)', enable]],
  [0x8033_8098, ['connection-lost', 'the session on the server was closed already (0x80338098)', gone]],
  [0x8033_809a, ['bad-peer', 'the server could not load its PowerShell plugin (0x8033809A)', enable]],
  [0x8033_814a, ['connection-lost', 'the shell was closed already (0x8033814A)', gone]],
  [0x8033_81a5, quota('the account has too many shells on that server (0x803381A5, MaxShellsPerUser)', closeShells)],
  [faultCode.operationQuota, quota('the account has too many operations running on that server (0x803381A6, MaxConcurrentOperationsPerUser)', closeShells)],
  [0x8033_81a7, quota('the account\'s quota of requests is used up (0x803381A7)', closeShells)],
  [0x8033_81a8, quota('the server\'s quota of requests of all users is used up (0x803381A8)', closeShells)],
  [0x8033_81ab, quota('too many users have shells on that server (0x803381AB, MaxConcurrentUsers)', closeShells)],
  [0x8033_81ac, ['access-denied', 'the server does not allow remote shells (0x803381AC)', 'Set WSMan:\\localhost\\Shell\\AllowRemoteShellAccess to true on the server, or ask who manages its policy.']],
  [faultCode.shellDisconnected, ['connection-lost', 'the shell was disconnected on the server (0x803381C4)', left]],
  [0x8033_81c5, ['unsupported', 'the session configuration cannot disconnect (0x803381C5)', 'Keep the connection open instead.']],
  [0x8033_81c6, ['connection-lost', 'the shell belongs to another client session (0x803381C6)', 'Connect to it as a new client.']],
  [0x8033_81cd, ['connection-lost', 'another client is connected to the shell (0x803381CD)', 'Disconnect it there first, or wait until that client is gone.']],
  [0x8033_81dd, ['access-denied', 'the server takes WinRM connections from itself only (0x803381DD)', enable]],
  [faultCode.streamDisconnected, ['connection-lost', 'the output of the command was disconnected on the server (0x803381DE)', left]],
  [0x8033_81e3, ['access-denied', 'the session configuration takes no remote connections (0x803381E3)', enable]],
  [0x8033_81e4, quota('too many shells are open in this session configuration (0x803381E4, MaxShells)', closeShells)],
  [0x8033_81e5, quota('too many users are connected to this session configuration (0x803381E5, MaxConcurrentUsers)', closeShells)],
  [0x8033_81e6, quota('the session configuration has too many shells (0x803381E6)', closeShells)],
  [0x8033_81e7, quota('the session configuration has too many operations (0x803381E7)', closeShells)],
  [0x8033_81e8, quota('the account has too many operations in this session configuration (0x803381E8, MaxConcurrentOperationsPerUser)', closeShells)],
  [0x8033_81e9, quota('the shell has too many commands (0x803381E9, MaxConcurrentCommandsPerShell)', closeShells)],
]);

/** Reads a fault; undefined where the body holds none. */
export function readFault(body: XmlElement): Fault | undefined {
  const fault = childOf(body, 'Fault');
  if (fault === undefined) return undefined;
  const [wsman] = descendants(fault, 'WSManFault');
  const [provider] = descendants(fault, 'ProviderFault');
  const code = wsman?.attributes.get('Code');
  const subcodes: string[] = [];
  for (let at = childOf(fault, 'Code'); at !== undefined && subcodes.length < 4; at = childOf(at, 'Subcode')) {
    const value = childOf(at, 'Value')?.text.trim() ?? '';
    subcodes.push(value.slice(value.indexOf(':') + 1));
  }
  const reason = under(fault, 'Reason', 'Text')?.text.trim() ?? '';
  const texts = [provider, childOf(wsman, 'Message')].map((element) => element === undefined ? '' : wholeText(element));
  return {
    code: code !== undefined && /^\d{1,10}$/.test(code) ? Number(code) : subcodes.includes('TimedOut') ? faultCode.timedOut : undefined,
    subcodes,
    text: texts.find((text) => text !== '') ?? reason,
  };
}

/** True for the fault that a Receive without output ends with: the next one may follow (MS-WSMV 3.1.4.14). */
export function isReceiveTimeout(fault: Fault): boolean {
  return fault.code === faultCode.timedOut;
}

/** True where another attempt in a new shell may succeed, nothing having run yet. */
export function mayOpenAgain(code: number | undefined): boolean {
  return code === faultCode.keyDeleted || code === faultCode.operationQuota || code === faultCode.invalidSelectors;
}

/** A fault as an error: which operation, what came back, what to do. */
export class WsmanFaultError extends RemoteError {
  readonly fault: Fault;

  constructor(server: string, tried: string, fault: Fault) {
    super({ server, quoted: fault.text === '' ? undefined : fault.text, ...explain(tried, fault) });
    this.fault = fault;
  }
}

function explain(tried: string, fault: Fault): { reason: RemoteFailureReason; message: string; remedy: string } {
  const known = fault.code === undefined ? undefined : meanings.get(fault.code);
  if (known !== undefined) return { reason: known[0], message: `${tried} failed: ${known[1]}.`, remedy: known[2] };
  if (fault.subcodes.includes('AccessDenied')) {
    return { reason: 'access-denied', message: `${tried} failed: the server denied access.`, remedy: 'Use an account that is in Administrators or Remote Management Users on that server.' };
  }
  if (fault.subcodes.includes('QuotaLimit')) return { reason: 'quota-exceeded', message: `${tried} failed: a quota of the server is used up.`, remedy: closeShells };
  if (fault.subcodes.includes('EncodingLimit')) {
    return { reason: 'quota-exceeded', message: `${tried} failed: a message is larger than the server allows.`, remedy: biggerEnvelopes };
  }
  if (fault.subcodes.includes('DestinationUnreachable') || fault.subcodes.includes('EndpointUnavailable')) {
    return { reason: 'bad-peer', message: `${tried} failed: the server does not offer Windows PowerShell remoting.`, remedy: enable };
  }
  const number = fault.code === undefined ? fault.subcodes.join('/') : `error ${fault.code} (0x${fault.code.toString(16).toUpperCase().padStart(8, '0')})`;
  return { reason: 'bad-peer', message: `${tried} failed: the server answered with ${number === '' ? 'a fault' : number}.`, remedy: 'Look the number up, or in the server\'s log: Event Viewer, Windows Remote Management, Operational.' };
}
