import type { PsrpClient } from './psrp/client.ts';
import type { Outgoing } from './psrp/outbox.ts';
import type { PsrpTransport } from './transport.ts';

/**
 * Sends what the protocol machine has: each stream one piece after another, a pipeline announced before its first one.
 * Input of a pipeline that is being stopped is dropped, never its command: a stop needs something to stop.
 */
export class Sender {
  private readonly client: PsrpClient;
  private readonly transport: PsrpTransport;
  private readonly failed: (error: unknown) => void;
  /** Pipelines that the server knows of or is being told of: settles when it has the whole command. */
  private readonly announced = new Map<string, Promise<void>>();
  private readonly stopping = new Set<string>();
  private readonly last = new Map<string, Promise<void>>();

  constructor(client: PsrpClient, transport: PsrpTransport, failed: (error: unknown) => void) {
    this.client = client;
    this.transport = transport;
    this.failed = failed;
  }

  /** Takes everything that is ready, in pieces of at most `room` bytes; returns at once. */
  flush(room: number): void {
    const fresh = new Set<string>();
    for (let next = this.client.dataToSend(room); next !== undefined; next = this.client.dataToSend(room)) {
      const { pipeline } = next;
      if (pipeline !== undefined && !this.announced.has(pipeline)) {
        fresh.add(pipeline);
        this.announced.set(pipeline, this.append(pipeline, () => this.transport.command(pipeline)));
      }
      this.send(next, pipeline !== undefined && fresh.has(pipeline));
    }
    for (const pipeline of fresh) this.announced.set(pipeline, this.sent(pipeline));
  }

  /** Settles when everything taken so far for a pipeline was acknowledged. */
  sent(pipeline: string): Promise<void> {
    return this.last.get(pipeline) ?? Promise.resolve();
  }

  /** From now on input is dropped. Settles when the server has the whole command; undefined where it never heard of it. */
  stop(pipeline: string): Promise<void> | undefined {
    this.stopping.add(pipeline);
    return this.announced.get(pipeline);
  }

  /** The server knows a pipeline already. */
  adopt(pipeline: string): void {
    this.announced.set(pipeline, Promise.resolve());
  }

  /** The pipeline is over; true where the server knew of it. */
  end(pipeline: string): boolean {
    this.last.delete(pipeline);
    this.stopping.delete(pipeline);
    return this.announced.delete(pipeline);
  }

  private send(outgoing: Outgoing, isCommand: boolean): void {
    const { pipeline } = outgoing;
    void this.append(pipeline ?? '', async () => {
      const wanted = pipeline === undefined || (this.announced.has(pipeline) && (isCommand || !this.stopping.has(pipeline)));
      if (wanted) await this.transport.data(outgoing);
    });
  }

  private append(stream: string, action: () => Promise<void>): Promise<void> {
    const done = (this.last.get(stream) ?? Promise.resolve()).then(action);
    done.catch(this.failed);
    this.last.set(stream, done);
    return done;
  }
}
