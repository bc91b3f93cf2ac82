import { cellsOf } from './cells.ts';

/** A style, a line's end, blanks, or a word, which may hold styles. */
const pieces = /\u001b\[[0-9;]*m|\n|[ \t]+|(?:(?!\u001b\[[0-9;]*m)[^ \t\n])+/g;

/**
 * Breaks what is printed at word boundaries, as terminals themselves do not; a continued line is indented like its first one. Text may
 * come in parts. A word that is wider than the terminal is left for the terminal to break.
 */
export class WordWrap {
  #column = 0;
  #indent = 0;
  #afterBlank = false;

  /** The text for a terminal of so many cells a line. */
  wrap(text: string, columns: number): string {
    let wrapped = '';
    // Blanks and styles since the last word: a break comes in their place, styles stay.
    let blanks = '';
    let styles = '';
    const flush = (): void => {
      wrapped += blanks + styles;
      this.#column += blanks.length;
      blanks = '';
      styles = '';
    };
    for (const [piece] of text.matchAll(pieces)) {
      if (piece === '\n') {
        wrapped += `${styles}\n`;
        blanks = '';
        styles = '';
        this.newLine();
      } else if (piece.startsWith('\u001b')) styles += piece;
      else if (piece.trim() === '') {
        if (this.#column === 0 && blanks === '') this.#indent = Math.min(piece.length, columns >> 1);
        blanks += piece;
        this.#afterBlank = true;
      } else {
        const cells = cellsOf(piece);
        const indented = this.#column + blanks.length <= this.#indent;
        if (this.#afterBlank && !indented && this.#column + blanks.length + cells > columns && this.#indent + cells <= columns) {
          wrapped += `${styles}\n${' '.repeat(this.#indent)}`;
          blanks = '';
          styles = '';
          this.#column = this.#indent;
        } else flush();
        wrapped += piece;
        this.#column += cells;
        if (this.#column > columns) this.#column %= columns;
        this.#afterBlank = false;
      }
    }
    flush();
    return wrapped;
  }

  /** What comes next begins a line. */
  newLine(): void {
    this.#column = 0;
    this.#indent = 0;
    this.#afterBlank = false;
  }
}
