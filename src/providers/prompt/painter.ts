import type { Layout } from './layout.ts';

/** Draws a line in place: says what a terminal has to be sent so that it shows a layout where the last one stood. */
export class Painter {
  #shown: Layout | undefined;

  /** Draws over what was drawn last. */
  draw(layout: Layout): string {
    const { rows, row, column } = layout;
    const back = this.#shown === undefined ? '' : up(this.#shown.row);
    this.#shown = layout;
    return `\u001b[?25l${back}\r\u001b[J${rows.join('\r\n')}${up(rows.length - 1 - row)}\r${column > 0 ? `\u001b[${column}C` : ''}\u001b[?25h`;
  }

  /** Leaves what was drawn where it is; the cursor goes to the start of the line below. */
  leave(): string {
    const shown = this.#shown;
    this.#shown = undefined;
    if (shown === undefined) return '';
    const down = shown.rows.length - 1 - shown.row;
    return `${down > 0 ? `\u001b[${down}B` : ''}\r\n`;
  }

  /** Takes what was drawn away, so that something else can be printed in its place. */
  erase(): string {
    const shown = this.#shown;
    this.#shown = undefined;
    return shown === undefined ? '' : `${up(shown.row)}\r\u001b[J`;
  }

  /** The screen was cleared: nothing is drawn any more. */
  forget(): void {
    this.#shown = undefined;
  }
}

function up(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : '';
}
