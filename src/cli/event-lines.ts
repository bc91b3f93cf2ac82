import { plain } from '../connect/evidence.ts';
import type { EventBatch, EventRow } from '../events/event-batch.ts';
import { jsonLine, jsonVersion } from './json.ts';

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
  line: (row) => `${instant(row.time).slice(0, 23)}Z  ${(levelNames[row.level] ?? String(row.level)).padEnd(11)}  ${plain(row.log)}  ${plain(row.provider)}  ${row.id}  #${row.recordId}  ${plain(row.message ?? row.data.join(' · '))}\n`,
};

/** One line of JSON an event. */
export const jsonFormat: EventFormat = {
  head: '',
  line: ({ server, log, recordId, time, id, level, provider, message, data }) => jsonLine({ v: jsonVersion, event: { server, log, recordId, time: instant(time), id, level, provider, message: message ?? null, data } }),
};

/** RFC 4180 with a head line; no cell is a formula to a spreadsheet, and no control character reaches a terminal. */
export const csvFormat: EventFormat = {
  head: 'server,log,recordId,time,id,level,provider,message,data\r\n',
  line: (row) => `${[row.server, row.log, row.recordId, instant(row.time), row.id, row.level, row.provider, row.message ?? '', row.data.join(' | ')].map(csvCell).join(',')}\r\n`,
};

/** The rows of a batch. */
export function rowsOf(server: string, batch: EventBatch): EventRow[] {
  return batch.recordId.map((recordId, at) => ({
    server, log: batch.log, recordId, time: batch.time[at] ?? 0, id: batch.id[at] ?? 0, level: batch.level[at] ?? 0, provider: batch.provider[at] ?? '', message: batch.message[at], data: batch.data[at] ?? [],
  }));
}

/** UTC in ISO 8601 with the seven digits of a second that Windows keeps. */
function instant(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  const steps = Math.min(9_999, Math.floor((milliseconds - whole) * 10_000 + 0.5));
  return `${new Date(whole).toISOString().slice(0, -1)}${String(steps).padStart(4, '0')}Z`;
}

/** What spreadsheets take for the begin of a formula (OWASP, CSV injection), the wide forms of East Asian keyboards too, gets an apostrophe before it. */
function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const tame = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, ' ');
  const text = /^[\s]*[=+\-@\t\r\n＝＋－＠]/.test(tame) ? `'${tame}` : tame;
  return /[",;\t\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
