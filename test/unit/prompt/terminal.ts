import { cellsOf } from '../../../src/providers/terminal/cells.ts';

/** As much of a terminal as a prompt uses: rows of cells, wide characters, wrapping that waits for the next character, cursor movement. */
export class TestTerminal {
  readonly columns: number;
  readonly height: number;
  #rows: string[][] = [[]];
  row = 0;
  column = 0;
  bells = 0;
  #raw = '';

  constructor(columns: number, height = 24) {
    this.columns = columns;
    this.height = height;
  }

  /** Everything that was written, byte for byte. */
  get raw(): string { return this.#raw; }

  /** The screen's rows from the first, without trailing blanks. */
  get lines(): string[] { return this.#rows.map((cells) => Array.from({ length: cells.length }, (_, at) => cells[at] ?? ' ').join('').trimEnd()); }

  write(text: string): void {
    this.#raw += text;
    for (const [piece] of text.matchAll(/\u001b\][^\u0007]*\u0007|\u001b\[[0-9;?]*[A-Za-z]|[^\u001b]/gu)) this.#piece(piece);
  }

  #piece(piece: string): void {
    if (piece.startsWith('\u001b]')) return;
    const control = /^\u001b\[(\??)(\d*)[;\d]*([A-Za-z])$/.exec(piece);
    const count = Math.max(Number(control?.[2] ?? 1), 1);
    if (control !== null) {
      if (control[3] === 'A') this.row = Math.max(this.row - count, Math.max(0, this.#rows.length - this.height));
      else if (control[3] === 'B') this.row = Math.min(this.row + count, this.#rows.length - 1);
      else if (control[3] === 'C') this.column = Math.min(this.column + count, this.columns - 1);
      else if (control[3] === 'H') this.row = this.column = 0;
      else if (control[3] === 'J' && control[2] === '2') this.#rows = [[]];
      else if (control[3] === 'J' && control[2] === '') {
        this.#rows.length = this.row + 1;
        this.#rows[this.row]!.length = Math.min(this.#rows[this.row]!.length, this.column);
      } else if (control[3] === 'K') this.#rows[this.row]!.length = Math.min(this.#rows[this.row]!.length, this.column);
    } else if (piece === '\u0007') this.bells++;
    else if (piece === '\r') this.column = 0;
    else if (piece === '\n') {
      this.row++;
      if (this.row === this.#rows.length) this.#rows.push([]);
    } else this.#put(piece);
  }

  #put(character: string): void {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) {
      const before = this.column - 1;
      this.#rows[this.row]![before] = (this.#rows[this.row]![before] ?? '') + character;
      return;
    }
    const cells = cellsOf(character);
    if (this.column + cells > this.columns) this.write('\r\n');
    const row = this.#rows[this.row]!;
    row[this.column] = character;
    if (cells === 2) row[this.column + 1] = '';
    this.column += cells;
  }
}
