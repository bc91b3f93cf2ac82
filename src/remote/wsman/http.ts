import type { Socket } from 'node:net';
import { SilenceError } from '../deadline.ts';
import type { HttpResponse } from './http-message.ts';
import { ResponseReader, writePost } from './http-message.ts';

/** The connection ended before an answer was complete: whether the server worked off the request is unknown. */
export class CutError extends Error {
  override readonly name = 'CutError';

  /** Which request it cut. */
  readonly tried: string;

  constructor(tried: string, cause: Error | undefined) {
    const how = cause === undefined ? 'the server closed it' : (cause as NodeJS.ErrnoException).code ?? cause.message;
    super(`The connection was lost during ${tried} (${how}).`, { cause });
    this.tried = tried;
  }
}

interface Pending {
  readonly reader: ResponseReader;
  readonly tried: string;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * HTTP/1.1 over one socket that is never replaced: authentication and sealing belong to it. One request at a time.
 * After any failure the socket is gone.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private readonly path: string;
  private readonly host: string;
  private pending: Pending | undefined;
  private failure: Error | undefined;
  private gone = false;

  /**
   * @param path what every request is for
   * @param host the Host header's value
   */
  constructor(socket: Socket, path: string, host: string) {
    this.socket = socket;
    this.path = path;
    this.host = host;
    socket.on('data', (bytes: Buffer) => { this.received(bytes); });
    socket.on('error', (error) => { this.failure ??= error; });
    socket.on('end', () => { this.over(); });
    socket.on('close', () => { this.over(); });
  }

  /** False once the socket cannot be used any more. */
  get open(): boolean {
    return !this.gone;
  }

  /**
   * Sends a request and waits for its answer.
   * @param tried names the request in errors
   * @throws CutError, SilenceError, ProtocolError
   */
  post(headers: Readonly<Record<string, string>>, body: Uint8Array, milliseconds: number, tried: string): Promise<HttpResponse> {
    if (this.gone) return Promise.reject(new CutError(tried, this.failure));
    if (this.pending !== undefined) return Promise.reject(new Error('Two requests at once on one connection.'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => { this.fail(new SilenceError(`an answer to ${tried}`, milliseconds)); }, milliseconds);
      this.pending = {
        reader: new ResponseReader(), tried,
        resolve: (response) => {
          clearTimeout(timer);
          resolve(response);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      this.socket.write(writePost(this.path, { 'Host': this.host, 'Accept-Encoding': 'identity', 'User-Agent': 'Entra Connect Remediation', ...headers }, body));
    });
  }

  /** Ends the connection; a request in flight is cut. */
  destroy(): void {
    this.over();
  }

  private received(bytes: Buffer): void {
    const { pending } = this;
    if (pending === undefined) {
      // Nothing was asked: whatever this is, no later answer can be told from it.
      this.over();
      return;
    }
    try {
      const response = pending.reader.receive(bytes);
      if (response !== undefined) this.answered(response);
    } catch (error) {
      this.fail(error);
    }
  }

  private answered(response: HttpResponse): void {
    const { pending } = this;
    this.pending = undefined;
    if (!response.keepsAlive) this.over();
    pending?.resolve(response);
  }

  private over(): void {
    if (this.gone) return;
    const { pending } = this;
    const complete = pending?.reader.end();
    if (complete !== undefined) {
      this.answered(complete);
      return;
    }
    this.fail(new CutError(pending?.tried ?? 'a pause', this.failure));
  }

  private fail(error: unknown): void {
    const { pending } = this;
    this.gone = true;
    this.pending = undefined;
    this.socket.destroy();
    pending?.reject(error);
  }
}
