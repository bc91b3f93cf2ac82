import { isIP, type Socket } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateQuestion } from '../../session.ts';
import { RemoteError } from '../error.ts';
import { cancelled, tooSlow, unreachable } from './failures.ts';
import type { CertificatePins } from './pins.ts';

/** Whom TLS has to reach, and what it shows and trusts. */
export interface TlsOptions {
  readonly server: string;
  readonly host: string;
  readonly port: number;
  /** Certificate authorities to trust instead of the system's, PEM. */
  readonly ca: Buffer | undefined;
  /** Where the authorities came from, for errors. */
  readonly caFile: string | undefined;
  readonly certificate: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly pins: CertificatePins;
  /** Asks a person; undefined where none can be asked any more. */
  readonly ask: ((question: CertificateQuestion) => Promise<boolean>) | undefined;
  readonly milliseconds: number;
  readonly signal: AbortSignal | undefined;
}

/** A TLS connection to a server whose certificate is trusted. */
export interface SecureSocket {
  readonly socket: TLSSocket;
  /** The server's certificate, DER: the channel binding is made of it (RFC 5929). */
  readonly certificate: Buffer;
  /** Version and cipher, for people. */
  readonly encryption: string;
}

/** An unknown certificate that a person has just trusted: the connection has grown old meanwhile, a new one will do. */
export class TrustedNow extends Error {
  override readonly name = 'TrustedNow';
}

const problems: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate authority is not trusted on this machine',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate authority that issued it is not known on this machine',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate authority that issued it is not known on this machine',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate authority that issued it is not known on this machine',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'it was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name than the entry\'s host',
};

/**
 * Makes a connection secure: TLS 1.2 or 1.3 (1.2 with a client certificate, since HTTP.sys asks for one in the middle of
 * a connection), chain and name checked, or pinned. Rejects with a RemoteError, or with TrustedNow.
 */
export async function openTls(raw: Socket, options: TlsOptions): Promise<SecureSocket> {
  const socket = await shakeHands(raw, options);
  try {
    const { raw: certificate } = socket.getPeerCertificate();
    // Missing where the server showed none, whatever the types say.
    if (!Buffer.isBuffer(certificate)) throw refuse(options, 'The server showed no certificate.', 'Check that the port is the one of a WinRM HTTPS listener.');
    if (!socket.authorized) await judge(socket, options);
    return { socket, certificate, encryption: `${socket.getProtocol() ?? 'TLS'}, ${socket.getCipher().standardName}` };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function shakeHands(raw: Socket, options: TlsOptions): Promise<TLSSocket> {
  const { server, host, ca, certificate, key, milliseconds, signal } = options;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const give = (error: Error): void => {
      settle();
      raw.on('error', () => undefined);
      raw.destroy();
      reject(error);
    };
    const abort = (): void => { give(cancelled(server)); };
    const timer = setTimeout(() => { give(tooSlow(server, 'the TLS handshake', milliseconds)); }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
    let socket: TLSSocket;
    try {
      socket = connect({
        socket: raw, host, servername: isIP(host) === 0 ? host : '', minVersion: 'TLSv1.2',
        // Decided by judge(), which also knows pins.
        rejectUnauthorized: false,
        ...ca === undefined ? {} : { ca },
        ...certificate === undefined || key === undefined ? {} : { cert: certificate, key, maxVersion: 'TLSv1.2' },
      });
    } catch (error) {
      give(unusable(options, error));
      return;
    }
    const broke = (error: Error): void => { give(failed(options, error)); };
    const ended = (): void => { broke(new Error('the server closed the connection')); };
    socket.once('error', broke);
    socket.once('end', ended);
    socket.once('secureConnect', () => {
      settle();
      socket.off('end', ended);
      socket.off('error', broke);
      // It may break while nobody listens, a person being asked; whoever uses it next sees that it is closed.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Decides about a certificate that no authority vouches for. */
async function judge(socket: TLSSocket, options: TlsOptions): Promise<void> {
  const { server, host, port, caFile, pins, ask } = options;
  const shown = socket.getPeerCertificate();
  const fingerprint = shown.fingerprint256;
  const problem = problemOf(socket);
  let pinned: Awaited<ReturnType<CertificatePins['find']>>;
  try {
    pinned = await pins.find(host, port);
  } catch (error) {
    throw refuse(options, `The certificate cannot be verified: the store of trusted certificates could not be read (${messageOf(error)}).`, 'Make it readable or move it away, then connect again.', error);
  }
  if (pinned.some((pin) => pin.fingerprint === fingerprint)) return;
  const [before] = pinned;
  if (before !== undefined) {
    throw refuse(options,
      `The server's certificate has changed. It presented ${fingerprint}; trusted so far: ${pinned.slice(0, 5).map((pin) => `${pin.fingerprint} (recorded in ${pin.where})`).join(', ')}. Somebody may be between you and the server, or its certificate was renewed.`,
      `Compare the new fingerprint with the server's own (at its console: winrm enumerate winrm/config/listener, then the certificate's SHA-256). Only if they are equal, run Entra Connect: Forget Identity (or delete ${before.where}), then connect again.`);
  }
  if (caFile !== undefined) throw refuse(options, `The server's certificate ${fingerprint} is not trusted: ${problem}. Checked against ${caFile}.`, 'Put the certificate authority that issued it into that file, or correct the host.');
  if (ask === undefined) throw refuse(options, `The server's certificate ${fingerprint} is not trusted any more: ${problem}.`, 'Connect again to be asked about it.');
  const question: CertificateQuestion = {
    server, subject: nameOf(shown.subject), issuer: nameOf(shown.issuer), fingerprint,
    validFrom: isoOf(shown.valid_from), validTo: isoOf(shown.valid_to), problem: `The certificate is not trusted: ${problem}.`,
  };
  if (!await ask(question)) throw refuse(options, `The server's certificate ${fingerprint} is not trusted (${problem}), and was refused.`, 'Compare it with the server\'s own, then connect again and trust it; or set caFile to the authority that issued it.');
  try {
    await pins.add({ host, port, fingerprint });
  } catch (error) {
    throw refuse(options, `The trusted certificate could not be recorded (${messageOf(error)}).`, 'Make the folder of the extension\'s storage writable, then connect again.', error);
  }
  throw new TrustedNow();
}

function problemOf(socket: TLSSocket): string {
  const error: unknown = socket.authorizationError;
  const code = typeof error === 'string' ? error : error instanceof Error ? (error as NodeJS.ErrnoException).code ?? error.message : 'UNKNOWN';
  return problems[code] ?? `the check failed with ${code}`;
}

function refuse(options: TlsOptions, message: string, remedy: string, cause?: unknown): RemoteError {
  return new RemoteError({ reason: 'certificate-refused', server: options.server, message, remedy }, { cause });
}

function failed(options: TlsOptions, error: NodeJS.ErrnoException): RemoteError {
  const { code = '', message } = error;
  if (code === 'ECONNRESET' && message.includes('before secure TLS connection')) return badTls(options, 'the server closed the connection', error);
  if (code !== '' && !code.startsWith('ERR_')) return unreachable(options.server, error);
  return badTls(options, code === '' ? message : code, error);
}

function badTls(options: TlsOptions, what: string, cause: unknown): RemoteError {
  const remedy = options.certificate === undefined
    ? 'Check that the port is the one of a WinRM HTTPS listener, and that the server speaks TLS 1.2 or 1.3.'
    : 'Check the port, that the server speaks TLS 1.2, and that it trusts the authority of the client certificate.';
  return new RemoteError({ reason: 'bad-peer', server: options.server, message: `The TLS handshake failed: ${what}.`, remedy }, { cause });
}

function unusable(options: TlsOptions, cause: unknown): RemoteError {
  return new RemoteError({
    reason: 'unsupported', server: options.server,
    message: `The certificate files of the entry cannot be used (${(cause as NodeJS.ErrnoException).code ?? 'not PEM'}).`,
    remedy: 'Check that certificateFile and keyFile belong together, that the key has no passphrase, and that all files are PEM.',
  }, { cause });
}

function nameOf(name: PeerCertificate['subject']): string {
  return Object.entries(name).map(([part, value]) => `${part}=${String(value)}`).join(', ').slice(0, 500);
}

function isoOf(time: string): string {
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? time : parsed.toISOString();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
