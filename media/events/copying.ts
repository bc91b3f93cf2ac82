import { limits, type EventRef } from '../../src/events/protocol.ts';
import { cellText, type CellContext } from './cells.ts';
import { refOf } from './details.ts';
import type { Grid } from './grid.ts';
import type { Host } from './host.ts';
import type { RowCache } from './rowCache.ts';

/** Forms in which events are copied. */
type CopyForm = 'text' | 'json' | 'xml' | 'query';

/** Copies cells, rows and selections through the host; each resolves to how many events were copied. */
export class Copying {
  readonly #host: Host;
  readonly #grid: Grid;
  readonly #rows: RowCache;
  readonly #cells: CellContext;

  constructor(host: Host, grid: Grid, rows: RowCache, cells: CellContext) {
    this.#host = host;
    this.#grid = grid;
    this.#rows = rows;
    this.#cells = cells;
  }

  /** The cell with the keyboard; 0: its row is not there. */
  async cell(): Promise<number> {
    const { column, place } = this.#grid;
    const row = await this.#rows.fetch(place.row);
    if (row === undefined) return 0;
    // The whole message, not the part that fits the row.
    const text = column === 'message' ? (await this.#host.ask({ kind: 'details', ref: refOf(row) })).message : cellText(column, row, this.#cells);
    await this.#host.ask({ kind: 'copyText', text });
    return 1;
  }

  /** Every selected row, up to the protocol's limit. */
  async selected(as: CopyForm): Promise<number> {
    const { from, to } = this.#grid.selection;
    const refs: EventRef[] = [];
    const end = Math.min(to + 1, from + limits.copied);
    for (let index = from; index < end; index++) {
      const row = await this.#rows.fetch(index, end);
      if (row !== undefined) refs.push(refOf(row));
    }
    return await this.events(refs, as);
  }

  /** These events. */
  async events(refs: readonly EventRef[], as: CopyForm): Promise<number> {
    return (await this.#host.ask({ kind: 'copy', refs, as })).count;
  }
}
