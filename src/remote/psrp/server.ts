import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import type { PSValue } from '../../session.ts';
import { decode } from '../clixml/decode.ts';
import { encode } from '../clixml/encode.ts';
import { psObject, property, textOf } from '../clixml/values.ts';
import { openText, sealText } from './crypto.ts';
import { ProtocolError } from './error.ts';
import { PoolState } from './events.ts';
import { Defragmenter } from './fragment.ts';
import { sessionCapability } from './handshake.ts';
import type { Message } from './message.ts';
import { decodeMessage, Destination, MessageType } from './message.ts';
import { zeroGuid } from './guid.ts';
import type { Outgoing } from './outbox.ts';
import { Outbox } from './outbox.ts';

/** A message that a client sent, its body read. */
export interface ReceivedMessage {
  readonly type: number;
  /** The zero GUID for messages of the pool. */
  readonly pipeline: string;
  readonly value: PSValue;
}

/**
 * The server's side of MS-PSRP, as far as tests need it: it negotiates, opens, exchanges the session key, and hands on
 * every message. What it answers to pipelines is up to the test.
 */
export class PsrpServer {
  private readonly outbox = new Outbox(Destination.client);
  private readonly fragments = new Map<string, Defragmenter>();
  private readonly received: ReceivedMessage[] = [];
  private sessionKey: Buffer | undefined;
  private poolId = zeroGuid;
  private readonly privateData: PSValue;

  /** @param privateData what APPLICATION_PRIVATE_DATA tells (MS-PSRP 2.2.2.13) */
  constructor(privateData: PSValue = null) {
    this.privateData = privateData;
  }

  receive(bytes: Uint8Array, pipeline: string): void {
    let fragments = this.fragments.get(pipeline);
    if (fragments === undefined) this.fragments.set(pipeline, (fragments = new Defragmenter(64 * 2 ** 20)));
    fragments.receive(bytes, (message) => {
      this.message(decodeMessage(message, Destination.server));
    });
  }

  /** The next message that the test has to answer. */
  next(): ReceivedMessage | undefined {
    return this.received.shift();
  }

  /** Queues a message; undefined is an empty body. */
  send(type: number, pipeline: string, value: PSValue | undefined): void {
    this.sendBody(type, pipeline, value === undefined ? '' : encode(value, (secret) => sealText(secret.reveal(), this.key())));
  }

  /** Queues a message whose body need not be CLIXML. */
  sendBody(type: number, pipeline: string, body: string): void {
    const target = pipeline === zeroGuid ? undefined : pipeline;
    // Real servers begin a body with a byte order mark.
    this.outbox.add({ type, pool: this.poolId, pipeline: target, promptResponse: false, body: () => (body === '' ? '' : `\ufeff${body}`) });
  }

  /** Reports a pipeline's state. */
  sendState(pipeline: string, state: number, error?: PSValue): void {
    this.send(MessageType.pipelineState, pipeline, psObject([], error === undefined ? { PipelineState: state } : { PipelineState: state, ExceptionAsErrorRecord: error }));
  }

  dataToSend(room: number): Outgoing | undefined {
    return this.outbox.take(room);
  }

  private message(message: Message): void {
    const value = message.body === '' ? null : decode(message.body, (base64) => openText(base64, this.key()));
    switch (message.type) {
      case MessageType.sessionCapability:
        this.poolId = message.pool;
        this.send(MessageType.sessionCapability, zeroGuid, sessionCapability());
        break;
      case MessageType.initRunspacePool:
        this.send(MessageType.applicationPrivateData, zeroGuid, psObject([], { ApplicationPrivateData: this.privateData }));
        this.send(MessageType.runspacePoolState, zeroGuid, psObject([], { RunspaceState: PoolState.opened }));
        break;
      case MessageType.publicKey: this.exchange(textOf(property(value, 'PublicKey')) ?? ''); break;
      default: this.received.push({ type: message.type, pipeline: message.pipeline, value });
    }
  }

  /** The key that secure strings are sealed with; a server makes one without being asked. */
  private key(): Buffer {
    this.sessionKey ??= randomBytes(32);
    return this.sessionKey;
  }

  private exchange(publicBlob: string): void {
    const blob = Buffer.from(publicBlob, 'base64');
    if (blob.length !== 276 || blob.toString('latin1', 8, 12) !== 'RSA1') throw new ProtocolError('Not a public key.');
    const bigEndian = (from: number, to: number): string => Buffer.from(blob.subarray(from, to)).reverse().toString('base64url');
    const key = createPublicKey({ key: { kty: 'RSA', e: bigEndian(16, 20), n: bigEndian(20, 276) }, format: 'jwk' });
    const wrapped = Buffer.from(publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, this.key())).reverse();
    const header = Buffer.from('010200001066000000a40000', 'hex');
    this.send(MessageType.encryptedSessionKey, zeroGuid, psObject([], { EncryptedSessionKey: Buffer.concat([header, wrapped]).toString('base64') }));
  }
}
