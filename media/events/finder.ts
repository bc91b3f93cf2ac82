import type { TextQuery } from '../../src/events/event-filter.ts';
import type { Grid } from './grid.ts';
import type { Host } from './host.ts';
import { SearchBox } from './searchBox.ts';
import type { Words } from './words.ts';

/** What finding asks of the page. */
export interface FinderOwner {
  /** Shows only matches, or everything again. */
  only(query: TextQuery | undefined): void;
  /** Other words are to be marked. */
  marked(): void;
  say(text: string): void;
}

/** Looks for the text of the search box: counts, and goes from match to match. */
export class Finder {
  readonly box: SearchBox;
  readonly #words: Words;
  readonly #host: Host;
  readonly #grid: Grid;
  readonly #owner: FinderOwner;
  #only = false;
  #asking: AbortController | undefined;

  constructor(words: Words, host: Host, grid: Grid, owner: FinderOwner) {
    this.#words = words;
    this.#host = host;
    this.#grid = grid;
    this.#owner = owner;
    this.box = new SearchBox(words, {
      changed: (query, only) => { this.#changed(query, only); }, step: (backwards) => { void this.step(backwards); },
      leave: () => { grid.focus({ row: Math.max(0, grid.place.row), column: grid.place.column }); },
    });
  }

  /** What is looked for. */
  get query(): TextQuery | undefined { return this.box.query; }

  /** Counts the matches of the view as it is now. */
  async count(): Promise<void> {
    const { query } = this;
    if (query === undefined) this.box.result('');
    else if (this.box.only) this.box.result(this.#words.get('search.total', this.#grid.count));
    else await this.#find(-1, false, false);
  }

  /** Goes to the next match, or to the one before. */
  async step(backwards: boolean): Promise<void> {
    const { place, count } = this.#grid;
    if (this.query === undefined) return;
    if (!this.box.only) await this.#find(place.row, backwards, true);
    else if (count > 0) this.#grid.focus({ row: (place.row + (backwards ? -1 : 1) + count) % count, column: place.column }, false, false);
  }

  #changed(query: TextQuery | undefined, only: boolean): void {
    const filtered = this.#only;
    this.#only = only && query !== undefined;
    this.#owner.marked();
    if (this.#only || filtered) this.#owner.only(this.#only ? query : undefined);
    else void this.count();
  }

  async #find(from: number, backwards: boolean, go: boolean): Promise<void> {
    const { query } = this;
    if (query === undefined) return;
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    this.box.result(this.#words.get('search.busy'));
    try {
      const reply = await this.#host.ask({ kind: 'find', query, from, backwards }, asking.signal);
      if (asking.signal.aborted) return;
      if (go && reply.index >= 0) this.#grid.focus({ row: reply.index, column: this.#grid.place.column }, false, false);
      const text = reply.count === 0 ? this.#words.get('search.none') : go ? this.#words.get('search.count', reply.ordinal, reply.count) : this.#words.get('search.total', reply.count);
      this.box.result(text);
      this.#owner.say(text);
    } catch (error) {
      if (!asking.signal.aborted) this.box.result(this.#words.get('failed', (error as Error).message));
    }
  }
}
