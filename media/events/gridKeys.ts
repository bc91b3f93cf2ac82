import type { ColumnId } from './columns.ts';
import type { Grid } from './grid.ts';

/** What keys in the grid do beyond moving. */
export interface GridCommands {
  open(): void;
  menu(): void;
  copy(cellOnly: boolean): void;
  sortBy(column: ColumnId): void;
  resize(column: ColumnId, wider: boolean): void;
  bookmark(): void;
  /** Goes to the next row whose text in the column begins so. */
  typeAhead(column: ColumnId, prefix: string): void;
}

/** Silence after which typing begins a new word, in milliseconds. */
const pause = 1000;

/** The keyboard of the grid, as the ARIA practices have it. */
export function gridKeys(grid: Grid, commands: GridCommands): void {
  let typed = '';
  let last = 0;
  grid.element.addEventListener('keydown', (event) => {
    if (!(event.target as Element).matches('.cell')) return;
    if (move(grid, event) || act(grid, event, commands)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || grid.place.row < 0) return;
    if (event.timeStamp - last > pause) typed = '';
    // A blank by itself belongs to nobody's word.
    if (typed === '' && event.key === ' ') return;
    typed += event.key;
    last = event.timeStamp;
    event.preventDefault();
    commands.typeAhead(grid.column, typed);
  });
}

/** Moves the keyboard; false where the key is for something else. */
function move(grid: Grid, event: KeyboardEvent): boolean {
  const { row, column } = grid.place;
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey) return false;
  const to = (nextRow: number, nextColumn: number): true => {
    grid.focus({ row: nextRow, column: nextColumn }, event.shiftKey && nextRow !== row);
    return true;
  };
  const lastRow = grid.count - 1;
  switch (event.key) {
    case 'ArrowDown': return to(control ? lastRow : Math.min(lastRow, row + 1), column);
    case 'ArrowUp': return to(control ? Math.min(0, lastRow) : row - 1, column);
    case 'ArrowRight': return to(row, column + 1);
    case 'ArrowLeft': return to(row, Math.max(0, column - 1));
    case 'PageDown': return to(Math.min(lastRow, row + grid.pageRows), column);
    case 'PageUp': return to(Math.max(Math.min(0, lastRow), row - grid.pageRows), column);
    case 'Home': return to(control ? Math.min(0, lastRow) : row, 0);
    case 'End': return to(control ? lastRow : row, Number.MAX_SAFE_INTEGER);
    default: return false;
  }
}

/** Does what a key stands for; false where it stands for nothing. */
function act(grid: Grid, event: KeyboardEvent, commands: GridCommands): boolean {
  const control = event.ctrlKey || event.metaKey;
  const header = grid.place.row < 0;
  if (event.altKey && header && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    commands.resize(grid.column, event.key === 'ArrowRight');
    return true;
  }
  if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    commands.menu();
    return true;
  }
  if (event.key === 'Enter' || (header && event.key === ' ')) {
    if (header) commands.sortBy(grid.column);
    else commands.open();
    return true;
  }
  if (control && event.key.toLowerCase() === 'c' && !header) {
    commands.copy(event.shiftKey);
    return true;
  }
  if (control && event.key.toLowerCase() === 'a') {
    grid.selectAll();
    return true;
  }
  if (control && event.key.toLowerCase() === 'b' && !header) {
    commands.bookmark();
    return true;
  }
  return false;
}
