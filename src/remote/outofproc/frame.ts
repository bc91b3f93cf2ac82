import { ProtocolError } from '../psrp/error.ts';

/** The elements of the line framing (`-s` mode): one to a line, `Data` with base64, the others empty. */
export type FrameKind = 'Data' | 'DataAck' | 'Command' | 'CommandAck' | 'Close' | 'CloseAck' | 'Signal' | 'SignalAck';

export interface Frame {
  readonly kind: FrameKind;
  /** Lower case. */
  readonly guid: string;
  readonly promptResponse: boolean;
  /** Only for Data; empty otherwise. */
  readonly data: Uint8Array;
}

/** The longest line that is read, in bytes: servers cut at 32 KiB of data, which is 44 KiB of base64. */
const maxLine = 32 * 2 ** 20;
/** How much text before the first element is endured (banners, profiles that print), in bytes. */
const maxNoise = 1 * 2 ** 20;
/** How much of it is kept for the error message, in characters. */
const keptNoise = 2000;

const nothing = new Uint8Array(0);
const lineFeed = 10;
const firstElement = /<(?:Data|DataAck|Command|CommandAck|Close|CloseAck|Signal|SignalAck) (?:Stream|PSGuid)=/;
const emptyElement = /^<(DataAck|Command|CommandAck|Close|CloseAck|Signal|SignalAck) PSGuid=(['"])([0-9a-fA-F-]{36})\2 ?\/>$/;
const dataStart = /^<Data Stream=(['"])(Default|PromptResponse)\1 PSGuid=(['"])([0-9a-fA-F-]{36})\3>/;
/** The longest opening of a Data line. */
const headSize = 100;
const dataEnd = '</Data>';
const dataEndBytes = Buffer.from(dataEnd, 'latin1');
/** The opening of the last Data line, and what it says. */
let lastHead = Buffer.alloc(0);
let lastGuid = '';
let lastPromptResponse = false;

/** Writes a Data line. */
export function dataLine(guid: string, promptResponse: boolean, bytes: Uint8Array): Uint8Array {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return Buffer.from(`<Data Stream='${promptResponse ? 'PromptResponse' : 'Default'}' PSGuid='${guid}'>${data}</Data>\n`, 'latin1');
}

/** Writes the line of an element without content. */
export function elementLine(kind: Exclude<FrameKind, 'Data'>, guid: string): Uint8Array {
  return Buffer.from(`<${kind} PSGuid='${guid}' />\n`, 'latin1');
}

/**
 * Reads frames out of a byte stream. What comes before the first element (a banner, a byte order mark, a profile that
 * prints) is skipped and kept for error messages; after it, anything that is not an element is an error.
 */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  private started = false;
  private noiseSize = 0;
  /** What came before the first element, the beginning of it. */
  noise = '';

  /** True once an element has come. */
  get sawElement(): boolean {
    return this.started;
  }

  /** What has come of a line that has no end yet, the beginning of it. */
  get rest(): string {
    return (this.chunks[0] ?? Buffer.alloc(0)).toString('utf8', 0, keptNoise);
  }

  /** Takes bytes and calls `deliver` for each frame that they complete. @throws ProtocolError */
  receive(bytes: Uint8Array, deliver: (frame: Frame) => void): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(lineFeed, from);
      if (to < 0) break;
      const piece = chunk.subarray(from, to);
      from = to + 1;
      if (this.chunks.length === 0) {
        this.line(piece, deliver);
      } else {
        const line = Buffer.concat([...this.chunks, piece]);
        this.chunks = [];
        this.size = 0;
        this.line(line, deliver);
      }
    }
    if (from >= chunk.length) return;
    this.chunks.push(chunk.subarray(from));
    this.size += chunk.length - from;
    const limit = this.started ? maxLine : maxNoise;
    if (this.size > limit) throw new ProtocolError(`A line of more than ${limit} bytes came.`, { reason: 'limit-exceeded', quoted: this.noise + this.rest });
  }

  private line(line: Buffer, deliver: (frame: Frame) => void): void {
    let end = line.length;
    while (end > 0 && isSpace(line[end - 1])) end--;
    if (!this.started) {
      const found = firstElement.exec(line.toString('latin1', 0, end));
      const frame = found === null ? undefined : readFrame(line, found.index, end);
      this.keep(line.subarray(0, frame === undefined ? line.length : (found?.index ?? 0)), frame === undefined);
      if (frame === undefined) return;
      this.started = true;
      deliver(frame);
      return;
    }
    if (end === 0) return;
    const frame = readFrame(line, 0, end);
    if (frame === undefined) throw new ProtocolError('A line came that is not part of the protocol.', { quoted: line.toString('utf8', 0, keptNoise) });
    deliver(frame);
  }

  private keep(bytes: Buffer, wholeLine: boolean): void {
    this.noiseSize += bytes.length + 1;
    if (this.noise.length < keptNoise) this.noise += bytes.toString('utf8', 0, keptNoise) + (wholeLine ? '\n' : '');
    if (this.noiseSize > maxNoise) throw new ProtocolError('Much text came, but not the protocol.', { reason: 'limit-exceeded', quoted: this.noise });
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 13 || byte === 32 || byte === 9;
}

/** Reads one element from a line; undefined where it is none. */
function readFrame(line: Buffer, from: number, to: number): Frame | undefined {
  // Almost every line begins like the one before.
  if (lastHead.length > 0 && line.compare(lastHead, 0, lastHead.length, from, Math.min(to, from + lastHead.length)) === 0) {
    return readData(line, from + lastHead.length, to, lastGuid, lastPromptResponse);
  }
  const head = line.toString('latin1', from, Math.min(to, from + headSize));
  const data = dataStart.exec(head);
  if (data !== null) {
    lastHead = Buffer.from(data[0], 'latin1');
    lastGuid = (data[4] ?? '').toLowerCase();
    lastPromptResponse = data[2] === 'PromptResponse';
    return readData(line, from + lastHead.length, to, lastGuid, lastPromptResponse);
  }
  if (to - from > headSize) return undefined;
  const empty = emptyElement.exec(head);
  if (empty === null) return undefined;
  return { kind: empty[1] as FrameKind, guid: (empty[3] ?? '').toLowerCase(), promptResponse: false, data: nothing };
}

/** Reads the rest of a Data line, from its base64 on. */
function readData(line: Buffer, start: number, to: number, guid: string, promptResponse: boolean): Frame | undefined {
  const end = to - dataEnd.length;
  if (end < start || line.compare(dataEndBytes, 0, dataEndBytes.length, end, to) !== 0) return undefined;
  const data = decodeBase64(line, start, end);
  return data === undefined ? undefined : { kind: 'Data', guid, promptResponse, data };
}

/** Decodes base64 strictly: Node's own decoder skips what it does not know, which would hide a broken line. */
function decodeBase64(line: Buffer, start: number, end: number): Uint8Array | undefined {
  const length = end - start;
  if (length % 4 !== 0) return undefined;
  const padding = length > 0 && line[end - 1] === 61 ? (line[end - 2] === 61 ? 2 : 1) : 0;
  const bytes = Buffer.from(line.toString('latin1', start, end), 'base64');
  return bytes.length === (length / 4) * 3 - padding ? bytes : undefined;
}
