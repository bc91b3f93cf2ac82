import { limits, type PageRow, type Reply } from '../../src/events/protocol.ts';

const { block } = limits;
/** Blocks that are kept: the latest that came. */
const most = 240;

/** Rows by their place in the view. A new view forgets them, but shows the old ones until the new ones are there. */
export class RowCache {
  readonly #fetch: (from: number, count: number, next: boolean) => Promise<Reply<'rows'>>;
  readonly #arrived: () => void;
  #view = 0;
  #blocks = new Map<number, readonly PageRow[]>();
  #old = new Map<number, readonly PageRow[]>();
  /** Blocks of this view that come or came. */
  #asked = new Set<number>();
  /** Those that were asked for together with the next view. */
  #ahead: readonly number[] = [];

  constructor(fetch: (from: number, count: number, next: boolean) => Promise<Reply<'rows'>>, arrived: () => void) {
    this.#fetch = fetch;
    this.#arrived = arrived;
  }

  /** Another view: what was fetched may stand elsewhere now. */
  renew(view: number, keepOld: boolean): void {
    const ahead = this.#ahead;
    this.#ahead = [];
    if (view === this.#view) return;
    this.#view = view;
    if (!keepOld) this.#old.clear();
    else if (this.#blocks.size > 0) this.#old = this.#blocks;
    this.#blocks = new Map();
    this.#asked = new Set(ahead);
  }

  /** Asks for rows of the view that was just asked for, so that they come with it. */
  ahead(from: number, to: number): void {
    this.#ahead = blocksOf(from, to);
    void this.#load(this.#ahead, true);
  }

  /** Rows that came with something else; `from` begins a block. */
  put(view: number, from: number, rows: readonly PageRow[]): void {
    if (view !== this.#view) return;
    for (let at = 0; at < rows.length; at += block) this.#set((from + at) / block, rows.slice(at, at + block));
    this.#arrived();
  }

  /** The row, where it is known. */
  get(index: number): PageRow | undefined {
    return this.fresh(index) ?? this.#old.get(Math.floor(index / block))?.[index % block];
  }

  /** The row of this very view, where it is known. */
  fresh(index: number): PageRow | undefined {
    return this.#blocks.get(Math.floor(index / block))?.[index % block];
  }

  /** Whether one of the rows at hand is such a row. */
  some(fits: (row: PageRow) => boolean): boolean {
    return [...this.#blocks.values()].some((rows) => rows.some(fits));
  }

  /** Sees to it that these rows come, and once they are there those a page after and before: who goes there waits for nothing. */
  need(from: number, to: number): void {
    if (this.#lacks(from, to)) return;
    this.#lacks(to, 2 * to - from);
    this.#lacks(2 * from - to, from);
  }

  /** The row, fetched where it is not known, with as many of those up to `to` as one reply brings; undefined where there is none. */
  async fetch(index: number, to = index + 1): Promise<PageRow | undefined> {
    if (this.fresh(index) === undefined) await this.#load(blocksOf(index, Math.min(to, index + limits.rows - block)));
    return this.get(index);
  }

  /** Whether some of these rows are not at hand; they are asked for then. */
  #lacks(from: number, to: number): boolean {
    const absent = blocksOf(from, to).filter((number) => !this.#blocks.has(number));
    const open = absent.filter((number) => !this.#asked.has(number));
    if (open.length > 0) void this.#load(open);
    return absent.length > 0;
  }

  async #load(numbers: readonly number[], next = false): Promise<void> {
    const first = numbers[0] ?? 0;
    // Of the view as it is now: another one has marks of its own.
    const asked = this.#asked;
    if (!next) for (const number of numbers) asked.add(number);
    let came = false;
    try {
      const { view, from, rows } = await this.#fetch(first * block, ((numbers.at(-1) ?? 0) + 1 - first) * block, next);
      came = view === this.#view;
      this.put(view, from, rows);
    } catch {
      // Asked for again when it is next in sight; what is wrong is told by the host's notices.
    }
    if (this.#ahead === numbers) this.#ahead = [];
    if (came) return;
    for (const number of numbers) (next ? this.#asked : asked).delete(number);
    if (next) this.#arrived();
  }

  #set(number: number, rows: readonly PageRow[]): void {
    this.#blocks.set(number, rows);
    this.#old.delete(number);
    for (const [oldest] of this.#blocks) {
      if (this.#blocks.size <= most) break;
      this.#blocks.delete(oldest);
      this.#asked.delete(oldest);
    }
  }
}

/** Numbers of the blocks that these rows are in. */
function blocksOf(from: number, to: number): readonly number[] {
  const first = Math.floor(Math.max(0, from) / block);
  return Array.from({ length: Math.max(0, Math.ceil(to / block) - first) }, (_, n) => first + n);
}
