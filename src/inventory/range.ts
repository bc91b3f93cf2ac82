/** A place in the text: 0-based, in UTF-16 units, as editors count. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  /** A byte order mark at the start of the file has no column. */
  readonly column: number;
}

/** `end` is the first place after it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Turns offsets into positions. Lines end with LF, CR LF or CR. */
export class LineIndex {
  readonly #starts: number[];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    this.#starts = [text.startsWith('\ufeff') ? 1 : 0];
    for (const ending of text.matchAll(/\r\n?|\n/g)) this.#starts.push(ending.index + ending[0].length);
  }

  position(offset: number): Position {
    const at = Math.min(Math.max(offset, 0), this.#length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { offset: at, line: low, column: Math.max(0, at - (this.#starts[low] ?? 0)) };
  }

  range(start: number, end: number): Range {
    return { start: this.position(start), end: this.position(Math.max(start, end)) };
  }
}
