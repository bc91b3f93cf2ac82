import { plain } from '../connect/evidence.ts';
import type { EventBatch, EventRow } from '../events/event-batch.ts';
import { csvHead, csvLine } from '../events/export/csv.ts';
import { instantToText } from '../events/export/instant.ts';
import { jsonLine, jsonVersion } from './json.ts';
import { tame } from './tame.ts';

/** Names of Windows' levels by number; `--level` takes them too. Level 0 is what audits have. */
export const levelNames = ['always', 'critical', 'error', 'warning', 'information', 'verbose'] as const;

/** How events are printed. */
export interface EventFormat {
  readonly head: string;
  readonly line: (row: EventRow) => string;
}

/** One line an event for a person. Nothing in it can steer a terminal. */
export const textFormat: EventFormat = {
  head: '',
  line: (row) => `${instantToText(row.time).slice(0, 23)}Z  ${(levelNames[row.level] ?? String(row.level)).padEnd(11)}  ${plain(row.log)}  ${plain(row.provider)}  ${row.id}  #${row.recordId}  ${plain(row.message ?? row.data.join(' · '))}\n`,
};

/** One line of JSON an event. */
export const jsonFormat: EventFormat = {
  head: '',
  line: ({ server, log, recordId, time, id, level, provider, message, data }) => jsonLine({ v: jsonVersion, event: { server, log, recordId, time: instantToText(time), id, level, provider, message: message ?? null, data } }),
};

/** RFC 4180 with a head line; no cell is a formula to a spreadsheet, and no control character reaches a terminal. */
export const csvFormat: EventFormat = {
  head: csvHead,
  line: (row) => csvLine({ ...row, server: tame(row.server), log: tame(row.log), provider: tame(row.provider), message: tame(row.message ?? ''), data: row.data.map(tame) }),
};

/** The rows of a batch. */
export function rowsOf(server: string, batch: EventBatch): EventRow[] {
  return batch.recordId.map((recordId, at) => ({
    server, log: batch.log, recordId, time: batch.time[at] ?? 0, id: batch.id[at] ?? 0, level: batch.level[at] ?? 0, provider: batch.provider[at] ?? '', message: batch.message[at], data: batch.data[at] ?? [],
  }));
}
