import type { InvokeOptions, PeerInfo, Pipeline, PowerShellSession, PSValue, RemoteFailure, SessionDisconnection } from '../session.ts';
import type { Deadline } from './deadline.ts';
import type { RemoteError } from './error.ts';
import type { PeerTrace } from './failure.ts';
import { endedError, isOurs, remoteError, toRemoteError } from './failure.ts';
import { answerHostCall, performVoidCall, writtenText } from './hostAnswers.ts';
import type { PipelineOwner } from './pipeline.ts';
import { RemotePipeline } from './pipeline.ts';
import { PsrpClient } from './psrp/client.ts';
import { newExchangeKey } from './psrp/crypto.ts';
import type { ClientEvent } from './psrp/events.ts';
import { PipelineState, PoolState } from './psrp/events.ts';
import type { HostCall } from './psrp/hostCall.ts';
import { Sender } from './sender.ts';
import type { PsrpTransport } from './transport.ts';

/** How much input may wait in memory before more is taken from its source, in messages. */
const inputBatch = 64;
/** Most scripts that ask whether the runspace is free after a stop: each is a round trip, the server needs a moment. */
const mostProbes = 50;
/** How long a process that has closed its output may take to go by itself, in milliseconds. */
const endGrace = 1000;
/** How long a process may take to go after its pool was closed, in milliseconds. */
const closeGrace = 3000;

/** An open runspace pool with one runspace over a transport. Made by `openSession`. */
export class RunspaceSession implements PowerShellSession, PipelineOwner {
  readonly closed: Promise<RemoteFailure | undefined>;
  readonly server: string;
  private readonly transport: PsrpTransport;
  private readonly client: PsrpClient;
  private readonly adopting: boolean;
  private readonly sender: Sender;
  private peerInfo: PeerInfo | undefined;
  private privateData: PSValue = null;
  private sawConnected = false;
  private sawPrivateData = false;
  private maxFragment: number;
  private protocol = '';
  private state: 'opening' | 'open' | 'closing' | 'over' = 'opening';
  private failure: RemoteError | undefined;
  private active: RemotePipeline | undefined;
  private activeEnded: (() => void) | undefined;
  /** Settles when the server is done with the active pipeline. */
  private activeDone: Promise<void> = Promise.resolve();
  private silence: Deadline | undefined;
  private tail: Promise<void> = Promise.resolve();
  private readonly pending = new Set<RemotePipeline>();
  private readonly closes = new Set<Promise<void>>();
  private keyDeadline: Deadline | undefined;
  private opened!: () => void;
  private resolveClosed!: (failure: RemoteFailure | undefined) => void;
  private disposing: Promise<void> | undefined;
  /** The last pipeline was stopped: the runspace may not be free yet. */
  private settling = false;
  private failOpening: ((error: Error) => void) | undefined;

  /** @param left the id of a pool that another client left; undefined: a new one is opened */
  constructor(transport: PsrpTransport, server: string, left?: string) {
    this.client = new PsrpClient({}, left);
    this.adopting = left !== undefined;
    this.transport = transport;
    this.server = server;
    this.maxFragment = transport.maxFragment(undefined, undefined);
    transport.begin(this.client.poolId);
    this.sender = new Sender(this.client, transport, (error) => {
      void this.transportBroke(error);
    });
    this.closed = new Promise((resolve) => {
      this.resolveClosed = resolve;
    });
  }

  get peer(): PeerInfo {
    if (this.peerInfo === undefined) throw new Error('The session is not open yet.');
    return this.peerInfo;
  }

  get protocolVersion(): string {
    return this.protocol;
  }

  get capabilities(): { readonly reconnect: boolean; readonly maxFragment: number } {
    return { reconnect: this.transport.disconnection !== undefined, maxFragment: this.maxFragment };
  }

  get disconnection(): SessionDisconnection | undefined {
    const { disconnection } = this.transport;
    if (disconnection === undefined) return undefined;
    return { id: this.client.poolId, disconnect: () => disconnection.disconnect(), reconnect: () => disconnection.reconnect() };
  }

  get alive(): boolean {
    return this.state === 'opening' || this.state === 'open';
  }

  /** Opens the pool. Rejects with the RemoteError that ended the session. */
  async open(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const opened = new Promise<void>((resolve, reject) => {
      this.opened = resolve;
      this.failOpening = reject;
    });
    void this.readAll();
    if (this.adopting) this.client.connect();
    else this.client.open();
    this.turn();
    await opened;
    this.failOpening = undefined;
    this.state = 'open';
  }

  /** ApplicationPrivateData of the server's APPLICATION_PRIVATE_DATA (MS-PSRP 2.2.2.13); null until it came. */
  get applicationPrivateData(): PSValue {
    return this.privateData;
  }

  /** Says who answered; a peer that is known to take big fragments gets them. */
  setPeer(peer: PeerInfo): void {
    this.peerInfo = peer;
    this.maxFragment = this.transport.maxFragment(this.protocol, peer.psVersion);
  }

  invoke(script: string, options: InvokeOptions = {}): Pipeline {
    const pipeline = new RemotePipeline(script, options, this);
    this.pending.add(pipeline);
    this.tail = this.tail.then(() => this.run(pipeline));
    return pipeline;
  }

  /** Takes up a pipeline that another client started in this pool. */
  adopt(id: string): Pipeline {
    const pipeline = new RemotePipeline('', { name: 'a script that was left running' }, this, id);
    this.pending.add(pipeline);
    this.tail = this.tail.then(() => this.run(pipeline));
    return pipeline;
  }

  async requestStop(pipeline: RemotePipeline): Promise<void> {
    const { id } = pipeline;
    if (id === undefined) {
      pipeline.finish('stopped', undefined);
      return;
    }
    if (this.active !== pipeline) {
      if (pipeline.adopted) await this.transport.signal(id).catch((error: unknown) => this.transportBroke(error));
      return;
    }
    pipeline.queue.stop();
    const ended = this.activeDone;
    const announced = this.sender.stop(id);
    if (announced === undefined) {
      // The server has not heard of it: it waits for the session key.
      this.client.forget(id);
      this.ended(pipeline, 'stopped', undefined);
      return;
    }
    const deadline = this.transport.deadline('the end of a stopped pipeline', this.transport.limits.signal, (error) => {
      this.fail(error);
    });
    try {
      // A stop that overtakes its command would stop nothing.
      await announced;
      await this.transport.signal(id);
      await ended;
    } catch (error) {
      await this.transportBroke(error);
    } finally {
      deadline.clear();
    }
  }

  dropConnection(pipeline: RemotePipeline): void {
    const name = pipeline.options.name ?? 'a script';
    this.fail(remoteError(this.server, 'cancelled', `The connection was dropped while ${name} was being stopped.`));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposing ??= this.close();
    return this.disposing;
  }

  /** Ends the session for a reason; everything that waits gets this error. */
  fail(error: unknown): void {
    if (this.state === 'over') return;
    const remote = toRemoteError(error, this.trace());
    this.failure = remote;
    this.end(remote);
    void this.transport.shut(0);
  }

  private trace(): PeerTrace {
    return { server: this.server, opening: this.state === 'opening', ...this.transport.trace };
  }

  private end(error: RemoteError | undefined): void {
    this.state = 'over';
    const reason = error ?? remoteError(this.server, 'closed', 'The session was closed.');
    this.failure ??= reason;
    this.keyDeadline?.clear();
    this.silence?.clear();
    this.transport.fail(reason);
    for (const pipeline of [...this.pending]) pipeline.fail(reason);
    this.pending.clear();
    this.activeEnded?.();
    this.failOpening?.(reason);
    this.resolveClosed(error?.failure);
  }

  private async close(): Promise<void> {
    if (this.transport.disconnection?.isDisconnected === true) {
      this.end(undefined);
    } else if (this.state !== 'over') {
      this.state = 'closing';
      const { active } = this;
      if (active !== undefined) {
        if (!active.stopRequested) await active.stop();
        await active.result.catch(() => undefined);
      }
      await Promise.all(this.closes);
      // A failure on the way is the end as well; nobody waits for more.
      await this.transport.close(undefined).catch(() => undefined);
      this.end(undefined);
    }
    await this.transport.shut(closeGrace);
  }

  private async readAll(): Promise<void> {
    try {
      await this.transport.read((bytes, pipeline) => {
        this.silence?.restart();
        this.client.receive(bytes, pipeline);
        this.turn();
      }, () => this.active?.queue.room());
      await this.transportBroke(undefined);
    } catch (error) {
      await this.transportBroke(error);
    }
  }

  /** The transport ended, or a read or a write failed: how its process ended tells more, and comes right after it or never. */
  private async transportBroke(error: unknown): Promise<void> {
    if (this.state === 'over') return;
    if (isOurs(error)) {
      this.fail(error);
      return;
    }
    await this.transport.shut(endGrace);
    const ended = await this.transport.ended;
    this.fail(error === undefined || ended.error !== undefined || ended.exitCode !== undefined ? endedError(this.trace(), ended) : error);
  }

  /** Hands out what the machine reports and sends what it has; after every call that may have caused either. */
  private turn(): void {
    for (let event = this.client.nextEvent(); event !== undefined; event = this.client.nextEvent()) this.handle(event);
    if (this.client.hasDataToSend) this.sender.flush(this.maxFragment);
  }

  private handle(event: ClientEvent): void {
    const { active } = this;
    switch (event.type) {
      case 'record':
        if (event.pipeline === active?.id) active.record(event.record, event.size);
        break;
      case 'pipeline-state':
        if (event.pipeline !== active?.id) break;
        if (event.state === PipelineState.completed) this.ended(active, 'completed', event.error);
        else if (event.state === PipelineState.failed) this.ended(active, 'failed', event.error);
        else if (event.state === PipelineState.stopped) this.ended(active, 'stopped', event.error);
        break;
      case 'host-call': this.hostCall(event.call); break;
      case 'negotiated': this.negotiated(event.protocolVersion); break;
      case 'pool-state': this.poolState(event.state, event.error?.message); break;
      case 'key-needed': this.makeKey(); break;
      case 'key-ready':
        this.keyDeadline?.clear();
        this.transport.poolAnswered();
        break;
      case 'private-data':
        this.privateData = event.value;
        this.sawPrivateData = true;
        this.connected();
        break;
      case 'connected':
        this.sawConnected = true;
        this.connected();
        break;
      case 'user-event': break;
    }
  }

  private negotiated(protocolVersion: string): void {
    this.protocol = protocolVersion;
    this.maxFragment = this.transport.maxFragment(protocolVersion, undefined);
  }

  private poolState(state: number, message: string | undefined): void {
    if (state === PoolState.opened) {
      this.transport.poolAnswered();
      this.opened();
    } else if ((state === PoolState.broken || state === PoolState.closed) && this.state !== 'closing') {
      const opening = this.state === 'opening';
      this.fail(remoteError(this.server, opening ? 'bad-peer' : 'connection-lost', opening ? 'The server did not open a runspace.' : 'The server closed the runspace.', message));
    }
  }

  /** A pool that is taken up says so, and then who it is; no state comes. */
  private connected(): void {
    if (!this.adopting || !this.sawConnected || !this.sawPrivateData || this.state !== 'opening') return;
    this.transport.poolAnswered();
    this.opened();
  }

  private makeKey(): void {
    this.keyDeadline = this.transport.deadline('the session key', this.transport.limits.key, (error) => {
      this.fail(error);
    });
    newExchangeKey().then((pair) => {
      this.client.exchangeKey(pair);
      this.turn();
    }, (error: unknown) => {
      this.fail(error);
    });
  }

  private hostCall(call: HostCall): void {
    const pipeline = call.pipeline !== undefined && this.active?.id === call.pipeline ? this.active : undefined;
    const host = pipeline?.options.host;
    const text = writtenText(call);
    if (text !== undefined && pipeline?.echoes(text) === true) return;
    const perform = (): void => {
      if (call.wantsAnswer) this.answerCall(call, pipeline);
      else performVoidCall(call, host, (record) => pipeline?.queue.push(record, 0));
    };
    // What a person sees keeps its place among the records; what becomes a record has it already.
    if (pipeline === undefined || (!call.wantsAnswer && host?.write === undefined)) perform();
    else pipeline.queue.act(perform);
  }

  private answerCall(call: HostCall, pipeline: RemotePipeline | undefined): void {
    // The silence of a person is not the server's.
    const { silence } = this;
    silence?.hold();
    void answerHostCall(call, pipeline?.options.host).then((answer) => {
      silence?.release();
      if (!this.alive || pipeline?.done === true) return;
      try {
        this.client.answer(call, answer);
      } catch (error) {
        this.client.answer(call, { refusal: error instanceof Error ? error.message : 'The answer cannot be sent.' });
      }
      this.turn();
    });
  }

  /** Runs one pipeline when its turn has come. Never rejects. */
  private async run(pipeline: RemotePipeline): Promise<void> {
    if (this.failure !== undefined || !this.alive) {
      pipeline.fail(this.failure ?? remoteError(this.server, 'closed', 'The session is closed.'));
    } else if (pipeline.stopRequested && !pipeline.adopted) {
      pipeline.finish('stopped', undefined);
    }
    if (!pipeline.done) {
      if (this.settling && !pipeline.adopted) await this.settle();
      await this.execute(pipeline);
    }
    this.pending.delete(pipeline);
  }

  /**
   * After a stop a server may say that a pipeline ended before its runspace is free for the next one, which it then refuses without
   * having run it. A script that does nothing finds out, so that none that does something is refused or has to be repeated.
   */
  private async settle(): Promise<void> {
    this.settling = false;
    for (let probes = 0; probes < mostProbes && this.alive; probes++) {
      const probe = new RemotePipeline('$null', { name: 'whether the runspace is free' }, this);
      this.pending.add(probe);
      await this.execute(probe);
      this.pending.delete(probe);
      const result = await probe.result.catch(() => undefined);
      if (result?.state !== 'failed') return;
    }
  }

  private async execute(pipeline: RemotePipeline): Promise<void> {
    if (this.failure !== undefined) pipeline.fail(this.failure);
    if (!pipeline.done) {
      const { script, options } = pipeline;
      const ended = new Promise<void>((resolve) => {
        this.activeEnded = resolve;
      });
      this.activeDone = ended;
      try {
        pipeline.id ??= this.client.createPipeline({ script, parameters: options.parameters ?? {}, noInput: options.input === undefined, localScope: options.scope !== 'runspace', pipedTo: options.pipedTo });
        this.active = pipeline;
        pipeline.start();
        if (pipeline.adopted) await this.connectPipeline(pipeline, pipeline.id);
        if ((options.silenceLimit ?? 0) > 0) {
          this.silence = this.transport.deadline(`anything from ${options.name ?? 'a script'}`, options.silenceLimit ?? 0, (error) => {
            this.fail(error);
          });
        }
        this.turn();
        if (options.input !== undefined) void this.feed(pipeline, options.input);
        await ended;
      } catch (error) {
        pipeline.fail(toRemoteError(error, this.trace()));
      }
      this.active = undefined;
      this.silence?.clear();
      this.silence = undefined;
    }
  }

  private async connectPipeline(pipeline: RemotePipeline, id: string): Promise<void> {
    this.client.adoptPipeline(id);
    this.sender.adopt(id);
    await this.transport.disconnection?.connectPipeline(id, () => {
      pipeline.fail(remoteError(this.server, 'connection-lost', 'The end of a script that had been left running was read by another client.'));
      this.ended(pipeline, 'failed', undefined);
    });
  }

  /** The server is done with a pipeline: its result is known, its transport is freed in the background. */
  private ended(pipeline: RemotePipeline, state: 'completed' | 'failed' | 'stopped', error: Parameters<RemotePipeline['finish']>[1]): void {
    pipeline.finish(state, error);
    if (state === 'stopped') this.settling = true;
    const { id } = pipeline;
    if (id !== undefined && this.sender.end(id)) {
      const freed = this.transport.close(id).then(() => {
        this.client.forget(id);
      }, (reason: unknown) => this.transportBroke(reason)).finally(() => {
        this.closes.delete(freed);
      });
      this.closes.add(freed);
    }
    this.activeEnded?.();
  }

  /** Sends a pipeline's input, never far ahead of what the server took. */
  private async feed(pipeline: RemotePipeline, input: AsyncIterable<PSValue> | Iterable<PSValue>): Promise<void> {
    const id = pipeline.id ?? '';
    let queued = 0;
    try {
      for await (const value of input) {
        if (pipeline.done) return;
        this.client.sendInput(id, value);
        if (++queued % inputBatch === 0) await this.sent(id);
      }
      this.client.endInput(id);
      await this.sent(id);
    } catch (error) {
      pipeline.fail(toRemoteError(error, this.trace()));
      await this.requestStop(pipeline);
    }
  }

  private async sent(id: string): Promise<void> {
    this.turn();
    await this.sender.sent(id);
  }
}

