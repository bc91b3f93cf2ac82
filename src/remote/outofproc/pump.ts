import { ProtocolError } from '../psrp/error.ts';
import { zeroGuid } from '../psrp/guid.ts';
import type { Outgoing } from '../psrp/outbox.ts';
import type { ByteChannel } from './channel.ts';
import type { Deadline, SilenceError } from '../deadline.ts';
import { Deadlines } from '../deadline.ts';
import type { PsrpTransport, TransportEnd, TransportTrace, WaitLimits } from '../transport.ts';
import type { Frame, FrameKind } from './frame.ts';
import { dataLine, elementLine, FrameReader } from './frame.ts';

/** The most that one Data line carries until the peer is known to take more, in bytes: what every PowerShell sends itself. */
const smallFragment = 32 * 1024;
/** What PowerShell 7 was measured to take in one piece, in bytes. */
const bigFragment = 4 * 2 ** 20;

interface Waiting {
  readonly ack: FrameKind;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Moves frames between a channel and whoever speaks PSRP. The peer hands every line to a thread of its own, so the
 * next line for a stream goes out only when the last one was acknowledged (stop-and-wait, each stream by itself).
 */
export class Pump implements PsrpTransport {
  readonly limits: WaitLimits;
  readonly ended: Promise<TransportEnd>;
  readonly facts = undefined;
  readonly disconnection = undefined;
  /** Whoever opened the process is not told the computer's name there. */
  readonly trustsPrivateData = false;
  private readonly channel: ByteChannel;
  private readonly reader = new FrameReader();
  private readonly waiting = new Map<string, Waiting>();
  private readonly turns = new Map<string, Promise<void>>();
  private readonly deadlines = new Deadlines();
  private failed: Error | undefined;

  constructor(channel: ByteChannel, limits: WaitLimits) {
    this.channel = channel;
    this.limits = limits;
    this.ended = channel.ended;
  }

  get trace(): TransportTrace {
    const { sawElement, noise, rest } = this.reader;
    return { sawElement, noise: noise + (sawElement ? '' : rest), errorText: this.channel.errorText() };
  }

  begin(): void {
    // The pool's stream is the zero GUID's here.
  }

  maxFragment(_protocolVersion: string | undefined, psVersion: string | undefined): number {
    return Number.parseInt(psVersion ?? '', 10) >= 7 ? bigFragment : smallFragment;
  }

  poolAnswered(): void {
    // Reading goes on for every stream alike.
  }

  /**
   * Reads until the peer closes its output. `onData` gets the data of each stream (undefined: the pool's); `afterChunk`
   * may hold reading back. Rejects when the channel fails or the peer breaks the framing.
   */
  async read(onData: (bytes: Uint8Array, pipeline: string | undefined) => void, afterChunk: () => Promise<void> | undefined): Promise<void> {
    for await (const chunk of this.channel.incoming) {
      this.reader.receive(chunk, (frame) => {
        this.frame(frame, onData);
      });
      const hold = afterChunk();
      if (hold !== undefined) await this.deadlines.pausedWhile(hold);
    }
  }

  /** Sends bytes of one stream and waits for their acknowledgement. */
  async data(outgoing: Outgoing): Promise<void> {
    const guid = outgoing.pipeline ?? zeroGuid;
    await this.exchange(guid, dataLine(guid, outgoing.promptResponse, outgoing.bytes), 'DataAck', 'the acknowledgement of data', this.limits.ack);
  }

  /** Announces a pipeline. */
  async command(pipeline: string): Promise<void> {
    await this.exchange(pipeline, elementLine('Command', pipeline), 'CommandAck', 'the acknowledgement of a command', this.limits.ack);
  }

  /** Asks the server to stop a pipeline. */
  async signal(pipeline: string): Promise<void> {
    await this.exchange(pipeline, elementLine('Signal', pipeline), 'SignalAck', 'the acknowledgement of a stop', this.limits.signal);
  }

  /** Frees a pipeline, or with undefined the whole pool. */
  async close(pipeline: string | undefined): Promise<void> {
    const guid = pipeline ?? zeroGuid;
    await this.exchange(guid, elementLine('Close', guid), 'CloseAck', 'the acknowledgement of a close', this.limits.close);
  }

  deadline(waitedFor: string, milliseconds: number, expired: (error: SilenceError) => void): Deadline {
    return this.deadlines.start(waitedFor, milliseconds, expired);
  }

  /** Ends every timer and every wait; later exchanges fail too. */
  fail(error: Error): void {
    this.failed ??= error;
    this.deadlines.clear();
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
  }

  shut(grace: number): Promise<void> {
    return this.channel.close(grace);
  }

  private frame(frame: Frame, onData: (bytes: Uint8Array, pipeline: string | undefined) => void): void {
    if (frame.kind === 'Data') {
      onData(frame.data, frame.guid === zeroGuid ? undefined : frame.guid);
      return;
    }
    if (!frame.kind.endsWith('Ack')) throw new ProtocolError(`The server sent <${frame.kind}>, which only clients send.`);
    const waiting = this.waiting.get(frame.guid);
    // A late acknowledgement of data, after its pipeline has ended, is normal.
    if (waiting?.ack !== frame.kind) return;
    this.waiting.delete(frame.guid);
    waiting.resolve();
  }

  private async exchange(guid: string, line: Uint8Array, ack: FrameKind, name: string, limit: number): Promise<void> {
    const previous = this.turns.get(guid);
    let done = (): void => undefined;
    const turn = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.turns.set(guid, turn);
    try {
      if (previous !== undefined) await previous;
      await this.acknowledged(guid, line, ack, name, limit);
    } finally {
      if (this.turns.get(guid) === turn) this.turns.delete(guid);
      done();
    }
  }

  private async acknowledged(guid: string, line: Uint8Array, ack: FrameKind, name: string, limit: number): Promise<void> {
    if (this.failed !== undefined) throw this.failed;
    let deadline: Deadline | undefined;
    const acked = new Promise<void>((resolve, reject) => {
      this.waiting.set(guid, { ack, resolve, reject });
      deadline = this.deadline(name, limit, reject);
    });
    try {
      await Promise.all([this.channel.write(line), acked]);
    } finally {
      deadline?.clear();
    }
  }
}
