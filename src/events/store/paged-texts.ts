import { uint32 } from './columns.ts';

/** Code units in a page. */
const pageLength = 65_536;

/** Texts that cost their characters and 4 bytes: one after the other in long strings. A string of its own costs 16 bytes and a pointer more, and keeps alive what it was cut from. */
export class PagedTexts {
  readonly #pages: string[] = [];
  /** The number of each page's first text. */
  readonly #firsts: number[] = [];
  /** Where each text begins in its page. */
  readonly #starts = uint32();
  #open: string[] = [];
  #openLength = 0;

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
    let low = 0;
    let high = this.#pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#firsts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return index >= this.count - this.#open.length ? this.#pages.length : low;
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
