import { badToken } from '../error.ts';

/** One element of a DER encoding (X.690): its identifier octet and its contents. */
export interface DerElement {
  /** The identifier octet, class and constructed bit included; tag numbers above 30 are refused. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole element, identifier and length included. */
  readonly whole: Uint8Array;
}

/**
 * Goes through the elements of one level, one after the other. Only definite lengths of at most four octets are
 * read, and nothing recurses: a hostile encoding costs its own length and no more.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  /** @param what names the structure in errors */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The identifier octet of the next element; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next element. @throws AuthError where there is none, or where it goes beyond the end */
  next(): DerElement {
    const start = this.#at;
    const tag = this.#octet();
    if ((tag & 0x1f) === 0x1f) throw this.#broken();
    const length = this.#length();
    const from = this.#at;
    if (length > this.#bytes.length - from) throw this.#broken();
    this.#at = from + length;
    return { tag, content: this.#bytes.subarray(from, this.#at), whole: this.#bytes.subarray(start, this.#at) };
  }

  /** The next element's contents, which has to have this identifier octet. @throws AuthError */
  expect(tag: number): Uint8Array {
    const element = this.next();
    if (element.tag !== tag) throw this.#broken();
    return element.content;
  }

  /** The contents of the next element where it has this identifier octet; else nothing is read. @throws AuthError */
  optional(tag: number): Uint8Array | undefined {
    return this.peek() === tag ? this.next().content : undefined;
  }

  /** A reader of the next element's contents, which has to have this identifier octet. @throws AuthError */
  enter(tag: number): DerReader {
    return new DerReader(this.expect(tag), this.#what);
  }

  /** @throws AuthError where something is left */
  end(): void {
    if (!this.atEnd) throw this.#broken();
  }

  #octet(): number {
    const octet = this.#bytes[this.#at];
    if (octet === undefined) throw this.#broken();
    this.#at += 1;
    return octet;
  }

  #length(): number {
    const first = this.#octet();
    if (first < 0x80) return first;
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) throw this.#broken();
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + this.#octet();
    return length;
  }

  #broken(): Error {
    return badToken(`${this.#what} is not valid DER.`);
  }
}
