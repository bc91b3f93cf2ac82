import type { TextQuery } from '../event-filter.ts';
import type { EventStore } from '../event-store.ts';
import { rowsBetweenYields, type Work } from '../view/slices.ts';
import type { RegexProblem } from './regex/syntax.ts';
import { RowSearch } from './row-search.ts';
import { textMatcher } from './text-matcher.ts';

/** Finds a text in a view without filtering by it. Keep it while the text stays: it remembers what it has searched. */
export class Finder {
  readonly #store: EventStore;
  readonly #search: RowSearch;

  private constructor(store: EventStore, search: RowSearch) {
    this.#store = store;
    this.#search = search;
  }

  static create(store: EventStore, query: TextQuery): Finder | RegexProblem {
    const matcher = textMatcher(query);
    return 'code' in matcher ? matcher : new Finder(store, new RowSearch(store, matcher));
  }

  /** The next position that matches, from `start` on and then from the other end; -1 where nothing does. `step` 1 looks down, -1 up. */
  *find(rows: Uint32Array, start: number, step: 1 | -1): Work<number> {
    const { length } = rows;
    if (length === 0) return -1;
    const matches = yield* this.#search.prepare();
    const first = ((Math.trunc(start) % length) + length) % length;
    for (let done = 0, at = first; done < length; done++, at = (at + step + length) % length) {
      if (matches(rows[at] ?? 0) === 1) return at;
      if (done % rowsBetweenYields === 0) yield;
    }
    return -1;
  }

  /** How many rows match, and how many of them stand before `position`: "3 of 17". */
  *count(rows: Uint32Array, position: number): Work<{ readonly all: number; readonly before: number }> {
    const matches = yield* this.#search.prepare();
    let all = 0;
    let before = 0;
    for (let at = 0; at < rows.length; at++) {
      if (at === position) before = all;
      all += matches(rows[at] ?? 0);
      if (at % rowsBetweenYields === 0) yield;
    }
    return { all, before: position >= rows.length ? all : before };
  }

  get store(): EventStore {
    return this.#store;
  }
}
