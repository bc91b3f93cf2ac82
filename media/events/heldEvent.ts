import type { EventRef, PageRow } from '../../src/events/protocol.ts';
import { refOf, sameEvent } from './details.ts';
import type { Grid } from './grid.ts';
import { isKeyboardFree } from './keyboard.ts';
import type { RowCache } from './rowCache.ts';

/**
 * Finds the place of an event in the view as it is now, or in the one that was just asked for (`next`); `exact`: it is the event itself, else
 * its neighbour in time. What it resolves to goes there: nowhere, where there is no place.
 */
export type Locate = (ref: EventRef, next: boolean, then: (index: number, exact: boolean) => void) => Promise<() => void>;

/** The event that the keyboard is on: its place changes with every view, and rows at hand may be those of an earlier one. */
export class HeldEvent {
  readonly #grid: Grid;
  readonly #rows: RowCache;
  readonly #locate: Locate;
  readonly #shown: () => void;
  #event: EventRef | undefined;
  /** The event that the page was asked to show, until the person goes elsewhere: it may be read later than the page, and newer ones push it down. */
  #sought: { readonly ref: EventRef; readonly take: boolean; found: boolean } | undefined;

  constructor(grid: Grid, rows: RowCache, locate: Locate, shown: () => void) {
    this.#grid = grid;
    this.#rows = rows;
    this.#locate = locate;
    this.#shown = shown;
  }

  /** The event; undefined where its row has not arrived. */
  get event(): EventRef | undefined { return this.#event; }
  /** The event, or the one that is to have the keyboard when it is there. */
  get wanted(): EventRef | undefined { return this.#sought?.ref ?? this.#event; }
  /** Whether a row that was gone to, or asked for, is being read: it stays where it is. */
  get isRead(): boolean { return this.#grid.place.row > 0 || this.#sought?.found === true; }

  /** Its row; undefined where the one at hand is that of another event. */
  get row(): PageRow | undefined {
    const row = this.#grid.place.row < 0 ? undefined : this.#rows.get(this.#grid.place.row);
    return row !== undefined && this.#event !== undefined && !sameEvent(row, this.#event) ? undefined : row;
  }

  /** The person went to a row. */
  moved(index: number): void {
    const row = this.#rows.get(index);
    this.#event = row === undefined ? undefined : refOf(row);
    this.#sought = undefined;
  }

  /** Rows arrived: the one that was gone to may be among them. */
  arrived(): void {
    const { row } = this.#grid.place;
    if (row >= 0) this.#event ??= this.#at(row);
  }

  /** Goes to an event, as soon as it is there; `take`: with the keyboard. */
  async seek(ref: EventRef, take: boolean): Promise<void> {
    this.#sought = { ref, take, found: false };
    await this.#find(true);
  }

  /** Whether it is being read: its row is in sight. */
  get inSight(): boolean { return this.#event !== undefined && this.isRead && this.#grid.sees(this.#grid.place.row); }

  /**
   * More rows are there: the keyboard goes with its event; `still`: on the screen it stays where it is, else nothing else moves. Resolves to
   * whether an event that was asked for came into sight.
   */
  async follow(still: boolean): Promise<boolean> {
    if (this.#sought?.found === false && await this.#find(false)) return true;
    const event = this.#event;
    if (event !== undefined && this.#grid.place.row >= 0) {
      (await this.#locate(event, false, (index) => {
        if (this.#event !== event) return;
        if (index !== this.#grid.place.row) this.#grid.follow(index, still);
        this.#shown();
      }))();
    }
    return false;
  }

  /**
   * Another filter or order was just asked for: the event is brought into sight in it; what was filtered out leaves the keyboard on its
   * neighbour in time. Without an event the rows in sight are asked for. What it resolves to is to be called once the view is put into place.
   */
  async keep(): Promise<() => void> {
    const event = this.#event;
    if (event === undefined || this.#grid.place.row < 0) {
      this.#rows.ahead(this.#grid.top, this.#grid.top + this.#grid.pageRows);
      return () => undefined;
    }
    return await this.#locate(event, true, (index, exact) => {
      // The person may have gone elsewhere meanwhile.
      if (this.#event !== event) return;
      if (!exact) this.#event = this.#at(index);
      this.#grid.follow(index);
      this.#grid.reveal(this.#grid.place.row, 'centre');
    });
  }

  /** The event that stands there in this very view, where its row is at hand. */
  #at(index: number): EventRef | undefined {
    const row = this.#rows.fresh(index);
    return row === undefined ? undefined : refOf(row);
  }

  async #find(now: boolean): Promise<boolean> {
    const sought = this.#sought;
    if (sought === undefined) return false;
    (await this.#locate(sought.ref, false, (index, exact) => {
      // The person may have gone elsewhere meanwhile.
      if (sought !== this.#sought) return;
      // Nor is the keyboard taken from where it was put since.
      this.#grid.focus({ row: index, column: this.#grid.place.column }, false, sought.take && (now || isKeyboardFree(this.#grid.element)));
      if (sought.take) this.#grid.reveal(index, 'centre');
      // One that the filter hides stays hidden, however much is read.
      sought.found = exact;
      this.#sought = exact ? sought : undefined;
      this.#event = exact ? sought.ref : this.#at(index);
      this.#shown();
    }))();
    return sought.found && sought.take;
  }
}
