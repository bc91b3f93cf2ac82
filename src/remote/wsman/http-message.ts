import { ProtocolError } from '../psrp/error.ts';

/** One HTTP answer (RFC 9112). */
export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  /** Values by name in lower case, one entry a header line. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
  /** False where the server closes the connection after it. */
  readonly keepsAlive: boolean;
}

/** What bounds an answer, in bytes: its head, its body. */
export interface HttpLimits {
  readonly head: number;
  readonly body: number;
}

export const httpLimits: HttpLimits = { head: 64 * 1024, body: 32 * 2 ** 20 };

const mostHeaders = 200;
const lineEnd = Buffer.from('\r\n');
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

/** Writes a POST. Header values must not hold line breaks. */
export function writePost(path: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`The header ${name} holds a line break.`);
    return `${name}: ${value}\r\n`;
  });
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}Content-Length: ${body.length}\r\n\r\n`, 'latin1'), body]);
}

/**
 * Reads one answer out of the bytes of a connection, whatever their borders. Lengths come by Content-Length, by chunks,
 * or by the end of the connection; interim answers are skipped.
 */
export class ResponseReader {
  private readonly limits: HttpLimits;
  /** A CONNECT's answer has no body. */
  private readonly headOnly: boolean;
  private waiting: Buffer = Buffer.alloc(0);
  private head: Omit<HttpResponse, 'body'> | undefined;
  private mode: 'length' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'to-end' = 'length';
  private left = 0;
  private size = 0;
  private trailerSize = 0;
  private readonly parts: Buffer[] = [];
  private done: HttpResponse | undefined;

  constructor(limits: HttpLimits = httpLimits, headOnly = false) {
    this.limits = limits;
    this.headOnly = headOnly;
  }

  /** True once a byte of the answer came. */
  get began(): boolean {
    return this.waiting.length > 0 || this.head !== undefined;
  }

  /** The beginning of what came, for error messages. */
  get start(): string {
    return this.head === undefined ? this.waiting.toString('latin1', 0, 500) : `HTTP ${this.head.status} ${this.head.reason}`;
  }

  /** Takes bytes; the answer once it is complete. Bytes after it are an error. @throws ProtocolError */
  receive(bytes: Uint8Array): HttpResponse | undefined {
    if (this.done !== undefined) throw new ProtocolError('The server sent bytes after its answer.');
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let rest = this.waiting.length === 0 ? piece : Buffer.concat([this.waiting, piece]);
    this.waiting = Buffer.alloc(0);
    while (!this.isDone()) {
      const next = this.head === undefined ? this.takeHead(rest) : this.takeBody(rest);
      if (next === undefined) break;
      rest = next;
    }
    const done = this.answer();
    if (done === undefined) this.waiting = rest;
    else if (rest.length > 0) throw new ProtocolError('The server sent bytes after its answer.', { quoted: rest.toString('latin1', 0, 200) });
    return done;
  }

  /** The connection has ended: that completes an answer without a length, and cuts any other one off. */
  end(): HttpResponse | undefined {
    if (this.mode === 'to-end' && this.head !== undefined && this.done === undefined) this.finish();
    return this.done;
  }

  private answer(): HttpResponse | undefined {
    return this.done;
  }

  private isDone(): boolean {
    return this.answer() !== undefined;
  }

  private takeHead(bytes: Buffer): Buffer | undefined {
    const end = bytes.indexOf('\r\n\r\n');
    if (end > this.limits.head || (end < 0 && bytes.length > this.limits.head)) {
      throw new ProtocolError(`An answer with a head of more than ${this.limits.head} bytes came.`, { reason: 'limit-exceeded' });
    }
    if (end < 0) {
      if (bytes.length >= 5 && bytes.toString('latin1', 0, 5) !== 'HTTP/') throw new ProtocolError('What answers there does not speak HTTP.', { quoted: bytes.toString('latin1', 0, 200) });
      return undefined;
    }
    const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
    const status = statusLine.exec(first);
    if (status === null) throw new ProtocolError('What answers there does not speak HTTP/1.1.', { quoted: first.slice(0, 200) });
    const headers = readHeaders(lines);
    const rest = bytes.subarray(end + 4);
    const code = Number(status[2]);
    if (code < 200) return rest;
    const connection = (headers.get('connection') ?? []).join(',').toLowerCase();
    this.head = { status: code, reason: status[3] ?? '', headers, keepsAlive: status[1] === '1' ? !/\bclose\b/.test(connection) : /\bkeep-alive\b/.test(connection) };
    this.chooseMode(code, headers);
    return rest;
  }

  private chooseMode(status: number, headers: ReadonlyMap<string, readonly string[]>): void {
    const coding = headers.get('transfer-encoding');
    const encoding = headers.get('content-encoding')?.join(',').toLowerCase() ?? 'identity';
    if (encoding !== 'identity' && encoding !== '') throw new ProtocolError('The server compressed its answer although it was asked not to.', { quoted: encoding });
    const lengths = new Set(headers.get('content-length') ?? []);
    if ((this.headOnly && status < 300) || status === 204 || status === 304) {
      this.finish();
    } else if (coding !== undefined) {
      if (coding.join(',').trim().toLowerCase() !== 'chunked') throw new ProtocolError('The answer\'s transfer coding is unknown.', { quoted: coding.join(',') });
      this.mode = 'chunk-size';
    } else if (lengths.size > 0) {
      const [length = ''] = lengths;
      if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) throw new ProtocolError('The answer\'s length is not a number.', { quoted: [...lengths].join(',') });
      this.left = Number(length);
      this.grow(this.left);
      if (this.left === 0) this.finish();
    } else {
      this.mode = 'to-end';
      if (this.head !== undefined) this.head = { ...this.head, keepsAlive: false };
    }
  }

  /** What is left after one step; undefined where more bytes are needed. */
  private takeBody(bytes: Buffer): Buffer | undefined {
    switch (this.mode) {
      case 'length': case 'chunk': {
        if (bytes.length === 0) return undefined;
        const taken = bytes.subarray(0, this.left);
        this.parts.push(taken);
        this.left -= taken.length;
        if (this.left === 0) {
          if (this.mode === 'length') this.finish();
          else this.mode = 'chunk-end';
        }
        return bytes.subarray(taken.length);
      }
      case 'to-end':
        if (bytes.length === 0) return undefined;
        this.grow(bytes.length);
        this.parts.push(bytes);
        return bytes.subarray(bytes.length);
      case 'chunk-end':
        if (bytes.length < 2) return undefined;
        if (bytes.compare(lineEnd, 0, 2, 0, 2) !== 0) throw new ProtocolError('A chunk of the answer is longer than it said.');
        this.mode = 'chunk-size';
        return bytes.subarray(2);
      case 'chunk-size': {
        const line = this.line(bytes);
        if (line === undefined) return undefined;
        const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(line.text);
        if (size === null) throw new ProtocolError('A chunk of the answer has no size.', { quoted: line.text });
        this.left = Number.parseInt(size[1] ?? '', 16);
        this.grow(this.left);
        this.mode = this.left === 0 ? 'trailers' : 'chunk';
        return line.rest;
      }
      case 'trailers': {
        const line = this.line(bytes);
        if (line === undefined) return undefined;
        this.trailerSize += line.text.length + 2;
        if (this.trailerSize > this.limits.head) throw new ProtocolError('An answer with an endless trailer came.', { reason: 'limit-exceeded' });
        if (line.text === '') this.finish();
        return line.rest;
      }
    }
  }

  private line(bytes: Buffer): { text: string; rest: Buffer } | undefined {
    const end = bytes.indexOf(lineEnd);
    if (end > 4096 || (end < 0 && bytes.length > 4096)) throw new ProtocolError('A line of the answer is too long.', { reason: 'limit-exceeded' });
    return end < 0 ? undefined : { text: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 2) };
  }

  private grow(by: number): void {
    this.size += by;
    if (this.size > this.limits.body) throw new ProtocolError(`An answer of more than ${this.limits.body} bytes came.`, { reason: 'limit-exceeded' });
  }

  private finish(): void {
    if (this.head !== undefined) this.done = { ...this.head, body: Buffer.concat(this.parts) };
  }
}

function readHeaders(lines: readonly string[]): Map<string, string[]> {
  if (lines.length > mostHeaders) throw new ProtocolError(`An answer with more than ${mostHeaders} headers came.`, { reason: 'limit-exceeded' });
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const found = headerLine.exec(line);
    if (found === null) throw new ProtocolError('The answer has a header that is none.', { quoted: line.slice(0, 200) });
    const name = (found[1] ?? '').toLowerCase();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [found[2] ?? '']);
    else values.push(found[2] ?? '');
  }
  return headers;
}
