import { Deadlines } from '../deadline.ts';
import type { Deadline, SilenceError } from '../deadline.ts';
import { RemoteError } from '../error.ts';
import { newGuid } from '../psrp/guid.ts';
import type { Outgoing } from '../psrp/outbox.ts';
import { defaultLimits } from '../transport.ts';
import type { PsrpTransport, TransportDisconnection, TransportEnd, TransportFacts, TransportTrace, WaitLimits } from '../transport.ts';
import { connectFragments, createdSelectors, idleTime, readReceived } from './answer.ts';
import type { Haste } from './channels.ts';
import type { EnvelopeSettings, Selector } from './envelope.ts';
import { EndedCommands } from './ended-commands.ts';
import { connectCommand, connectShell, createShell, deleteShell, disconnect, receive, reconnect, send, signal, startCommand, wireGuid } from './envelope.ts';
import { faultCode, WsmanFaultError } from './fault.ts';
import { KeepAwake } from './keep-awake.ts';
import type { WinRmLimits } from './limits.ts';
import { Lull } from './lull.ts';
import { commandDone, signals } from './names.ts';
import { isUncertain } from './requests.ts';
import type { Requests } from './requests.ts';
import { envelopeSize, fragmentRoom } from './size.ts';

/** What a shell needs. */
export interface ShellOptions {
  /** The server's URL, with the port. */
  readonly url: string;
  readonly requests: Requests;
  readonly limits: WinRmLimits;
  /** True where the pool is one that another client left there. */
  readonly left?: boolean;
}

/** A command whose output is being received. */
interface Command {
  /** True once its last output came, or nobody wants any. */
  over: boolean;
  /** Present where another client started it and may have read its end. */
  readonly nothingLeft: (() => void) | undefined;
}

/** How long a shell that nobody is connected to may wait on the server, in seconds. */
const idleSeconds = 7200;
/** How long the server may take to delete a shell that nobody waits for, in milliseconds. */
const lastWords = 5000;

/**
 * A PowerShell shell on a WSMan server (MS-PSRP 3.1.5.3, MS-WSMV 3.1.4): the pool's first data creates it, a pipeline's
 * first data starts a command in it, output is fetched by Receives that wait on the server.
 */
export class ShellTransport implements PsrpTransport {
  readonly limits: WaitLimits = defaultLimits;
  readonly ended: Promise<TransportEnd>;
  /** APPLICATION_PRIVATE_DATA comes while the pool opens, before any request could ask. */
  readonly trustsPrivateData = true;
  readonly disconnection: TransportDisconnection;
  private readonly requests: Requests;
  private readonly deadlines = new Deadlines();
  private readonly settings: EnvelopeSettings;
  private readonly takesOver: boolean;
  /** While the shell is disconnected: lets the deadlines run again. */
  private comeBack: (() => void) | undefined;
  private pool = '';
  private selectors: readonly Selector[] | undefined;
  private deleted = false;
  private farewell: Promise<void> | undefined;
  private failure: Error | undefined;
  private onData: (bytes: Uint8Array, pipeline: string | undefined) => void = () => undefined;
  private afterChunk: () => Promise<void> | undefined = () => undefined;
  private readingFailed: (error: unknown) => void = () => undefined;
  private poolExpected = false;
  private poolReading = false;
  /** Announced pipelines; undefined until their first data went with the command. */
  private readonly commands = new Map<string, Command | undefined>();
  /** Loops that read a stream; none of them rejects. */
  private readonly readers = new Set<Promise<void>>();
  private readonly endedCommands: EndedCommands;
  private readonly gather: number;
  private terminateHaste: Haste = 'patient';
  private awake: KeepAwake | undefined;
  private resolveEnded!: (end: TransportEnd) => void;

  constructor(options: ShellOptions) {
    this.requests = options.requests;
    this.gather = options.limits.gather;
    this.endedCommands = new EndedCommands(options.limits.lazySignal, (command) => this.terminate(command));
    this.settings = { to: `${options.url}?PSVersion=5.1`, sessionId: newGuid(), maxEnvelopeSize: envelopeSize.current };
    this.takesOver = options.left ?? false;
    this.ended = new Promise((resolve) => { this.resolveEnded = resolve; });
    const isDisconnected = (): boolean => this.comeBack !== undefined;
    this.disconnection = {
      get isDisconnected() { return isDisconnected(); },
      disconnect: () => this.disconnect(),
      reconnect: () => this.reconnect(),
      connectPipeline: async (pipeline, nothingLeft) => {
        await this.requests.once(connectCommand(this.settings, this.shell(), pipeline), 'Connecting to a command');
        this.started(pipeline, nothingLeft);
      },
    };
  }

  get trace(): TransportTrace {
    return { sawElement: this.requests.answered, noise: '', errorText: '' };
  }

  get facts(): TransportFacts | undefined {
    return this.requests.facts;
  }

  begin(pool: string): void {
    this.pool = pool;
  }

  maxFragment(protocolVersion: string | undefined): number {
    const minor = Number(/^2\.(\d+)$/.exec(protocolVersion ?? '')?.[1] ?? 0);
    return fragmentRoom(this.settings, minor >= 2 ? envelopeSize.current : envelopeSize.old);
  }

  read(onData: (bytes: Uint8Array, pipeline: string | undefined) => void, afterChunk: () => Promise<void> | undefined): Promise<void> {
    this.onData = onData;
    this.afterChunk = afterChunk;
    return new Promise((_resolve, reject) => {
      this.readingFailed = reject;
      if (this.failure !== undefined) reject(this.failure);
    });
  }

  poolAnswered(): void {
    this.poolExpected = false;
  }

  command(pipeline: string): Promise<void> {
    this.commands.set(pipeline, undefined);
    return Promise.resolve();
  }

  async data(outgoing: Outgoing): Promise<void> {
    this.awake?.touched();
    const { pipeline, promptResponse, bytes } = outgoing;
    const stream = promptResponse ? 'pr' : 'stdin';
    if (pipeline === undefined) {
      this.poolExpected = true;
      if (this.selectors === undefined) await this.create(bytes);
      else await this.requests.once(send(this.settings, this.selectors, stream, undefined, bytes), 'Sending to the shell');
      this.followPool();
    } else if (this.commands.get(pipeline) === undefined) {
      await this.requests.once(startCommand(this.settings, this.shell(), pipeline, bytes), 'Starting a command');
      this.started(pipeline);
    } else {
      await this.requests.once(send(this.settings, this.shell(), stream, pipeline, bytes), 'Sending to a command');
    }
  }

  async signal(pipeline: string): Promise<void> {
    await this.requests.once(signal(this.settings, this.shell(), pipeline, signals.stop), 'Stopping a command');
  }

  async close(pipeline: string | undefined): Promise<void> {
    if (pipeline !== undefined) {
      this.tellLater(pipeline);
      return;
    }
    this.endedCommands.stop();
    this.poolExpected = false;
    if (this.selectors === undefined || this.deleted) return;
    this.deleted = true;
    await this.requests.once(deleteShell(this.settings, this.selectors), 'Deleting the shell');
  }

  deadline(waitedFor: string, milliseconds: number, expired: (error: SilenceError) => void): Deadline {
    return this.deadlines.start(waitedFor, milliseconds, expired);
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.deadlines.clear();
    this.endedCommands.stop();
    this.awake?.stop();
    for (const command of this.commands.values()) if (command !== undefined) command.over = true;
  }

  async shut(grace: number): Promise<void> {
    this.farewell ??= this.abandon();
    if (grace > 0) await this.farewell;
    this.resolveEnded({ exitCode: undefined, signal: undefined, error: undefined });
  }

  /** Settles when nothing more will be sent; at once where the shell was not shut. Never rejects. */
  async left(): Promise<void> {
    await this.farewell;
  }

  /** Deletes the shell where that has not been tried, so that it does not wait for its idle time, and ends the connections. */
  private async abandon(): Promise<void> {
    const gone = this.failure ?? new RemoteError({ reason: 'closed', server: this.requests.server, message: 'The shell is closed.', remedy: 'Open a new session.' });
    this.fail(gone);
    if (this.selectors !== undefined && !this.deleted && this.comeBack === undefined) {
      this.deleted = true;
      this.requests.cutReceives();
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => { timer = setTimeout(resolve, lastWords); });
      // Nobody is left to be told that it failed; the server's idle time then ends the shell.
      const told = this.requests.once(deleteShell(this.settings, this.selectors), 'Deleting the shell').then(() => undefined, () => undefined);
      await Promise.race([told, patience]);
      clearTimeout(timer);
    }
    this.requests.close(gone);
  }

  private shell(): readonly Selector[] {
    if (this.selectors === undefined) throw new Error('A command before its shell.');
    return this.selectors;
  }

  private async create(fragments: Uint8Array): Promise<void> {
    if (this.takesOver) {
      const selectors = [{ name: 'ShellId', value: wireGuid(this.pool) }];
      const answer = await this.requests.once(connectShell(this.settings, selectors, fragments), 'Connecting to the shell');
      this.selectors = selectors;
      this.onData(connectFragments(answer), undefined);
      return;
    }
    try {
      const body = await this.requests.once(createShell(this.settings, this.pool, fragments), 'Opening Windows PowerShell');
      this.selectors = createdSelectors(body);
      this.awake = new KeepAwake(idleTime(body), () => this.wake());
    } catch (error) {
      // It may be there, under the id that it was asked to take: then it is to be deleted.
      if (isUncertain(error)) this.selectors = [{ name: 'ShellId', value: wireGuid(this.pool) }];
      throw error;
    }
    // Given up meanwhile: nobody else will end it.
    if (this.failure !== undefined) this.farewell = this.abandon();
  }

  private started(pipeline: string, nothingLeft?: () => void): void {
    const command: Command = { over: this.failure !== undefined, nothingLeft };
    this.commands.set(pipeline, command);
    this.follow(this.readCommand(pipeline, command));
  }

  /** Reads the pool's stream until what was sent is answered. */
  private followPool(): void {
    if (this.poolReading) return;
    this.poolReading = true;
    this.follow(this.readPool());
  }

  private follow(reader: Promise<void>): void {
    this.readers.add(reader);
    void reader.then(() => { this.readers.delete(reader); });
  }

  private async readPool(): Promise<void> {
    try {
      while (this.poolExpected && this.isReading()) await this.receive(undefined, 'Waiting for the runspace pool');
    } catch (error) {
      if (this.isReading()) this.broke(error);
    }
    this.poolReading = false;
  }

  private async readCommand(pipeline: string, command: Command): Promise<void> {
    try {
      // What the sender has left for this command goes out first: it need not overtake the Receive then.
      await new Promise(setImmediate);
      const lull = new Lull(this.gather);
      while (!command.over && this.isReading()) {
        const { state, bytes } = await this.receive(pipeline, 'Waiting for output');
        if (state === commandDone && !isOver(command)) {
          if (command.nothingLeft !== undefined) {
            command.nothingLeft();
            return;
          }
          throw new RemoteError({ reason: 'bad-peer', server: this.requests.server, message: 'The server ended a command without telling how it ended.', remedy: 'Connect again; if it stays, look at the server\'s log: Event Viewer, Windows Remote Management, Operational.' });
        }
        if (!isOver(command) && this.isReading()) await lull.after(bytes);
      }
    } catch (error) {
      if (!isOver(command) && this.isReading()) this.broke(error);
    }
  }

  /** One Receive: hands out what came and lets the reader catch up. Gives the command's state, where one came, and how much came. */
  private async receive(pipeline: string | undefined, tried: string): Promise<{ state: string | undefined; bytes: number }> {
    const body = await this.requests.receive(receive(this.settings, this.shell(), pipeline), tried);
    if (body === undefined || this.failure !== undefined) return { state: undefined, bytes: 0 };
    this.awake?.touched();
    const { pieces, commandState } = readReceived(body);
    let bytes = 0;
    for (const piece of pieces) {
      bytes += piece.bytes.length;
      this.onData(piece.bytes, piece.command ?? pipeline);
    }
    const hold = this.afterChunk();
    if (hold !== undefined) await this.deadlines.pausedWhile(hold);
    return { state: commandState, bytes };
  }

  private async disconnect(): Promise<void> {
    if (this.comeBack !== undefined) return;
    this.terminateHaste = 'short';
    const told = this.endedCommands.flush();
    this.requests.hurry();
    await told;
    this.terminateHaste = 'patient';
    const back = new Promise<void>((resolve) => { this.comeBack = resolve; });
    try {
      await this.requests.once(disconnect(this.settings, this.shell(), idleSeconds), 'Disconnecting from the shell');
    } catch (error) {
      this.resume();
      throw error;
    }
    void this.deadlines.pausedWhile(back);
    // The server ends their Receives; where it does not, they are cut: two readers of one stream would mix it up.
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => { timer = setTimeout(resolve, lastWords); });
    await Promise.race([Promise.all(this.readers), patience]);
    clearTimeout(timer);
    this.requests.cutReceives();
  }

  private async reconnect(): Promise<void> {
    if (this.comeBack === undefined) return;
    this.requests.startAfresh();
    await this.requests.once(reconnect(this.settings, this.shell(), undefined), 'Reconnecting to the shell');
    for (const [pipeline, command] of this.commands) {
      if (command !== undefined) await this.requests.once(reconnect(this.settings, this.shell(), pipeline), 'Reconnecting to a command');
    }
    this.resume();
  }

  /** Reads again what was being read. */
  private resume(): void {
    this.comeBack?.();
    this.comeBack = undefined;
    for (const [pipeline, command] of this.commands) {
      if (command === undefined) continue;
      command.over = true;
      this.started(pipeline, command.nothingLeft);
    }
    this.followPool();
  }

  private isReading(): boolean {
    return this.failure === undefined && this.comeBack === undefined;
  }

  /** A Receive that nothing is expected of: it counts as use, and tells early where the shell has gone. */
  private async wake(): Promise<void> {
    if (this.poolReading || !this.isReading()) return;
    try {
      await this.receive(undefined, 'Keeping the shell awake');
    } catch (error) {
      // Without a network it is too early to give up: the shell may still be there when it comes back.
      if (error instanceof WsmanFaultError && error.fault.code === faultCode.invalidSelectors) this.broke(error);
    }
  }

  private broke(error: unknown): void {
    if (this.failure === undefined) this.readingFailed(error);
  }

  /** Frees a command on the server, a little later: where the shell is deleted right away, that is not needed. */
  private tellLater(pipeline: string): void {
    const command = this.commands.get(pipeline);
    this.commands.delete(pipeline);
    if (command === undefined) return;
    command.over = true;
    this.endedCommands.add(pipeline);
  }

  private async terminate(pipeline: string): Promise<boolean> {
    if (this.failure !== undefined || this.deleted) return false;
    try {
      await this.requests.once(signal(this.settings, this.shell(), pipeline, signals.terminate), 'Ending a command', this.terminateHaste);
      return true;
    } catch (error) {
      // A command that the server has forgotten already is as good as ended.
      return error instanceof WsmanFaultError;
    }
  }
}

/** Asked anew: what was handed out may have changed it. */
function isOver(command: Command): boolean {
  return command.over;
}
