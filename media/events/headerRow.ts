import { h, mark } from './dom.ts';
import { fieldOf, type Column, type ColumnId } from './columns.ts';
import type { GridOwner, GridPlace } from './grid.ts';

/** Pixels of one press of a key while resizing. */
const step = 16;

/** The column headers: a click or Enter sorts, the edge or Alt with an arrow changes the width. */
export class HeaderRow {
  readonly row = h('div', { class: 'row head-row', role: 'row', 'aria-rowindex': 1 });
  readonly element = h('div', { class: 'head', role: 'rowgroup' }, this.row);
  readonly #owner: GridOwner;
  readonly #focus: (column: number) => void;
  readonly #resized: () => void;

  constructor(owner: GridOwner, focus: (column: number) => void, resized: () => void) {
    this.#owner = owner;
    this.#focus = focus;
    this.#resized = resized;
  }

  /** Draws the headers of the shown columns. */
  draw(place: GridPlace): void {
    this.row.replaceChildren(...this.#owner.columns.shown.map((column, n) => this.#cell(column, n)));
    this.focusable(place);
    this.markSort(fieldOf);
  }

  /** Makes the header with the keyboard the one that Tab finds. */
  focusable(place: GridPlace): void {
    for (const [n, cell] of [...this.row.children].entries()) mark(cell, 'tabindex', place.row < 0 && n === place.column ? 0 : -1);
  }

  /** Says which column the rows are sorted by. */
  markSort(field: typeof fieldOf): void {
    const sort = this.#owner.sort();
    for (const [n, { id }] of this.#owner.columns.shown.entries()) {
      const cell = this.row.children[n];
      // A phase is not sorted by: it follows from the time.
      if (cell !== undefined) mark(cell, 'aria-sort', id !== 'phase' && field(id) === sort.field ? (sort.descending ? 'descending' : 'ascending') : 'none');
    }
  }

  /** Makes a column wider or narrower by a key. */
  nudge(column: ColumnId, wider: boolean): number {
    const width = this.#owner.columns.shown.find(({ id }) => id === column)?.width ?? 0;
    this.#owner.columns.resize(column, width + (wider ? step : -step));
    this.#resized();
    this.#owner.columnsChanged();
    return this.#owner.columns.shown.find(({ id }) => id === column)?.width ?? 0;
  }

  #cell(column: Column, n: number): HTMLElement {
    const { id } = column;
    const edge = h('div', { class: 'edge', 'aria-hidden': 'true', pointerdown: (event: PointerEvent) => { this.#drag(event, id); } });
    return h('div', {
      class: `cell cell-${id}`, role: 'columnheader', 'aria-colindex': n + 1, tabindex: -1,
      mousedown: (event: MouseEvent) => { event.preventDefault(); this.#focus(n); },
      click: () => { this.#owner.sortBy(id); },
      contextmenu: (event: MouseEvent) => { event.preventDefault(); event.stopPropagation(); this.#owner.columnMenu(id, event.currentTarget as HTMLElement); },
    }, h('span', { class: 'head-text' }, this.#owner.label(id)), edge);
  }

  #drag(event: PointerEvent, id: ColumnId): void {
    event.preventDefault();
    event.stopPropagation();
    const edge = event.currentTarget as HTMLElement;
    const width = edge.parentElement?.offsetWidth ?? 0;
    const start = event.clientX;
    edge.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => {
      this.#owner.columns.resize(id, width + moved.clientX - start);
      const shown = this.#owner.columns.shown.find((column) => column.id === id);
      edge.closest<HTMLElement>('.grid')?.style.setProperty(`--width-${id}`, `${shown?.width ?? width}px`);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => {
      edge.removeEventListener('pointermove', move);
      this.#resized();
      this.#owner.columnsChanged();
    }, { once: true });
    // The click that ends a drag must not sort.
    edge.addEventListener('click', (clicked) => { clicked.stopPropagation(); }, { once: true });
  }
}
