import { limits, type PageRow, type Reply } from '../../src/events/protocol.ts';

/** Rows of one request. */
const { block } = limits;
/** Blocks that are kept: what was in sight lately. */
const most = 60;

/** Rows by their place in the view. A new view forgets them, but shows the old ones until the new ones are there. */
export class RowCache {
  readonly #fetch: (from: number, count: number, next: boolean) => Promise<Reply<'rows'>>;
  readonly #arrived: () => void;
  #view = 0;
  #blocks = new Map<number, readonly PageRow[]>();
  #old = new Map<number, readonly PageRow[]>();
  readonly #asked = new Map<number, number>();
  /** The block that was asked for together with the next view. */
  #ahead: number | undefined;

  constructor(fetch: (from: number, count: number, next: boolean) => Promise<Reply<'rows'>>, arrived: () => void) {
    this.#fetch = fetch;
    this.#arrived = arrived;
  }

  /** Another view: what was fetched may stand elsewhere now. */
  renew(view: number, keepOld: boolean): void {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (view === this.#view) return;
    this.#view = view;
    if (!keepOld) this.#old.clear();
    else if (this.#blocks.size > 0) this.#old = this.#blocks;
    this.#blocks = new Map();
    this.#asked.clear();
    if (ahead !== undefined) this.#asked.set(ahead, view);
  }

  /** Asks for the rows around a place in the view that was just asked for, so that they come with it. */
  ahead(index: number): void {
    this.#ahead = Math.floor(index / block);
    void this.#load(this.#ahead, true);
  }

  /** Rows that came with something else; `from` begins a block. */
  put(view: number, from: number, rows: readonly PageRow[]): void {
    if (view !== this.#view || rows.length === 0) return;
    for (let at = 0; at < rows.length; at += block) this.#set((from + at) / block, rows.slice(at, at + block));
    this.#arrived();
  }

  /** The row, where it is known. */
  get(index: number): PageRow | undefined {
    const number = Math.floor(index / block);
    return (this.#blocks.get(number) ?? this.#old.get(number))?.[index % block];
  }

  /** The row of this very view, where it is known. */
  fresh(index: number): PageRow | undefined {
    return this.#blocks.get(Math.floor(index / block))?.[index % block];
  }

  /** Whether one of the rows at hand is such a row. */
  some(fits: (row: PageRow) => boolean): boolean {
    return [...this.#blocks.values()].some((rows) => rows.some(fits));
  }

  /** Sees to it that these rows come. */
  need(from: number, to: number): void {
    for (let number = Math.floor(from / block); number * block < to; number++) {
      const blockRows = this.#blocks.get(number);
      if (blockRows !== undefined) {
        // Used lately: last to go.
        this.#blocks.delete(number);
        this.#blocks.set(number, blockRows);
      } else if (this.#asked.get(number) !== this.#view) void this.#load(number);
    }
  }

  /** The row, fetched where it is not known; undefined where there is none. */
  async fetch(index: number): Promise<PageRow | undefined> {
    const number = Math.floor(index / block);
    if (this.#blocks.get(number)?.[index % block] === undefined) await this.#load(number);
    return this.get(index);
  }

  async #load(number: number, next = false): Promise<void> {
    if (!next) this.#asked.set(number, this.#view);
    let came = false;
    try {
      const reply = await this.#fetch(number * block, block, next);
      came = reply.view === this.#view;
      if (came) this.#set(number, reply.rows);
    } catch {
      // Asked for again when it is next in sight; what is wrong is told by the host's notices.
    }
    if (!came && this.#asked.get(number) === this.#view) this.#asked.delete(number);
    if (came || next) this.#arrived();
  }

  #set(number: number, rows: readonly PageRow[]): void {
    this.#blocks.set(number, rows);
    this.#asked.set(number, this.#view);
    this.#old.delete(number);
    for (const [oldest] of this.#blocks) {
      if (this.#blocks.size <= most) break;
      this.#blocks.delete(oldest);
      this.#asked.delete(oldest);
    }
  }
}
