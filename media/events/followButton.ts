import { button, h } from './dom.ts';
import type { Grid } from './grid.ts';
import { rowHeight } from './scroll.ts';
import type { Words } from './words.ts';

/** Follows new events while the newest end is in sight; elsewhere it counts them on a button that leads there. */
export class FollowButton {
  readonly element: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #words: Words;
  readonly #grid: Grid;
  readonly #newest: () => 'first' | 'last' | undefined;
  readonly #read: () => boolean;
  readonly #say: (text: string) => void;
  #pending = 0;
  on = false;

  constructor(words: Words, grid: Grid, newest: () => 'first' | 'last' | undefined, read: () => boolean, say: (text: string) => void) {
    this.#words = words;
    this.#grid = grid;
    this.#newest = newest;
    this.#read = read;
    this.#say = say;
    this.#button = button('', words.get('follow'), () => { this.#go(); }, { class: 'primary' });
    this.#button.removeAttribute('aria-label');
    this.element = h('div', { class: 'pending', hidden: true }, this.#button);
  }

  /** Whether the newest end is in sight. */
  get atNewest(): boolean {
    const { element } = this.#grid;
    const newest = this.#newest();
    // A row that was moved to, or asked for, is being read: it stays where it is.
    if (newest === undefined || this.#read()) return false;
    return newest === 'first' ? element.scrollTop < rowHeight : element.scrollTop + element.clientHeight > element.scrollHeight - rowHeight;
  }

  /** Follows from now on, or no longer. */
  turn(on: boolean): void {
    this.on = on;
    if (on && !this.atNewest && this.#pending === 0) this.#say(this.#words.get('follow.paused'));
    this.#draw();
  }

  /** The view has so many rows more. */
  grown(rows: number): void {
    if (!this.on || rows <= 0) return;
    if (this.atNewest) this.#end();
    else this.#pending += rows;
    this.#draw();
  }

  /** The rows were scrolled. */
  moved(): void {
    if (this.#pending > 0 && this.atNewest) this.#pending = 0;
    this.#draw();
  }

  #go(): void {
    this.#pending = 0;
    const last = this.#newest() === 'last';
    this.#grid.focus({ row: last ? this.#grid.count - 1 : 0, column: this.#grid.place.column });
    this.#end();
    this.#draw();
  }

  #end(): void {
    const { element } = this.#grid;
    element.scrollTop = this.#newest() === 'last' ? element.scrollHeight : 0;
  }

  #draw(): void {
    const show = this.on && this.#pending > 0;
    if (this.element.hidden === show) this.element.hidden = !show;
    if (!show) return;
    const text = this.#words.get('follow.pending', this.#pending);
    if (this.#button.textContent !== text) {
      this.#button.textContent = text;
      this.#button.title = text;
    }
  }
}
