/** Cuts one direction of an HTTP/1.1 connection into whole messages, by Content-Length or by chunks. Header and body stay as they came. */
export class HttpSplitter {
  #pending = Buffer.alloc(0);

  /** The messages that are whole by now. */
  receive(chunk: Buffer): Buffer[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const whole: Buffer[] = [];
    for (let length = lengthOf(this.#pending); length !== undefined && length <= this.#pending.length; length = lengthOf(this.#pending)) {
      whole.push(this.#pending.subarray(0, length));
      this.#pending = this.#pending.subarray(length);
    }
    return whole;
  }
}

/** Bytes of the first message; undefined while that cannot be told. */
function lengthOf(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const header = bytes.toString('latin1', 0, end + 2);
  const body = end + 4;
  if (!/^transfer-encoding:[^\r]*\bchunked\b/im.test(header)) return body + Number(/^content-length:\s*(\d+)/im.exec(header)?.[1] ?? 0);
  for (let at = body; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    at = line + 2 + size + 2;
    if (size === 0) return at;
    if (at > bytes.length) return undefined;
  }
}
