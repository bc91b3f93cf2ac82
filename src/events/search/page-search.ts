import type { PagedTexts } from '../store/paged-texts.ts';
import type { Work } from '../view/slices.ts';
import { fold } from './fold.ts';

/** Which texts of a pool hold a needle, kept up as texts are added: whole pages are searched at once. */
export class PageSearch {
  readonly #texts: PagedTexts;
  readonly #needle: string;
  readonly #caseSensitive: boolean;
  #hits = new Uint8Array(0);
  #searched = 0;

  constructor(texts: PagedTexts, needle: string, caseSensitive: boolean) {
    this.#texts = texts;
    this.#needle = needle;
    this.#caseSensitive = caseSensitive;
  }

  isHit(index: number): boolean {
    return this.#hits[index] === 1;
  }

  /** Searches what was added since. */
  *extend(): Work<undefined> {
    const { count } = this.#texts;
    if (count === this.#searched) return undefined;
    if (count > this.#hits.length) {
      const wider = new Uint8Array(Math.max(count, this.#hits.length * 2));
      wider.set(this.#hits);
      this.#hits = wider;
    }
    for (let page = this.#texts.pageOf(this.#searched); this.#searched < count; page++) {
      const [first, end] = this.#texts.range(page);
      const to = Math.min(end, count);
      if (page < this.#texts.pageCount && first >= this.#searched && to === end) this.#searchPage(page, first, end);
      else this.#searchEach(Math.max(first, this.#searched), to);
      this.#searched = to;
      yield;
    }
    return undefined;
  }

  #searchPage(page: number, first: number, end: number): void {
    const text = this.#texts.page(page);
    const folded = this.#caseSensitive ? text : this.#texts.folded(page);
    if (folded === undefined) {
      this.#searchEach(first, end);
      return;
    }
    let index = first;
    for (let at = folded.indexOf(this.#needle); at >= 0;) {
      while (index + 1 < end && this.#texts.start(index + 1) <= at) index++;
      const next = index + 1 < end ? this.#texts.start(index + 1) : text.length;
      const isWithin = at + this.#needle.length <= next;
      if (isWithin) this.#hits[index] = 1;
      at = folded.indexOf(this.#needle, isWithin ? Math.max(next, at + 1) : at + 1);
    }
  }

  #searchEach(from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const text = this.#texts.get(index);
      this.#hits[index] = (this.#caseSensitive ? text : fold(text)).includes(this.#needle) ? 1 : 0;
    }
  }
}
