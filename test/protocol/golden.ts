import { PsrpClient } from '../../src/remote/psrp/client.ts';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { ExchangeKey } from '../../src/remote/psrp/crypto.ts';
import { encodePublicKey } from '../../src/remote/psrp/crypto.ts';
import type { ClientEvent } from '../../src/remote/psrp/events.ts';
import { OutgoingObject } from '../../src/remote/psrp/fragment.ts';
import { zeroGuid } from '../../src/remote/psrp/guid.ts';
import { Destination, encodeMessage } from '../../src/remote/psrp/message.ts';

/** What a real engine sent for one script, message by message. */
export interface Transcript {
  readonly script: string;
  readonly engine: string;
  /** `type` in hexadecimal; `pool`: a message of the pool. */
  /** The client's throw-away private key of that session (PKCS #8, base64), where a session key was exchanged. */
  readonly exchangeKey?: string;
  readonly messages: readonly { readonly pool: boolean; readonly type: string; readonly body: string }[];
}

function keyOf(base64: string): ExchangeKey {
  const privateKey = createPrivateKey({ key: Buffer.from(base64, 'base64'), type: 'pkcs8', format: 'der' });
  return { privateKey, publicBlob: encodePublicKey(createPublicKey(privateKey)) };
}

/** A machine with one pipeline, ready for a transcript's messages. */
export function machine(): { client: PsrpClient; pipeline: string } {
  const client = new PsrpClient({ maxMessage: 8 * 2 ** 20 });
  client.open();
  const pipeline = client.createPipeline({ script: 'recorded', parameters: {}, noInput: true, localScope: true });
  return { client, pipeline };
}

/** The bytes of one recorded message as the server's fragments. */
export function bytesOf(message: Transcript['messages'][number], pipeline: string, objectId: bigint, room = 32 * 1024): Uint8Array {
  const object = new OutgoingObject(objectId, encodeMessage({
    type: Number.parseInt(message.type, 16), pool: zeroGuid, pipeline: message.pool ? zeroGuid : pipeline, body: message.body === '' ? '' : `\ufeff${message.body}`,
  }, Destination.client));
  const parts: Uint8Array[] = [];
  while (!object.done) parts.push(object.next(room) ?? new Uint8Array());
  return Buffer.concat(parts);
}

/** Feeds a whole transcript to a fresh machine and returns its events. */
export function replay(transcript: Transcript): ClientEvent[] {
  const { client, pipeline } = machine();
  const events: ClientEvent[] = [];
  transcript.messages.forEach((message, i) => {
    client.receive(bytesOf(message, pipeline, BigInt(i + 1)), message.pool ? undefined : pipeline);
    for (let event = client.nextEvent(); event !== undefined; event = client.nextEvent()) {
      events.push(event);
      if (event.type === 'key-needed' && transcript.exchangeKey !== undefined) client.exchangeKey(keyOf(transcript.exchangeKey));
    }
  });
  return events;
}
