import { ProtocolError } from './error.ts';
import { readGuid, writeGuid, zeroGuid } from './guid.ts';

/** Message types (MS-PSRP 2.2.1). */
export const MessageType = {
  sessionCapability: 0x00010002,
  initRunspacePool: 0x00010004,
  publicKey: 0x00010005,
  encryptedSessionKey: 0x00010006,
  publicKeyRequest: 0x00010007,
  connectRunspacePool: 0x00010008,
  runspacePoolInitData: 0x0002100b,
  resetRunspaceState: 0x0002100c,
  setMaxRunspaces: 0x00021002,
  setMinRunspaces: 0x00021003,
  runspaceAvailability: 0x00021004,
  runspacePoolState: 0x00021005,
  createPipeline: 0x00021006,
  getAvailableRunspaces: 0x00021007,
  userEvent: 0x00021008,
  applicationPrivateData: 0x00021009,
  getCommandMetadata: 0x0002100a,
  runspacePoolHostCall: 0x00021100,
  runspacePoolHostResponse: 0x00021101,
  pipelineInput: 0x00041002,
  endOfPipelineInput: 0x00041003,
  pipelineOutput: 0x00041004,
  errorRecord: 0x00041005,
  pipelineState: 0x00041006,
  debugRecord: 0x00041007,
  verboseRecord: 0x00041008,
  warningRecord: 0x00041009,
  progressRecord: 0x00041010,
  informationRecord: 0x00041011,
  pipelineHostCall: 0x00041100,
  pipelineHostResponse: 0x00041101,
} as const;

/** One PSRP message. `body` is CLIXML or empty. */
export interface Message {
  readonly type: number;
  readonly pool: string;
  /** The pipeline; the zero GUID for messages of the pool. */
  readonly pipeline: string;
  readonly body: string;
}

/** Whose inbox a message is for (MS-PSRP 2.2.1 Destination). */
export const Destination = { client: 1, server: 2 } as const;

const headerSize = 40;

/** Writes a message with its 40-byte header; the body carries no byte order mark. */
export function encodeMessage(message: Message, destination: number): Uint8Array {
  const bodySize = Buffer.byteLength(message.body, 'utf8');
  const bytes = Buffer.allocUnsafe(headerSize + bodySize);
  bytes.writeUInt32LE(destination, 0);
  bytes.writeUInt32LE(message.type, 4);
  writeGuid(message.pool, bytes, 8);
  writeGuid(message.pipeline, bytes, 24);
  bytes.write(message.body, headerSize, 'utf8');
  return bytes;
}

/** Reads a message; servers put a byte order mark before the body. */
export function decodeMessage(bytes: Uint8Array, destination: number): Message {
  if (bytes.length < headerSize) throw new ProtocolError(`A message of ${bytes.length} bytes is shorter than its header.`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = buffer.readUInt32LE(0);
  if (to !== destination) throw new ProtocolError(`A message came for destination ${to} instead of ${destination}.`);
  const mark = bytes.length >= headerSize + 3 && bytes[40] === 0xef && bytes[41] === 0xbb && bytes[42] === 0xbf ? 3 : 0;
  return {
    type: buffer.readUInt32LE(4),
    pool: readGuid(bytes, 8),
    pipeline: readGuid(bytes, 24),
    body: buffer.toString('utf8', headerSize + mark),
  };
}

/** True where a message belongs to the pool, not to a pipeline. */
export function isPoolMessage(message: Message): boolean {
  return message.pipeline === zeroGuid;
}
