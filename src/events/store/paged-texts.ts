import { fold } from '../search/fold.ts';
import { uint32 } from './columns.ts';

/** Code units in a page. */
const pageLength = 65_536;

/** Code units of folded pages that are kept; more are folded again for each search. */
const mostFolded = 134_217_728;

/** Where a text lies: in `text`, from `from` up to, not including, `to`. */
export interface Slice {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Texts that cost their characters and 4 bytes: one after the other in long strings. A string of its own costs 16 bytes and a pointer more, and keeps alive what it was cut from. */
export class PagedTexts {
  readonly #pages: string[] = [];
  /** The number of each page's first text. */
  readonly #firsts: number[] = [];
  /** Where each text begins in its page. */
  readonly #starts = uint32();
  #open: string[] = [];
  #openLength = 0;
  readonly #folded: (string | undefined)[] = [];
  #foldedLength = 0;
  /** The page of the text that was asked for last: the next one mostly lies in it, too. */
  #near = 0;

  get count(): number {
    return this.#starts.length;
  }

  /** Pages that are full. */
  get pageCount(): number {
    return this.#pages.length;
  }

  add(text: string): number {
    const index = this.#starts.length;
    this.#starts.push(this.#openLength);
    this.#open.push(text);
    this.#openLength += text.length;
    if (this.#openLength >= pageLength) this.#seal();
    return index;
  }

  get(index: number): string {
    const openFirst = this.count - this.#open.length;
    if (index >= openFirst) return this.#open[index - openFirst] ?? '';
    const page = this.pageOf(index);
    return this.#pages[page]?.substring(this.#starts.at(index), this.#endIn(page, index)) ?? '';
  }

  page(page: number): string {
    return this.#pages[page] ?? '';
  }

  /** A page without the difference between small and capital letters; undefined where that moves its texts. Kept from then on: searches follow each other with each key. */
  folded(page: number): string | undefined {
    const text = this.page(page);
    const folded = this.#folded[page] ?? fold(text);
    if (folded.length !== text.length) return undefined;
    if (this.#folded[page] === undefined && this.#foldedLength < mostFolded) {
      this.#folded[page] = folded;
      this.#foldedLength += folded.length;
    }
    return folded;
  }

  /** A text without taking it out of its page. */
  slice(index: number, folded: boolean): Slice {
    const page = this.pageOf(index);
    const whole = page >= this.#pages.length ? undefined : folded ? this.folded(page) : this.#pages[page];
    if (whole !== undefined) return { text: whole, from: this.#starts.at(index), to: this.#endIn(page, index) };
    const text = folded ? fold(this.get(index)) : this.get(index);
    return { text, from: 0, to: text.length };
  }

  /** Numbers of the texts in a page: from the first up to, not including, the second; the page after the last holds what is in none yet. */
  range(page: number): readonly [number, number] {
    const openFirst = this.count - this.#open.length;
    return page >= this.#pages.length ? [openFirst, this.count] : [this.#firsts[page] ?? 0, this.#firsts[page + 1] ?? openFirst];
  }

  /** Where a text begins in its page. */
  start(index: number): number {
    return this.#starts.at(index);
  }

  /** The page that holds a text. */
  pageOf(index: number): number {
    if (index >= this.count - this.#open.length) return this.#pages.length;
    if (index >= (this.#firsts[this.#near] ?? 0) && index < (this.#firsts[this.#near + 1] ?? 0)) return this.#near;
    let low = 0;
    let high = this.#pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#firsts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    this.#near = low;
    return low;
  }

  #endIn(page: number, index: number): number {
    return index + 1 < this.range(page)[1] ? this.#starts.at(index + 1) : this.#pages[page]?.length ?? 0;
  }

  #seal(): void {
    this.#firsts.push(this.count - this.#open.length);
    this.#pages.push(this.#open.join(''));
    this.#open = [];
    this.#openLength = 0;
  }
}
