import { openOverChannel } from '../../src/remote/outofproc/open.ts';
import type { PowerShellSession, StreamRecord } from '../../src/session.ts';
import type { ByteChannel } from '../../src/remote/outofproc/channel.ts';
import type { Frame } from '../../src/remote/outofproc/frame.ts';
import { dataLine, elementLine, FrameReader } from '../../src/remote/outofproc/frame.ts';
import { property, textOf } from '../../src/remote/clixml/values.ts';
import { zeroGuid } from '../../src/remote/psrp/guid.ts';
import { MessageType } from '../../src/remote/psrp/message.ts';
import type { ReceivedMessage } from '../../src/remote/psrp/server.ts';
import { PsrpServer } from '../../src/remote/psrp/server.ts';
import { isList } from '../../src/remote/clixml/values.ts';

/** What a peer of a test does differently from an obedient server. */
export interface Behaviour {
  /** Bytes before everything else. */
  readonly greeting?: string | Uint8Array;
  /** Sees each line of the client first; true: it has been dealt with. */
  readonly onFrame?: (frame: Frame, peer: TestPeer) => boolean;
  /** Answers messages of pipelines; the default tells Windows PowerShell 5.1's version and then completes. */
  readonly onMessage?: (message: ReceivedMessage, peer: TestPeer) => boolean;
}

type End = Awaited<ByteChannel['ended']>;

/** A server in memory behind a ByteChannel: an obedient one, with whatever misbehaviour a test gives it. */
export class TestPeer implements ByteChannel {
  readonly server = new PsrpServer();
  readonly frames: Frame[] = [];
  readonly ended: Promise<End>;
  readonly incoming: AsyncIterable<Uint8Array>;
  /** How many chunks have been read from this channel. */
  pulled = 0;
  closed = false;
  errors = '';
  private readonly behaviour: Behaviour;
  private readonly reader = new FrameReader();
  private readonly chunks: Uint8Array[] = [];
  private wake: (() => void) | undefined;
  private over = false;
  private resolveEnded!: (end: End) => void;

  constructor(behaviour: Behaviour = {}) {
    this.behaviour = behaviour;
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
    this.incoming = this.read();
    if (behaviour.greeting !== undefined) this.emit(behaviour.greeting);
  }

  errorText(): string {
    return this.errors;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.over) return Promise.reject(new Error('write after the end'));
    this.reader.receive(bytes, (frame) => {
      this.frames.push(frame);
      if (this.behaviour.onFrame?.(frame, this) !== true) this.obey(frame);
    });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    this.end({ exitCode: 0, signal: undefined, error: undefined });
    return Promise.resolve();
  }

  /** Sends bytes as they are. */
  emit(bytes: string | Uint8Array): void {
    this.chunks.push(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes);
    this.wake?.();
  }

  /** The process has gone. */
  end(end: End): void {
    this.over = true;
    this.resolveEnded(end);
    this.wake?.();
  }

  /** Does what a real server does with a line. */
  obey(frame: Frame): void {
    switch (frame.kind) {
      case 'Data':
        this.emit(elementLine('DataAck', frame.guid));
        this.server.receive(frame.data, frame.guid);
        this.answer();
        break;
      case 'Command': this.emit(elementLine('CommandAck', frame.guid)); break;
      case 'Close': this.emit(elementLine('CloseAck', frame.guid)); break;
      case 'Signal':
        this.emit(elementLine('SignalAck', frame.guid));
        this.server.sendState(frame.guid, 3);
        this.flush();
        break;
      case 'DataAck': case 'CommandAck': case 'CloseAck': case 'SignalAck': throw new Error('a client never acknowledges');
    }
  }

  /** Sends what the server half has queued. */
  flush(): void {
    for (let out = this.server.dataToSend(32 * 1024); out !== undefined; out = this.server.dataToSend(32 * 1024)) {
      this.emit(dataLine(out.pipeline ?? zeroGuid, false, out.bytes));
    }
  }

  private answer(): void {
    for (let message = this.server.next(); message !== undefined; message = this.server.next()) {
      if (this.behaviour.onMessage?.(message, this) === true) continue;
      if (message.type !== MessageType.createPipeline) continue;
      if (scriptOf(message).includes('PSVersionTable')) {
        for (const text of ['5.1.17763.1', 'Desktop', 'CONNECT01']) this.server.send(MessageType.pipelineOutput, message.pipeline, text);
      }
      this.server.sendState(message.pipeline, 4);
    }
    this.flush();
  }

  private async* read(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const chunk = this.chunks.shift();
      if (chunk !== undefined) {
        this.pulled++;
        yield chunk;
      } else if (this.over) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}

/** The script in a CREATE_PIPELINE. */
export function scriptOf(message: ReceivedMessage): string {
  const commands = property(property(message.value, 'PowerShell'), 'Cmds');
  return textOf(property(isList(commands) ? commands[0] : undefined, 'Cmd')) ?? '';
}

/** How the tests' sessions are opened. */
export const options = { server: 'CONNECT01 (10.0.0.1:22)', transport: 'test', encryption: undefined, openTimeout: 5000 };

/** A session on a peer. */
export async function open(behaviour: Behaviour = {}): Promise<{ peer: TestPeer; session: PowerShellSession }> {
  const peer = new TestPeer(behaviour);
  return { peer, session: await openOverChannel(peer, options) };
}

/** Lets a test answer one script; the rest is answered as usual. */
export function answering(script: string, answer: (message: ReceivedMessage, peer: TestPeer) => void): Behaviour {
  return {
    onMessage: (message, peer) => {
      if (message.type !== MessageType.createPipeline || scriptOf(message) !== script) return false;
      answer(message, peer);
      return true;
    },
  };
}

/** All records of a pipeline. */
export async function collect(records: AsyncIterable<StreamRecord>): Promise<StreamRecord[]> {
  const all: StreamRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}
