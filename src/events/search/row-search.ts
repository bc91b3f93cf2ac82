import type { EventStore } from '../event-store.ts';
import type { Contents } from '../store/contents.ts';
import { rowsBetweenYields, type Work } from '../view/slices.ts';
import { ContentSearch } from './content-search.ts';
import type { TextMatcher } from './text-matcher.ts';

/** Windows' event ids are 16 bits. */
const idTable = 65_536;
const unknown = 2;

/** Which events hold a text, kept up as events are added: distinct contents, providers and ids are searched once, then rows look theirs up. */
export class RowSearch {
  readonly #store: EventStore;
  readonly #matcher: TextMatcher;
  #contents: Contents;
  #search: ContentSearch;
  readonly #providers: number[] = [];
  /** By event id: 1 where it matches, 0 where not. */
  readonly #ids = new Uint8Array(idTable).fill(unknown);
  readonly #otherIds = new Map<number, number>();
  #hasIdHit = false;
  #idsSeen = 0;
  #clearings = 0;

  constructor(store: EventStore, matcher: TextMatcher) {
    this.#store = store;
    this.#matcher = matcher;
    this.#contents = store.contents;
    this.#search = new ContentSearch(store.contents, matcher);
  }

  /** Makes ready for every event that is held now; the answer is 1 for a row that matches. */
  *prepare(): Work<(row: number) => number> {
    const store = this.#store;
    if (this.#contents !== store.contents) {
      this.#contents = store.contents;
      this.#search = new ContentSearch(store.contents, this.#matcher);
    }
    const size = store.size;
    const matches = yield* this.#search.matches();
    for (let code = this.#providers.length; code < store.providers.names.length; code++) this.#providers[code] = (yield* this.#matcher.test(store.providers.get(code))) ? 1 : 0;
    const ids = store.id.values;
    if (this.#clearings !== store.clearings) {
      this.#clearings = store.clearings;
      this.#idsSeen = 0;
    }
    for (let row = this.#idsSeen; row < size; row++) {
      const id = ids[row] ?? 0;
      if (this.#idHit(id) === unknown) {
        const hit = (yield* this.#matcher.test(id.toString())) ? 1 : 0;
        if (hit === 1) this.#hasIdHit = true;
        if (id >>> 0 < idTable) this.#ids[id] = hit;
        else this.#otherIds.set(id, hit);
      }
      if (row % rowsBetweenYields === 0) yield;
    }
    this.#idsSeen = size;
    const contents = store.content.values;
    const providers = store.provider.values;
    const providerHits = Uint8Array.from(this.#providers);
    // Mostly no id matches a text at all.
    if (!this.#hasIdHit) return (row) => (matches[contents[row] ?? 0] ?? 0) | (providerHits[providers[row] ?? 0] ?? 0);
    return (row) => (matches[contents[row] ?? 0] ?? 0) | (providerHits[providers[row] ?? 0] ?? 0) | this.#idHit(ids[row] ?? 0);
  }

  #idHit(id: number): number {
    return id >>> 0 < idTable ? this.#ids[id] ?? unknown : this.#otherIds.get(id) ?? unknown;
  }
}
