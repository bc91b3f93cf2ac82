import type { PSValue } from '../../session.ts';
import { decode } from '../clixml/decode.ts';
import { encode } from '../clixml/encode.ts';
import { ClixmlError } from '../clixml/error.ts';
import { numberOf, property, textOf } from '../clixml/values.ts';
import type { ExchangeKey } from './crypto.ts';
import { openSessionKey, openText, sealText } from './crypto.ts';
import { ProtocolError } from './error.ts';
import { readErrorRecord } from './errorRecord.ts';
import type { ClientEvent } from './events.ts';
import { PipelineState } from './events.ts';
import { Defragmenter } from './fragment.ts';
import { newGuid } from './guid.ts';
import type { PipelineCommand } from './handshake.ts';
import { connectRunspacePool, createPipeline, initRunspacePool, sessionCapability } from './handshake.ts';
import type { HostCall } from './hostCall.ts';
import { hostResponse, readHostCall } from './hostCall.ts';
import type { Message } from './message.ts';
import { decodeMessage, Destination, isPoolMessage, MessageType } from './message.ts';
import type { Outgoing } from './outbox.ts';
import { Outbox } from './outbox.ts';
import { readRecord } from './records.ts';

/** What bounds the machine's memory, in bytes. */
export interface ClientLimits {
  /** The largest message that is put together. */
  readonly maxMessage: number;
  /** Records that may wait for the session key. */
  readonly maxHeld: number;
}

const defaultLimits: ClientLimits = { maxMessage: 64 * 2 ** 20, maxHeld: 16 * 2 ** 20 };

interface PipelineSlot {
  readonly fragments: Defragmenter;
  ended: boolean;
}

/**
 * The client's side of MS-PSRP: one runspace pool with its pipelines, without a socket or a clock. Bytes and PSGuids
 * come in through `receive`, leave through `dataToSend`; everything else is an event. A ProtocolError ends its use.
 */
export class PsrpClient {
  readonly poolId: string;
  private readonly limits: ClientLimits;
  private readonly outbox = new Outbox();
  private readonly poolFragments: Defragmenter;
  private readonly pipelines = new Map<string, PipelineSlot>();
  private events: ClientEvent[] = [];
  private nextIndex = 0;
  private key: 'none' | 'asked' | 'sent' | 'ready' = 'none';
  private exchangePair: ExchangeKey | undefined;
  private sessionKey: Uint8Array | undefined;
  /** Set while a record with a sealed secret waits for the session key: it and everything after it is held. */
  private held: ClientEvent[] | undefined;
  private heldSize = 0;
  private sawSecret = false;

  /** @param poolId the pool to connect to; absent: a new one */
  constructor(limits: Partial<ClientLimits> = {}, poolId = newGuid()) {
    this.poolId = poolId;
    this.limits = { ...defaultLimits, ...limits };
    this.poolFragments = new Defragmenter(this.limits.maxMessage);
  }

  /** Queues the negotiation and the opening of the pool. */
  open(): void {
    this.queue(MessageType.sessionCapability, undefined, sessionCapability());
    this.queue(MessageType.initRunspacePool, undefined, initRunspacePool());
  }

  /** Queues the negotiation and the taking up of a pool that another client left. */
  connect(): void {
    this.queue(MessageType.sessionCapability, undefined, sessionCapability());
    this.queue(MessageType.connectRunspacePool, undefined, connectRunspacePool());
  }

  /** Expects messages of a pipeline that another client started. */
  adoptPipeline(id: string): void {
    this.pipelines.set(id, { fragments: new Defragmenter(this.limits.maxMessage), ended: false });
  }

  /** Queues a pipeline and returns its id. Secure strings among the parameters delay it until the session key is there. */
  createPipeline(command: PipelineCommand): string {
    const id = newGuid();
    this.pipelines.set(id, { fragments: new Defragmenter(this.limits.maxMessage), ended: false });
    try {
      this.queue(MessageType.createPipeline, id, createPipeline(command));
    } catch (error) {
      this.pipelines.delete(id);
      throw error;
    }
    return id;
  }

  sendInput(pipeline: string, value: PSValue): void {
    this.queue(MessageType.pipelineInput, pipeline, value);
  }

  endInput(pipeline: string): void {
    this.queue(MessageType.endOfPipelineInput, pipeline, undefined);
  }

  /** Answers a host call with a result or a refusal; void calls have no answer. */
  answer(call: HostCall, answer: { readonly result: PSValue } | { readonly refusal: string }): void {
    if (!call.wantsAnswer) return;
    const type = call.pipeline === undefined ? MessageType.runspacePoolHostResponse : MessageType.pipelineHostResponse;
    this.queue(type, call.pipeline, hostResponse(call, answer), true);
  }

  /** Takes the key pair that `key-needed` asked for, and sends its public half. */
  exchangeKey(pair: ExchangeKey): void {
    if (this.key !== 'asked') return;
    this.exchangePair = pair;
    this.key = 'sent';
    this.queue(MessageType.publicKey, undefined, record('PublicKey', pair.publicBlob));
  }

  /** Forgets a pipeline whose transport has been closed; what is still queued for it is dropped. */
  forget(pipeline: string): void {
    this.pipelines.delete(pipeline);
    this.outbox.drop(pipeline);
  }

  get hasDataToSend(): boolean {
    return this.outbox.ready;
  }

  /** The next bytes for one stream, at most `room`, several small messages together; undefined where nothing is ready. */
  dataToSend(room: number): Outgoing | undefined {
    return this.outbox.take(room);
  }

  /** Takes bytes of the pool's stream, or of one pipeline's. Bytes of a pipeline that is gone are dropped. */
  receive(bytes: Uint8Array, pipeline: string | undefined): void {
    const fragments = pipeline === undefined ? this.poolFragments : this.pipelines.get(pipeline)?.fragments;
    fragments?.receive(bytes, (message) => {
      this.message(message, pipeline);
    });
  }

  nextEvent(): ClientEvent | undefined {
    const event = this.events[this.nextIndex];
    if (event === undefined) return undefined;
    if (++this.nextIndex === this.events.length) {
      this.events = [];
      this.nextIndex = 0;
    }
    return event;
  }

  private message(bytes: Uint8Array, stream: string | undefined): void {
    const message = decodeMessage(bytes, Destination.client);
    if (isPoolMessage(message)) {
      this.poolMessage(message);
      return;
    }
    if (stream !== undefined && message.pipeline !== stream) throw new ProtocolError('A message came on the stream of another pipeline.');
    const slot = this.pipelines.get(message.pipeline);
    if (slot === undefined || slot.ended) return;
    this.pipelineMessage(message, slot, bytes.length);
  }

  private poolMessage(message: Message): void {
    switch (message.type) {
      case MessageType.sessionCapability: this.negotiated(this.decode(message)); break;
      case MessageType.runspacePoolState: {
        const value = this.decode(message);
        const state = numberOf(property(value, 'RunspaceState'));
        if (state === undefined) throw new ProtocolError('A state of the pool came without its number.', { quoted: message.body });
        this.events.push({ type: 'pool-state', state, error: errorOf(value) });
        break;
      }
      case MessageType.encryptedSessionKey: this.keyArrived(this.decode(message)); break;
      case MessageType.publicKeyRequest: this.needKey(); break;
      case MessageType.runspacePoolHostCall: this.emit({ type: 'host-call', call: readHostCall(this.decode(message), undefined) }, 0); break;
      case MessageType.userEvent: this.emit({ type: 'user-event', value: this.decode(message) }, message.body.length); break;
      case MessageType.applicationPrivateData: this.events.push({ type: 'private-data', value: property(this.decode(message), 'ApplicationPrivateData') ?? null }); break;
      case MessageType.runspacePoolInitData: this.events.push({ type: 'connected' }); break;
      case MessageType.runspaceAvailability: break;
      default:
        // A start-up script of the server's own runs as a pipeline without an id.
        if (message.type >>> 16 === 4) break;
        throw new ProtocolError(`A message of the unknown type 0x${message.type.toString(16)} came.`, { quoted: message.body });
    }
  }

  private pipelineMessage(message: Message, slot: PipelineSlot, size: number): void {
    const { type, pipeline } = message;
    if (type === MessageType.pipelineState) {
      const value = this.decode(message);
      const state = numberOf(property(value, 'PipelineState'));
      if (state === undefined) throw new ProtocolError('A state of a pipeline came without its number.', { quoted: message.body });
      if (state === PipelineState.stopped || state === PipelineState.completed || state === PipelineState.failed) {
        slot.ended = true;
        this.outbox.drop(pipeline);
      }
      this.emit({ type: 'pipeline-state', pipeline, state, error: errorOf(value) }, 0);
      return;
    }
    if (type === MessageType.pipelineHostCall) {
      this.emit({ type: 'host-call', call: readHostCall(this.decode(message), pipeline) }, size);
      return;
    }
    // An empty body on the output stream is $null.
    const found = readRecord(type, message.body === '' ? null : this.decode(message));
    if (found === undefined) throw new ProtocolError(`A message of the unknown type 0x${type.toString(16)} came.`, { quoted: message.body });
    this.emit({ type: 'record', pipeline, record: found, size }, size);
  }

  private emit(event: ClientEvent, size: number): void {
    if (this.sawSecret) {
      this.sawSecret = false;
      if (this.sessionKey === undefined) {
        this.needKey();
        this.held ??= [];
      }
    }
    if (this.held === undefined) {
      this.events.push(event);
      return;
    }
    this.heldSize += size + 64;
    if (this.heldSize > this.limits.maxHeld) throw new ProtocolError('Too much came while the session key was awaited.', { reason: 'limit-exceeded' });
    this.held.push(event);
  }

  private negotiated(value: PSValue): void {
    const version = textOf(property(value, 'protocolversion'));
    const numbers = /^2\.(\d+)$/.exec(version ?? '');
    if (version === undefined || numbers === null) throw new ProtocolError('The server did not negotiate protocol version 2.', { quoted: version ?? '' });
    this.events.push({ type: 'negotiated', protocolVersion: version });
  }

  private needKey(): void {
    if (this.key !== 'none') return;
    this.key = 'asked';
    this.events.push({ type: 'key-needed' });
  }

  private keyArrived(value: PSValue): void {
    const wrapped = textOf(property(value, 'EncryptedSessionKey'));
    if (this.key !== 'sent' || this.exchangePair === undefined || wrapped === undefined) throw new ProtocolError('A session key came that was not asked for.');
    this.sessionKey = openSessionKey(wrapped, this.exchangePair.privateKey);
    this.key = 'ready';
    this.exchangePair = undefined;
    this.events.push({ type: 'key-ready' });
    for (const event of this.held ?? []) this.events.push(event);
    this.held = undefined;
    this.heldSize = 0;
    this.outbox.build();
  }

  /** Queues a message; one for a pipeline that has ended goes nowhere. */
  private queue(type: number, pipeline: string | undefined, value: PSValue | undefined, promptResponse = false): void {
    if (pipeline !== undefined && this.pipelines.get(pipeline)?.ended !== false) return;
    this.outbox.add({ type, pool: this.poolId, pipeline, promptResponse, body: () => this.encode(value) });
  }

  /** The body of a message; undefined while it needs a session key that has not come. */
  private encode(value: PSValue | undefined): string | undefined {
    // A null is an empty body in both directions; `<Nil />` ends the server's transport.
    if (value === undefined || value === null) return '';
    const { sessionKey } = this;
    let secrets = 0;
    const body = encode(value, (secret) => {
      secrets++;
      return sessionKey === undefined ? '' : sealText(secret.reveal(), sessionKey);
    });
    if (secrets === 0 || sessionKey !== undefined) return body;
    this.needKey();
    return undefined;
  }

  private decode(message: Message): PSValue {
    try {
      return decode(message.body, this.openSecret, this.noticeSecret);
    } catch (error) {
      if (!(error instanceof ClixmlError)) throw error;
      throw new ProtocolError(`A message of type 0x${message.type.toString(16)} cannot be read: ${error.message}.`, { quoted: error.excerpt, cause: error });
    }
  }

  private readonly openSecret = (base64: string): string => {
    if (this.sessionKey === undefined) throw new ProtocolError('A secure string was opened before the session key was there.');
    return openText(base64, this.sessionKey);
  };

  private readonly noticeSecret = (): void => {
    this.sawSecret = true;
  };
}

function record(name: string, value: PSValue): PSValue {
  return { kind: 'object', typeNames: [], toStringValue: undefined, properties: { [name]: value }, value: undefined };
}

function errorOf(value: PSValue): ReturnType<typeof readErrorRecord> | undefined {
  const error = property(value, 'ExceptionAsErrorRecord');
  return error === undefined || error === null ? undefined : readErrorRecord(error);
}
