const styles = /\u001b\[[0-9;]*m/g;

/** What a server's terminal showed, as plain lines, the latest ones up to a limit. */
export class Transcript {
  readonly #limit: number;
  readonly #changed: () => void;
  #lines: string[] = [];
  #last = '';
  #dropped = 0;

  /** `limit` in lines; `changed` is called after every append. */
  constructor(limit: number, changed: () => void) {
    this.#limit = limit;
    this.#changed = changed;
  }

  /** Adds text; SGR styles are taken out. */
  append(text: string): void {
    const parts = `${this.#last}${text.replace(styles, '')}`.split('\n');
    this.#last = parts.pop() ?? '';
    for (const part of parts) this.#lines.push(part);
    // Trimmed in blocks: cutting the head of an array line by line is quadratic.
    if (this.#lines.length > this.#limit * 1.25) {
      const extra = this.#lines.length - this.#limit;
      this.#dropped += extra;
      this.#lines = this.#lines.slice(extra);
    }
    this.#changed();
  }

  /** Everything kept; says on the first line how much was dropped. */
  text(): string {
    const head = this.#dropped === 0 ? [] : [`(${this.#dropped} earlier lines were dropped)`];
    return [...head, ...this.#lines, this.#last].join('\n');
  }
}
