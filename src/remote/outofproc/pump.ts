import { ProtocolError } from '../psrp/error.ts';
import { zeroGuid } from '../psrp/guid.ts';
import type { Outgoing } from '../psrp/outbox.ts';
import type { ByteChannel } from './channel.ts';
import type { Frame, FrameKind } from './frame.ts';
import { dataLine, elementLine, FrameReader } from './frame.ts';

/** The longest a wait for the peer may take, in milliseconds. */
export interface WaitLimits {
  /** For the acknowledgement of data or of a command. */
  readonly ack: number;
  /** For the acknowledgement of a close: the server finishes open commands first. */
  readonly close: number;
  /** For the acknowledgement of a stop, and for the end of the pipeline after it. */
  readonly signal: number;
  /** For the session key. */
  readonly key: number;
}

export const defaultLimits: WaitLimits = { ack: 30_000, close: 20_000, signal: 60_000, key: 30_000 };

/** The peer said nothing within a named limit. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';

  constructor(waitedFor: string, milliseconds: number) {
    super(`The server did not send ${waitedFor} within ${milliseconds / 1000} seconds.`);
  }
}

interface Waiting {
  readonly ack: FrameKind;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Moves frames between a channel and whoever speaks PSRP. The peer hands every line to a thread of its own, so the
 * next line for a stream goes out only when the last one was acknowledged (stop-and-wait, each stream by itself).
 */
export class Pump {
  private readonly channel: ByteChannel;
  private readonly limits: WaitLimits;
  private readonly reader = new FrameReader();
  private readonly waiting = new Map<string, Waiting>();
  private readonly turns = new Map<string, Promise<void>>();
  private readonly deadlines = new Set<Deadline>();
  private paused = false;
  private failed: Error | undefined;

  constructor(channel: ByteChannel, limits: WaitLimits) {
    this.channel = channel;
    this.limits = limits;
  }

  /** What came before the protocol began, for error messages. */
  get noise(): string {
    return this.reader.noise + (this.reader.sawElement ? '' : this.reader.rest);
  }

  get sawElement(): boolean {
    return this.reader.sawElement;
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
      if (hold !== undefined) await this.whilePaused(hold);
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

  /**
   * A limit on something else than an acknowledgement. It does not run while reading is held back on this side, and starts
   * again afterwards.
   */
  deadline(waitedFor: string, milliseconds: number, expired: (error: SilenceError) => void): Deadline {
    const deadline = new Deadline(milliseconds, () => {
      this.deadlines.delete(deadline);
      expired(new SilenceError(waitedFor, milliseconds));
    }, () => {
      this.deadlines.delete(deadline);
    });
    this.deadlines.add(deadline);
    if (this.paused) deadline.hold();
    return deadline;
  }

  /** Ends every timer and every wait; later exchanges fail too. */
  fail(error: Error): void {
    this.failed ??= error;
    for (const deadline of this.deadlines) deadline.clear();
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
  }

  private async whilePaused(hold: Promise<void>): Promise<void> {
    this.paused = true;
    for (const deadline of this.deadlines) deadline.hold();
    await hold;
    this.paused = false;
    for (const deadline of this.deadlines) deadline.release();
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

/** A timer that can be held. */
export class Deadline {
  private readonly milliseconds: number;
  private readonly expired: () => void;
  private readonly ended: () => void;
  private timer: NodeJS.Timeout | undefined;
  private holds = 0;
  private over = false;

  constructor(milliseconds: number, expired: () => void, ended: () => void) {
    this.milliseconds = milliseconds;
    this.expired = expired;
    this.ended = ended;
    this.start();
  }

  /** Does not run until as many releases have come; then the time starts again. */
  hold(): void {
    this.holds++;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  release(): void {
    this.holds--;
    this.start();
  }

  /** Something came: the time starts again. */
  restart(): void {
    this.timer?.refresh();
  }

  clear(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.ended();
  }

  private start(): void {
    if (this.over || this.holds > 0) return;
    this.timer = setTimeout(() => {
      this.over = true;
      this.expired();
    }, this.milliseconds);
  }
}
