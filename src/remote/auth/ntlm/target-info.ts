import { badToken } from '../error.ts';
import { AvId, avValue, readAvPairs, withAvPair, writeAvPairs } from './av-pairs.ts';
import { unicode } from './hash.ts';
import { md5 } from './md5.ts';

/** MsvAvFlags: the message carries a MIC (MS-NLMP 2.2.2.1). */
const micPresent = 0x2;

/** The target information that goes back to the server. */
export interface TargetInfoAnswer {
  /** AV pairs with their terminator. */
  readonly answer: Buffer;
  /** The server's clock as a FILETIME, where it told: then a MIC is due and LMv2 is left out. */
  readonly timestamp: bigint | undefined;
}

/**
 * The client's AV pairs for a challenge (MS-NLMP 3.1.5.1.2): the server's own, with the MIC announced where the server
 * told its time, whom the answer is meant for, and which TLS connection it belongs to.
 * @throws AuthError where the server's pairs break the format
 */
export function answerTargetInfo(targetInfo: Uint8Array, options: { targetName: string | undefined; channelBinding: Uint8Array | undefined }): TargetInfoAnswer {
  let pairs = readAvPairs(targetInfo);
  const time = avValue(pairs, AvId.timestamp);
  if (time !== undefined && time.length !== 8) throw badToken('The NTLM challenge states its time in the wrong size.');
  if (time !== undefined) {
    const stated = avValue(pairs, AvId.flags);
    if (stated !== undefined && stated.length !== 4) throw badToken('The NTLM challenge states its flags in the wrong size.');
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE(((stated === undefined ? 0 : Buffer.from(stated).readUInt32LE(0)) | micPresent) >>> 0);
    pairs = withAvPair(pairs, AvId.flags, flags);
  }
  if (options.targetName !== undefined) pairs = withAvPair(pairs, AvId.targetName, unicode(options.targetName));
  if (options.channelBinding !== undefined) pairs = withAvPair(pairs, AvId.channelBindings, channelBindingHash(options.channelBinding));
  return { answer: writeAvPairs(pairs), timestamp: time === undefined ? undefined : Buffer.from(time).readBigUInt64LE(0) };
}

/**
 * MD5 of the gss_channel_bindings_struct (RFC 2744, 3.11) as MS-NLMP 2.2.2.1 wants it: no addresses, then the
 * application data, each with its 32-bit little-endian type or length.
 */
export function channelBindingHash(applicationData: Uint8Array): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(applicationData.length, 16);
  return md5(head, applicationData);
}
