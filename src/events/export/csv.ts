import type { EventRow } from '../event-batch.ts';
import type { EventStore } from '../event-store.ts';
import { inChunks, type ExportPorts } from './chunks.ts';
import { instantToText } from './instant.ts';

/** The head line, with its end. */
export const csvHead = 'server,log,recordId,time,id,level,provider,message,data\r\n';

/** What a spreadsheet takes for the begin of a formula, also in the wide forms of East Asian keyboards, and the white space that it passes over before one (OWASP, CSV injection). */
const formula = /^\s*[=+\-@\t\r\n＝＋－＠]/;

/**
 * One cell: a formula becomes text by an apostrophe before it, and what RFC 4180 wants quoted is quoted. Tab and semicolon are quoted as
 * well, since spreadsheets of some languages split there and would find a formula behind it. A quote within the cell needs its partner.
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return value.toString();
  const text = formula.test(value) ? `'${value}` : value;
  return /[",;\t\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(row: EventRow): string {
  const cells = [row.server, row.log, row.recordId, instantToText(row.time), row.id, row.level, row.provider, row.message ?? '', row.data.join(' | ')];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Rows as RFC 4180 with a head line, times in UTC. The byte order mark tells Excel that it is UTF-8. */
export function exportCsv(store: EventStore, rows: Uint32Array, options: { readonly byteOrderMark: boolean }, ports: ExportPorts, signal?: AbortSignal): AsyncGenerator<string> {
  return inChunks(`${options.byteOrderMark ? '\ufeff' : ''}${csvHead}`, rows, (row) => csvLine(store.row(row)), ports, signal);
}
