import type { ClientChannel } from 'ssh2';
import { RemoteError } from '../error.ts';
import type { ByteChannel } from '../outofproc/channel.ts';
import type { Link } from './link.ts';

/** How much of standard error is kept, in bytes. */
const keptErrors = 4096;
/** Most unread bytes on one channel: twice the window that we grant (2 MiB), so only a peer that ignores it gets here. */
const mostUnread = 4 * 1024 * 1024;
/** How many of the first bytes are looked through for the line framing (MS-PSRP out-of-process: `<Data …`, `<DataAck …`). */
const sniffed = 64 * 1024;

/** A PowerShell process behind one SSH channel. */
export class SshChannel implements ByteChannel {
  readonly incoming: AsyncIterable<Uint8Array>;
  readonly ended: ByteChannel['ended'];
  readonly #stream: ClientChannel;
  readonly #link: Link;
  readonly #refusals = new Set<(error: Error) => void>();
  #errors = '';
  #head = '';
  #spoke = false;
  #reading = false;
  #gone = false;
  #wake: () => void = () => undefined;
  #settle: (error: Error | undefined) => void = () => undefined;

  constructor(stream: ClientChannel, link: Link) {
    this.#stream = stream;
    this.#link = link;
    let exitCode: number | undefined;
    let exitSignal: string | undefined;
    this.ended = new Promise((resolve) => {
      this.#settle = (error) => { resolve({ exitCode, signal: exitSignal, error }); };
    });
    stream.on('exit', (code: number | null, signal?: string) => {
      exitCode = code ?? undefined;
      exitSignal = signal;
    });
    stream.stderr.on('data', (bytes: Buffer) => { this.#errors = (this.#errors + bytes.toString('utf8')).slice(-keptErrors); });
    stream.on('readable', () => { this.#wake(); });
    stream.on('end', () => { this.#wake(); });
    stream.on('error', (error: Error) => { this.#finish(error); });
    const unwatch = link.watch(() => this.#overrun());
    stream.on('close', () => {
      unwatch();
      this.#finish(link.failure());
    });
    void link.closed.then((failure) => { this.#finish(failure); });
    this.incoming = { [Symbol.asyncIterator]: () => this.#read() };
  }

  /** Whether anything of the line framing has come: PowerShell itself answered. */
  get spoke(): boolean {
    return this.#spoke;
  }

  errorText(): string {
    return this.#errors;
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#gone || !this.#stream.writable) {
        reject(this.#lost());
        return;
      }
      this.#refusals.add(reject);
      this.#stream.write(bytes, (error) => {
        this.#refusals.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  async close(grace: number): Promise<void> {
    if (this.#gone) return;
    this.#stream.end();
    if (!this.#reading) this.#discard();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => { timer = setTimeout(resolve, grace); });
    await Promise.race([this.ended, patience]);
    clearTimeout(timer);
    if (this.#ended()) return;
    this.#stream.close();
    this.#discard();
    this.#finish(undefined);
  }

  /** Unread output would keep the channel open for ever; resume() does nothing for a stream that somebody reads by 'readable'. */
  #discard(): void {
    const discard = (): void => { while (this.#stream.read() !== null); };
    this.#stream.on('readable', discard);
    discard();
  }

  #ended(): boolean {
    return this.#gone;
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    this.#reading = true;
    try {
      for (;;) {
        const chunk = this.#stream.read() as Buffer | null;
        if (chunk !== null) {
          this.#sniff(chunk);
          yield chunk;
        } else if (this.#gone || this.#stream.readableEnded) {
          break;
        } else {
          await new Promise<void>((resolve) => { this.#wake = resolve; });
        }
      }
    } finally {
      this.#reading = false;
    }
    const failure = this.#link.failure();
    if (failure !== undefined) throw failure;
  }

  #sniff(chunk: Buffer): void {
    if (this.#spoke || this.#head.length >= sniffed) return;
    this.#head += chunk.toString('latin1', 0, sniffed);
    this.#spoke = /<(?:Data |\w{1,10}Ack )/.test(this.#head);
    if (this.#spoke) this.#head = '';
  }

  #overrun(): RemoteError | undefined {
    if (this.#stream.readableLength <= mostUnread) return undefined;
    return new RemoteError({ reason: 'limit-exceeded', server: this.#link.server, message: `The server sent more than ${mostUnread} bytes that it was not allowed to send.`, remedy: 'Do not trust this server; look at what answers on that port.' });
  }

  #lost(): Error {
    return this.#link.failure() ?? new RemoteError({ reason: 'closed', server: this.#link.server, message: 'The SSH channel is closed.', remedy: 'Connect again.' });
  }

  #finish(error: Error | undefined): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#settle(error);
    for (const refuse of this.#refusals) refuse(this.#lost());
    this.#refusals.clear();
    this.#wake();
  }
}
