import { fragmentHeader } from '../psrp/fragment.ts';
import { newGuid } from '../psrp/guid.ts';
import type { EnvelopeSettings } from './envelope.ts';
import { send, startCommand } from './envelope.ts';

/** MaxEnvelopeSizekb of servers before protocol 2.2, and from it on, in bytes (MS-WSMV 3.1.4.1.21, MS-PSRP 3.1.5.1.2). */
export const envelopeSize = { old: 153_600, current: 512_000 } as const;

/** Room for headers that a server counts and that are not ours. */
const reserve = 256;

/**
 * The most bytes of fragments, their headers included, that fit into one request of a server that takes envelopes of
 * `maxEnvelope` bytes: base64 makes four of three, and the rest of the envelope is there as well.
 */
export function fragmentRoom(settings: EnvelopeSettings, maxEnvelope: number): number {
  const nothing = new Uint8Array(0);
  const id = newGuid();
  const selectors = [{ name: 'ShellId', value: id }];
  const skeleton = Math.max(
    Buffer.byteLength(send(settings, selectors, 'stdin', id, nothing).xml),
    Buffer.byteLength(startCommand(settings, selectors, id, nothing).xml),
  );
  return Math.floor(((maxEnvelope - skeleton - reserve) * 3) / 4);
}

/** The same without the header of a single fragment. */
export function payloadSize(settings: EnvelopeSettings, maxEnvelope: number): number {
  return fragmentRoom(settings, maxEnvelope) - fragmentHeader;
}
