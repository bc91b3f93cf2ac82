import { SilenceError } from '../../../src/remote/deadline.ts';
import { remoteError, toRemoteError } from '../../../src/remote/failure.ts';
import { unreachable as unreachableBySsh } from '../../../src/remote/ssh/failures.ts';
import { WsmanFaultError } from '../../../src/remote/wsman/fault.ts';
import { unexpectedStatus, unreachable as unreachableByWinRm } from '../../../src/remote/wsman/failures.ts';
import type { RemoteFailureReason } from '../../../src/session.ts';
import { cell } from './pages.ts';
import { writtenErrors, type WrittenError } from './written-errors.ts';

/** Every reason that there is; the compiler refuses one that is missing here, or is none. */
const all: Readonly<Record<RemoteFailureReason, true>> = {
  'unreachable': true, 'host-key-unknown': true, 'host-key-changed': true, 'certificate-refused': true, 'access-denied': true, 'quota-exceeded': true, 'authentication-failed': true,
  'not-windows-powershell': true, 'bad-peer': true, 'silent-peer': true, 'limit-exceeded': true, 'connection-lost': true, 'cancelled': true, 'unsupported': true, 'closed': true,
};
export const reasons = Object.keys(all) as readonly RemoteFailureReason[];

/** What Node says of a connection that could not be opened. */
const tcpCodes = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', '…'];
/** What an HTTP server answers instead of SOAP, and over which scheme it makes a difference. */
const statuses = [[401, 'http'], [403, 'https'], [404, 'http'], [405, 'http'], [413, 'http'], [500, 'http'], [500, 'https'], [503, 'http'], [418, 'http']] as const;

const over = (file: string): string => (/[\\/]ssh[\\/]/.test(file) ? 'SSH' : /[\\/](?:wsman|auth)[\\/]/.test(file) ? 'WinRM' : /[\\/]local/.test(file) ? 'local' : '');

interface Row { readonly over: string; readonly message: string; readonly remedy: string }

/** Every message with one reason, and what it says to do; from the code, without the faults of WinRM, which have a table of their own. */
export function errorsBlock(reason: RemoteFailureReason): string {
  // What is filled in from tables when it happens is tried below.
  const rows: Row[] = writtenErrors().filter((error) => error.reason === reason && says(error) && error.remedy !== '…' && !error.message.includes('answered with HTTP')).map((error) => ({
    over: over(error.file), message: error.message, remedy: error.remedy ?? remoteError('', reason, '').failure.remedy,
  }));
  for (const [status, scheme] of statuses) {
    const { failure } = unexpectedStatus('', { scheme, host: '', port: 0 }, '…', { status, reason: '', headers: new Map(), body: Buffer.alloc(0), keepsAlive: true });
    if (failure.reason === reason) rows.push({ over: 'WinRM', message: failure.message.replace('418', '…').replace('500.', scheme === 'http' ? '500 (over http, without a text).' : '500.'), remedy: failure.remedy });
  }
  if (reason === 'silent-peer') {
    const { message, remedy } = toRemoteError(new SilenceError('…', 0), { server: '', opening: false, sawElement: true, noise: '', errorText: '' }).failure;
    rows.push({ over: '', message: message.replace(' 0 ', ' … '), remedy });
  }
  if (reason === 'unreachable') {
    for (const code of tcpCodes) {
      for (const [way, failed] of [['SSH', unreachableBySsh], ['WinRM', unreachableByWinRm]] as const) {
        const { message, remedy } = failed('', Object.assign(new Error(code), { code })).failure;
        rows.push({ over: way, message, remedy });
      }
    }
  }
  const unique = [...new Map(rows.map((row) => [`${row.message}|${row.remedy}`, row])).values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return unique.length === 0 ? 'No message of its own: the server\'s words, below.' : ['| | Message | What it says to do |', '|---|---|---|', ...unique.map((row) => `| ${row.over} | ${cell(row.message)} | ${cell(row.remedy)} |`)].join('\n');
}

const key = (row: Row): string => `${row.over}|${row.message}|${row.remedy}`;

/** Something to search for: not only what is filled in when it happens. */
function says({ message }: WrittenError): boolean {
  return message.replaceAll('…', '').trim().length > 8;
}

/** Messages that are made from another error's: they keep its reason. */
export function derivedBlock(): string {
  const rows = writtenErrors().filter((error) => error.reason === '…' && says(error) && !/fault\.ts|deadline\.ts/.test(error.file));
  return ['| | Message |', '|---|---|', ...[...new Set(rows.map((error) => `| ${over(error.file)} | ${cell(error.message)} |`))].sort()].join('\n');
}

/** Where codes with a meaning of their own are looked for: Windows' system errors, HRESULTs of them, security, WS-Management. */
const codeRanges = [[0, 2000], [0x8007_0000, 0x8007_0fff], [0x8009_0000, 0x8009_0fff], [0x8033_8000, 0x8033_8fff]] as const;

/** Every fault of WinRM that is told in words. */
export function faultsBlock(): string {
  const rows: string[] = [];
  for (const [from, to] of codeRanges) {
    for (let code = from; code <= to; code++) {
      const { reason, message, remedy } = new WsmanFaultError('', 'X', { code, subcodes: [], text: '' }).failure;
      if (message.startsWith('X failed: the server answered with error')) continue;
      rows.push(`| ${code > 0xffff ? `0x${code.toString(16).toUpperCase()}` : code} | ${reason} | ${cell(message.replace(/^X failed: /, ''))} | ${cell(remedy)} |`);
    }
  }
  return ['| Code | Reason | What it says | What to do |', '|---|---|---|---|', ...rows].join('\n');
}
