/** Height of a row in pixels. */
export const rowHeight = 22;
/** Chromium gives no element more than 33,554,428 pixels: above this height the scroll bar stands for more than it shows. */
export const tallest = 30_000_000;

/** Where the rows stand for a place of the scroll bar, and the other way round. */
export class ScrollScale {
  #count = 0;
  #view = 0;

  /** Rows, and pixels that can be seen of them; true where a place of the scroll bar stands for other rows now. */
  set(count: number, view: number): boolean {
    const wasScaled = this.scaled;
    const isOther = count !== this.#count || view !== this.#view;
    this.#count = count;
    this.#view = view;
    return isOther && (wasScaled || this.scaled);
  }

  /** Pixels of all rows. */
  get total(): number { return this.#count * rowHeight; }
  /** Pixels of the element that stands for them. */
  get height(): number { return Math.min(this.total, tallest); }
  /** Whether a pixel of the scroll bar is more than a pixel of the rows. */
  get scaled(): boolean { return this.total > tallest; }

  /** The first pixel in sight of all rows, for a place of the scroll bar. */
  offset(scrollTop: number): number {
    return this.scaled ? scrollTop * this.#factor : scrollTop;
  }

  /** The place of the scroll bar for a first pixel. */
  scrollTop(offset: number): number {
    const within = Math.max(0, Math.min(offset, this.total - this.#view));
    return this.scaled ? within / this.#factor : within;
  }

  get #factor(): number {
    return (this.total - this.#view) / Math.max(1, this.height - this.#view);
  }
}

/** The rows to draw: those in sight and some around them. */
export function rowsInSight(offset: number, view: number, count: number, around = 8): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.floor(offset / rowHeight) - around);
  return { from, to: Math.min(count, Math.ceil((offset + view) / rowHeight) + around) };
}
