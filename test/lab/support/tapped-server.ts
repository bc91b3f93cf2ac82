import type { ConnectServer } from '../../../src/connect/server.ts';
import { startProcess } from '../../../src/remote/local/process.ts';
import type { ByteChannel } from '../../../src/remote/outofproc/channel.ts';
import { openOverChannel } from '../../../src/remote/outofproc/open.ts';
import type { PowerShellSession } from '../../../src/session.ts';

/** A simulated server over a local process whose bytes are kept, both ways: the wire without an encrypted channel around it. */
export class TappedServer implements ConnectServer, AsyncDisposable {
  readonly claims = {};
  readonly name: string;
  readonly #powershell: string;
  readonly #sent: Buffer[] = [];
  readonly #received: Buffer[] = [];
  #session: PowerShellSession | undefined;

  constructor(name: string, powershell: string) {
    this.name = name;
    this.#powershell = powershell;
  }

  /** Everything that went over the wire so far: what was sent, then what came. */
  wire(): Buffer {
    return Buffer.concat([...this.#sent, ...this.#received]);
  }

  async session(): Promise<PowerShellSession> {
    if (this.#session?.alive !== true) {
      const channel = this.#tap(startProcess({ file: this.#powershell, args: ['-NoLogo', '-NoProfile', '-s'] }));
      this.#session = await openOverChannel(channel, { server: this.name, transport: 'local process', encryption: undefined });
    }
    return this.#session;
  }

  async renew(): Promise<PowerShellSession> {
    await this[Symbol.asyncDispose]();
    return this.session();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]();
    this.#session = undefined;
  }

  #tap(channel: ByteChannel): ByteChannel {
    const received = this.#received;
    const sent = this.#sent;
    return {
      ended: channel.ended,
      errorText: () => channel.errorText(),
      close: (grace) => channel.close(grace),
      write: (bytes) => {
        sent.push(Buffer.from(bytes));
        return channel.write(bytes);
      },
      incoming: (async function* () {
        for await (const bytes of channel.incoming) {
          received.push(Buffer.from(bytes));
          yield bytes;
        }
      })(),
    };
  }
}
