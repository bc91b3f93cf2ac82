import type { EventRow } from '../event-batch.ts';
import type { EventStore } from '../event-store.ts';
import { inChunks, type ExportPorts } from './chunks.ts';
import { instantToText } from './instant.ts';

/** The format's version; a reader refuses others. */
export const jsonlVersion = 1;

/** One event as JSON. A missing message is null; JSON.stringify escapes lone surrogates, so they survive UTF-8. */
export function jsonlLine(row: EventRow): string {
  return JSON.stringify({
    v: jsonlVersion, server: row.server, log: row.log, recordId: row.recordId, time: instantToText(row.time), id: row.id, level: row.level,
    provider: row.provider, message: row.message ?? null, data: row.data,
  });
}

/** Rows as JSON Lines. */
export function exportJsonl(store: EventStore, rows: Uint32Array, ports: ExportPorts, signal?: AbortSignal): AsyncGenerator<string> {
  return inChunks('', rows, (row) => `${jsonlLine(store.row(row))}\n`, ports, signal);
}
