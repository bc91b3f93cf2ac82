/** The last bytes kept, for error messages. */
const limit = 4096;

/** The end of a text stream, bounded. */
export class TextTail {
  private bytes = Buffer.alloc(0);

  add(chunk: Uint8Array): void {
    const joined = Buffer.concat([this.bytes, chunk.subarray(Math.max(0, chunk.length - limit))]);
    this.bytes = joined.subarray(Math.max(0, joined.length - limit));
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }
}
