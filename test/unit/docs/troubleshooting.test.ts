import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyCode, showCode } from '../../../src/connect/codes.ts';
import { SilenceError } from '../../../src/remote/deadline.ts';
import type { RemoteError } from '../../../src/remote/error.ts';
import { endedError, toRemoteError, type PeerTrace } from '../../../src/remote/failure.ts';
import { ProtocolError } from '../../../src/remote/psrp/error.ts';
import { cancelled, failedAt, notForwarded, silent, unreachable } from '../../../src/remote/ssh/failures.ts';
import { defaultLimits } from '../../../src/remote/ssh/limits.ts';
import { tooSlow } from '../../../src/remote/wsman/failures.ts';
import { DeadlineError } from '../../../src/providers/server/deadline.ts';
import type { RemoteFailure } from '../../../src/session.ts';
import { reasons } from './error-blocks.ts';
import { pageText, root, section } from './pages.ts';
import { writtenErrors } from './written-errors.ts';

const page = pageText('docs/troubleshooting.md');

/** What people search for, as Windows and the published procedure print it. */
const literal = [
  'Windows could not start the Microsoft Entra ID Sync service on Local Computer',
  'Error 1069: The service did not start due to a logon failure.',
  'The ADSync service was unable to log on as with the currently configured password due to the following error: The user name or password is incorrect.',
  'Windows could not start the Microsoft Entra ID Sync on Local Computer. For more information, review the System Event log. If this is a non-Microsoft service, contact the service vendor, and refer to service-specific error code -21451857952',
  'The server encryption key cannot be accessed.',
  'event 7038', 'event 6028',
];
const reading = [
  'https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-sync-whatis', 'https://learn.microsoft.com/entra/identity/hybrid/whatis-hybrid-identity',
  'https://learn.microsoft.com/previous-versions/ms995355(v=msdn.10)', 'https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-sync-change-serviceacct-pass',
];

const trace = (sawElement: boolean): PeerTrace => ({ server: 'S', opening: !sawElement, sawElement, noise: '', errorText: '' });
const level = (name: string, code?: string | number): Error & { level: string } => Object.assign(new Error('ended'), { level: name, ...(code === undefined ? {} : { code }) });

/** Errors as they are made when something happens. */
const happening: readonly (RemoteError | DeadlineError)[] = [
  unreachable('S', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })), unreachable('S', Object.assign(new Error('x'), { code: 'EPIPE' })),
  silent('S', 'tcp', 5000, ''), silent('S', 'banner', 5000, ''), silent('S', 'key exchange', 5000, ''), cancelled('S'),
  notForwarded('S', 'gate', 'a:22', Object.assign(new Error('x'), { reason: 1 })), notForwarded('S', 'gate', 'a:22', Object.assign(new Error('x'), { reason: 2 })),
  failedAt('S', 'open', level('client-timeout'), '', defaultLimits), failedAt('S', 'open', level('client-socket', 'ECONNRESET'), '', defaultLimits), failedAt('S', 'banner', undefined, '', defaultLimits),
  failedAt('S', 'authentication', level('protocol', 2), '', defaultLimits), failedAt('S', 'open', level('protocol', 11), '', defaultLimits), failedAt('S', 'open', undefined, '', defaultLimits),
  failedAt('S', 'key exchange', new Error('no matching cipher'), '', defaultLimits), failedAt('S', 'key exchange', new Error('bad packet'), '', defaultLimits),
  tooSlow('S', 'TCP', 5000), tooSlow('S', 'the TLS handshake', 5000), new DeadlineError('S', 90_000),
  toRemoteError(new Error('spawn ENOENT'), trace(false)), toRemoteError(new Error('read ECONNRESET'), trace(true)),
  endedError(trace(false), { exitCode: 1, signal: undefined, error: undefined }), endedError(trace(true), { exitCode: undefined, signal: 'KILL', error: undefined }), endedError(trace(true), undefined),
  toRemoteError(new SilenceError('the answer', 5000), trace(true)),
];

/** Rows of a reason's table as patterns: what is filled in stands for anything. */
function rows(reason: string): readonly { readonly message: RegExp; readonly remedy: RegExp }[] {
  const pattern = (text: string): RegExp => new RegExp(`^${text.trim().replaceAll('\\|', '|').replaceAll('&lt;', '<').split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
  return (section(page, `### ${reason}`) ?? '').split('\n').filter((line) => /^\| (?:SSH|WinRM|local)? ?\|/.test(line) && !line.startsWith('| | Message'))
    .map((line) => line.split(/(?<!\\)\|/)).map(([, , message = '', remedy = '']) => ({ message: pattern(message), remedy: pattern(remedy) }));
}

const told = ({ reason, message, remedy }: RemoteFailure): boolean => rows(reason).some((row) => row.message.test(message) && row.remedy.test(remedy));

describe('docs/troubleshooting.md', () => {
  for (const message of literal) {
    it(`has "${message.slice(0, 60)}" as it is printed`, () => { assert.ok(page.includes(message)); });
  }

  it('tells the number that is meant by the one that is misprinted', () => {
    for (const part of /^(0x\w+) \((-\d+)\)$/.exec(showCode(keyCode))?.slice(1) ?? ['nothing']) assert.ok(page.includes(part), part);
  });

  it('leads to what there is to read', () => {
    for (const address of reading) assert.ok(page.includes(`(${address})`), address);
  });

  it('has a part for each reason that reaching a server can fail for', () => {
    const part = section(page, '## What reaching a server says') ?? '';
    const headings = [...part.matchAll(/^### (.+)$/gm)].map((match) => match[1]);
    assert.deepEqual(headings.filter((heading) => /^[a-z-]+$/.test(heading ?? '')).sort(), [...reasons].sort());
    for (const reason of reasons) assert.ok(rows(reason).length > 0, reason);
  });

  it('has the message and the remedy of errors as they happen', () => {
    for (const { failure } of happening) assert.ok(told(failure), `${failure.reason}: ${failure.message} | ${failure.remedy}`);
    const { failure } = toRemoteError(new ProtocolError('A line of more than 5 bytes came.', { reason: 'limit-exceeded' }), trace(true));
    assert.ok(page.includes(failure.message.replace(/protocol\. .*/, 'protocol. …')), failure.message);
  });

  it('would notice a message that it does not have', () => {
    assert.equal(told({ reason: 'unreachable', server: '', message: 'Connecting by pigeon failed.', remedy: 'Feed it.', quoted: undefined }), false);
    assert.ok(writtenErrors().length > 120, `${writtenErrors().length} errors were read from the sources`);
  });

  it('quotes what the product says while it works as it says it', () => {
    const sources = readdirSync(join(root, 'src', 'connect'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.(?:ts|ps1)$/.test(file)).map((file) => readFileSync(join(root, 'src', 'connect', file), 'utf8').replaceAll('\\\'', '\'')).join('\n');
    const quoted = [...(section(page, '### Something this product says while it works') ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
    assert.ok(quoted.length >= 6);
    for (const text of quoted) for (const part of text.split('…')) assert.ok(sources.includes(part.trim()), part);
  });
});
