import type { EventSort } from '../../src/events/event-filter.ts';
import type { PageRow } from '../../src/events/protocol.ts';
import { fieldOf, type ColumnId, type Columns } from './columns.ts';
import { fill, h, mark } from './dom.ts';
import { HeaderRow } from './headerRow.ts';
import { putKeyboard } from './keyboard.ts';
import type { RowCache } from './rowCache.ts';
import { rowHeight, rowsInSight, ScrollScale } from './scroll.ts';

/** What the grid asks of the page around it. */
export interface GridOwner {
  readonly columns: Columns;
  readonly rows: RowCache;
  label(column: ColumnId): string;
  /** Puts a row's value into a cell. */
  fillCell(cell: HTMLElement, column: ColumnId, row: PageRow): void;
  /** Classes and state of a whole row. */
  classes(row: PageRow, next: PageRow | undefined): string;
  sort(): EventSort;
  sortBy(column: ColumnId): void;
  columnsChanged(): void;
  /** The keyboard went to another row; -1 is the header. */
  focused(index: number): void;
  scrolled(): void;
  columnMenu(column: ColumnId, anchor: HTMLElement): void;
}

/** Where the keyboard is: row -1 is the header. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

/**
 * Rows of one height, of which only those in sight exist as elements; an ARIA grid with one tab stop. The row with the focus always exists, so
 * that scrolling never takes the focus away.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly scale = new ScrollScale();
  readonly #owner: GridOwner;
  readonly #header: HeaderRow;
  readonly #spacer = h('div', { class: 'spacer', role: 'presentation' });
  readonly #body = h('div', { class: 'body', role: 'rowgroup' });
  readonly #drawn = new Map<number, { readonly element: HTMLElement; row: PageRow | undefined; next: PageRow | undefined }>();
  #count = 0;
  #place: GridPlace = { row: -1, column: 0 };
  #anchor: number | undefined;
  #frame = 0;

  constructor(owner: GridOwner, label: string) {
    this.#owner = owner;
    this.#header = new HeaderRow(owner, (column) => { this.focus({ row: -1, column }); }, () => { this.relayout(); });
    this.element = h('div', { class: 'grid', role: 'grid', 'aria-label': label, 'aria-multiselectable': 'true', scroll: () => { this.#scrolled(); } }, this.#header.element, this.#body);
    this.#body.append(this.#spacer);
    this.#body.addEventListener('mousedown', (event) => { this.#pressed(event); });
    new ResizeObserver(() => { this.redraw(); }).observe(this.element);
    this.relayout();
  }

  get count(): number { return this.#count; }
  get place(): GridPlace { return this.#place; }
  /** Rows in sight without the header. */
  get pageRows(): number { return Math.max(1, Math.floor(this.#view / rowHeight) - 1); }
  /** The first row in sight. */
  get top(): number { return Math.min(Math.max(0, this.#count - 1), Math.ceil(this.#offset / rowHeight)); }
  get column(): ColumnId { return this.#owner.columns.shown[this.#place.column]?.id ?? 'message'; }
  /** Selected rows, first and last. */
  get selection(): { readonly from: number; readonly to: number } {
    const { row } = this.#place;
    const other = this.#anchor ?? row;
    return { from: Math.max(0, Math.min(row, other)), to: Math.max(row, other) };
  }

  /** Another number of rows. */
  setCount(count: number): void {
    this.#count = count;
    if (this.#place.row >= count) this.#place = { ...this.#place, row: count - 1 };
    if (this.#anchor !== undefined && this.#anchor >= count) this.#anchor = undefined;
    mark(this.element, 'aria-rowcount', count + 1);
    this.redraw();
  }

  /** Draws everything anew: other columns, another clock, other words to mark. */
  relayout(): void {
    const { shown } = this.#owner.columns;
    mark(this.element, 'aria-colcount', shown.length);
    this.#place = { ...this.#place, column: Math.min(this.#place.column, shown.length - 1) };
    for (const { id, width } of shown) this.element.style.setProperty(`--width-${id}`, `${width}px`);
    const least = shown.reduce((sum, { id, width }) => sum + (id === 'message' ? Math.min(width, 300) : width), 0);
    this.element.style.setProperty('--least', `${least}px`);
    const held = this.element.contains(document.activeElement);
    this.#header.draw(this.#place);
    for (const { element } of this.#drawn.values()) element.remove();
    this.#drawn.clear();
    if (held) {
      // The cell that takes the keyboard again has to stand there first.
      this.#draw();
      this.#takeFocus();
    } else this.redraw();
  }

  /** Draws what is in sight, once a frame. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#draw(); });
  }

  /** Moves the keyboard there and brings it into sight; `extend` keeps the other end of the selection. */
  focus(place: GridPlace, extend = false, take = true): void {
    const row = Math.max(-1, Math.min(place.row, this.#count - 1));
    if (!extend) this.#anchor = undefined;
    else if (row >= 0) this.#anchor ??= Math.max(0, this.#place.row);
    const moved = row !== this.#place.row;
    this.#place = { row, column: Math.max(0, Math.min(place.column, this.#owner.columns.shown.length - 1)) };
    if (row >= 0) this.reveal(row);
    this.#draw();
    if (take) this.#takeFocus();
    if (moved) this.#owner.focused(row);
  }

  /** Whether a row is in sight. */
  sees(row: number): boolean { return row * rowHeight >= this.#offset && (row + 1) * rowHeight <= this.#offset + this.#view; }

  /** The row with the keyboard stands elsewhere now: the focus goes with it, nothing else moves; `still`: on the screen it stays where it is. */
  follow(row: number, still = false): void {
    const held = this.element.contains(document.activeElement);
    const by = row - this.#place.row;
    if (this.#anchor !== undefined) this.#anchor += by;
    this.#place = { ...this.#place, row: Math.max(-1, Math.min(row, this.#count - 1)) };
    if (still) {
      this.#layout();
      this.element.scrollTop = this.scale.scrollTop(this.#offset + by * rowHeight);
    }
    this.#draw();
    if (held) putKeyboard(() => this.cell());
  }

  /** Makes a column wider or narrower by a step; returns its width in pixels. */
  nudge(column: ColumnId, wider: boolean): number {
    return this.#header.nudge(column, wider);
  }

  /** Selects everything. */
  selectAll(): void {
    if (this.#count === 0) return;
    this.#anchor = 0;
    this.#place = { ...this.#place, row: this.#count - 1 };
    this.#draw();
  }

  /** Brings a row into sight: `centre` where it is far away. */
  reveal(row: number, where: 'nearest' | 'top' | 'centre' = 'nearest'): void {
    const [first, last] = [row * rowHeight, (row + 1) * rowHeight];
    const offset = this.#offset;
    let wanted = offset;
    if (where === 'top') wanted = first;
    else if (first >= offset && last <= offset + this.#view) return;
    else if (where === 'centre' || first < offset - this.#view || last > offset + 2 * this.#view) wanted = first - this.#view / 2;
    else wanted = first < offset ? first : last - this.#view;
    this.#layout();
    this.element.scrollTop = this.scale.scrollTop(wanted);
  }

  /** The cell that has the keyboard. */
  cell(): HTMLElement | undefined {
    const holder = this.#place.row < 0 ? this.#header.row : this.#drawn.get(this.#place.row)?.element;
    return holder?.children[this.#place.column] as HTMLElement | undefined;
  }

  get #view(): number { return Math.max(rowHeight, this.element.clientHeight - this.#header.element.offsetHeight); }
  get #offset(): number { return this.scale.offset(this.element.scrollTop); }

  #scrolled(): void {
    this.redraw();
    this.#owner.scrolled();
  }

  #layout(): void {
    const offset = this.#offset;
    const isOther = this.scale.set(this.#count, this.#view);
    const height = `${this.scale.height}px`;
    if (this.#spacer.style.height !== height) this.#spacer.style.height = height;
    if (isOther) this.element.scrollTop = this.scale.scrollTop(offset);
  }

  #draw(): void {
    this.#layout();
    const offset = this.#offset;
    const shift = this.element.scrollTop - offset;
    const { from, to } = rowsInSight(offset, this.#view, this.#count);
    const held = this.#place.row;
    for (const [index, { element }] of this.#drawn) {
      if ((index < from || index >= to) && (index !== held || index >= this.#count)) {
        element.remove();
        this.#drawn.delete(index);
      }
    }
    this.#owner.rows.need(from, to);
    for (let index = from; index < to; index++) this.#drawRow(index, shift);
    if (held >= 0 && held < this.#count && (held < from || held >= to)) this.#drawRow(held, shift);
    this.#header.focusable(this.#place);
  }

  #drawRow(index: number, shift: number): void {
    let drawn = this.#drawn.get(index);
    if (drawn === undefined) {
      const element = h('div', { class: 'row', role: 'row', 'aria-rowindex': index + 2 }, ...this.#owner.columns.shown.map(({ id }, n) =>
        h('div', { class: `cell cell-${id}`, role: 'gridcell', 'aria-colindex': n + 1, tabindex: -1, 'data-column': id })));
      element.dataset['index'] = String(index);
      drawn = { element, row: undefined, next: undefined };
      this.#drawn.set(index, drawn);
      // In order, so that a screen reader that reads on finds the next row next.
      const after = [...this.#drawn].filter(([other]) => other > index).reduce<number | undefined>((least, [other]) => (least === undefined || other < least ? other : least), undefined);
      this.#body.insertBefore(element, after === undefined ? this.#spacer : this.#drawn.get(after)?.element ?? this.#spacer);
    }
    drawn.element.style.top = `${index * rowHeight + shift}px`;
    const row = this.#owner.rows.get(index);
    const next = this.#owner.rows.get(index + 1);
    const selected = index >= this.selection.from && index <= this.selection.to && this.#place.row >= 0;
    mark(drawn.element, 'aria-selected', selected);
    if (row !== undefined && (row !== drawn.row || next !== drawn.next)) {
      const cells = [...drawn.element.children] as HTMLElement[];
      if (row !== drawn.row) this.#owner.columns.shown.forEach(({ id }, n) => { const cell = cells[n]; if (cell !== undefined) { fill(cell); this.#owner.fillCell(cell, id, row); } });
      drawn.element.className = `row ${this.#owner.classes(row, next)}`;
      drawn.row = row;
      drawn.next = next;
    }
    for (const [n, cell] of [...drawn.element.children].entries()) mark(cell, 'tabindex', index === this.#place.row && n === this.#place.column ? 0 : -1);
  }

  #takeFocus(): void {
    putKeyboard(() => this.cell());
    const cell = this.cell();
    // Sideways only: rows are brought into sight by reveal.
    if (cell !== undefined && (cell.offsetLeft < this.element.scrollLeft || cell.offsetLeft + Math.min(cell.offsetWidth, 200) > this.element.scrollLeft + this.element.clientWidth)) this.element.scrollLeft = Math.max(0, cell.offsetLeft - 20);
  }

  #pressed(event: MouseEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>('.cell');
    const row = cell?.closest<HTMLElement>('.row');
    if (cell === null || row === null || row === undefined) return;
    const index = Number(row.dataset['index']);
    // A right-click within a selection keeps it.
    const { from, to } = this.selection;
    if (event.button === 2 && index >= from && index <= to && to > from) return;
    event.preventDefault();
    this.focus({ row: index, column: [...row.children].indexOf(cell) }, event.shiftKey);
  }

  /** Which column the rows are sorted by. */
  markSort(): void { this.#header.markSort(fieldOf); }
}
