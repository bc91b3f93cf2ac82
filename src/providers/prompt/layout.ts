import { cellsOf } from '../terminal/cells.ts';
import { graphemes } from './graphemes.ts';

/** A prompt with what is typed after it, broken into rows of a terminal, and where the cursor stands. */
export interface Layout {
  readonly rows: readonly string[];
  /** From 0, as is the column, in cells. */
  readonly row: number;
  readonly column: number;
}

/** What a line looks like: the prompt before its first line, another one before those that follow. */
export interface LineView {
  readonly prompt: string;
  readonly continuation: string;
  readonly text: string;
  /** Index into `text`. */
  readonly cursor: number;
}

/** Breaks a line into rows of `columns` cells. A character of two cells is never cut in half. */
export function layOut({ prompt, continuation, text, cursor }: LineView, columns: number): Layout {
  const rows = [''];
  let column = 0;
  const put = (grapheme: string): void => {
    const cells = cellsOfGrapheme(grapheme);
    if (column + cells > columns) {
      rows.push('');
      column = 0;
    }
    rows.push(`${rows.pop() ?? ''}${grapheme}`);
    column += cells;
  };
  for (const grapheme of graphemes(prompt)) put(grapheme);
  let place: { row: number; column: number } | undefined;
  let index = 0;
  const mark = (): void => {
    if (index < cursor || place !== undefined) return;
    // After a full row the next character begins another one.
    if (column >= columns) {
      rows.push('');
      column = 0;
    }
    place = { row: rows.length - 1, column };
  };
  for (const grapheme of graphemes(text)) {
    mark();
    if (grapheme === '\n') {
      rows.push('');
      column = 0;
      for (const part of graphemes(continuation)) put(part);
    } else put(grapheme === '\t' ? ' ' : grapheme);
    index += grapheme.length;
  }
  mark();
  return { rows, row: place?.row ?? 0, column: place?.column ?? 0 };
}

/** The part of a layout around its cursor that fits into `height` rows: above them a terminal cannot be redrawn. */
export function fitting(layout: Layout, height: number): Layout {
  const { rows, row, column } = layout;
  if (rows.length <= height) return layout;
  const first = Math.max(0, Math.min(row - height + 1, rows.length - height));
  return { rows: rows.slice(first, first + height), row: row - first, column };
}

/** Cells that a character takes: marks that combine with the one before take none. */
function cellsOfGrapheme(grapheme: string): number {
  return cellsOf(grapheme.replace(/[\p{Mn}\p{Me}\p{Cf}]/gu, ''));
}
