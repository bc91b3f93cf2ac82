/** Most commands that are kept. */
const limit = 1000;

/** Commands of one prompt, in memory only, with a place in them that the arrow keys move. */
export class History {
  readonly #entries: string[] = [];
  #at = 0;
  #draft = '';

  /** Commands, oldest first. */
  get entries(): readonly string[] { return this.#entries; }

  /** Keeps a command and goes back to the end; one that repeats the last one is kept once. */
  add(text: string): void {
    if (text.trim() !== '' && text !== this.#entries.at(-1)) this.#entries.push(text);
    if (this.#entries.length > limit) this.#entries.shift();
    this.reset();
  }

  /** Goes back to the end: what is typed next is new. */
  reset(): void {
    this.#at = this.#entries.length;
    this.#draft = '';
  }

  /** The command before the present one; `text`: what stands in the line now. Undefined at the oldest. */
  older(text: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#entries.length) this.#draft = text;
    this.#at--;
    return this.#entries[this.#at];
  }

  /** The command after the present one; after the newest what had been typed. Undefined at the end. */
  newer(): string | undefined {
    if (this.#at >= this.#entries.length) return undefined;
    this.#at++;
    return this.#entries[this.#at] ?? this.#draft;
  }
}
