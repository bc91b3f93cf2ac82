import type { EventField } from '../../src/events/event-filter.ts';
import type { PageState } from '../../src/events/protocol.ts';

/** A column by its name in the protocol's state. */
export const columnIds = ['level', 'time', 'server', 'log', 'id', 'provider', 'phase', 'recordId', 'message'] as const;
export type ColumnId = (typeof columnIds)[number];

/** One column as it stands. */
export interface Column {
  readonly id: ColumnId;
  readonly width: number;
  readonly hidden: boolean;
}

const widths: Readonly<Record<ColumnId, number>> = { level: 112, time: 240, server: 110, log: 96, id: 60, provider: 160, phase: 90, recordId: 84, message: 600 };
export const leastWidth = 40;
export const mostWidth = 2000;

/** The columns, in order: widths and what is hidden can be changed, and are kept. */
export class Columns {
  #columns: readonly Column[];

  constructor(merged: boolean, kept: PageState['columns'] | undefined) {
    this.#columns = columnIds.map((id) => {
      const old = kept?.find((column) => column.id === id);
      return { id, width: clamp(old?.width ?? widths[id]), hidden: old?.hidden ?? (id === 'recordId' || id === 'phase' || (id === 'server' && !merged)) };
    });
  }

  get all(): readonly Column[] { return this.#columns; }
  get shown(): readonly Column[] { return this.#columns.filter((column) => !column.hidden); }

  /** Gives a column another width, within reason. */
  resize(id: ColumnId, width: number): void {
    this.#columns = this.#columns.map((column) => (column.id === id ? { ...column, width: clamp(width) } : column));
  }

  /** Shows or hides a column; the last one stays. */
  toggle(id: ColumnId): void {
    const next = this.#columns.map((column) => (column.id === id ? { ...column, hidden: !column.hidden } : column));
    if (next.some((column) => !column.hidden)) this.#columns = next;
  }
}

/** What a column sorts by; a phase follows from the time. */
export function fieldOf(id: ColumnId): EventField {
  return id === 'phase' ? 'time' : id;
}

function clamp(width: number): number {
  return Math.round(Math.max(leastWidth, Math.min(mostWidth, width)));
}
