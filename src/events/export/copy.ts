import type { EventRow } from '../event-batch.ts';
import { instantToText } from './instant.ts';

const levelNames = ['Log Always', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'];

/** Control characters that a paste into a terminal or a ticket must not carry; tab and line ends stay. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Events as text to read, as Event Viewer copies them; the time is UTC. */
export function copyAsText(rows: readonly EventRow[]): string {
  return rows.map((row) => [
    `Server:   ${row.server}`, `Log:      ${row.log}`, `Source:   ${row.provider}`, `Date:     ${instantToText(row.time)}`, `Event ID: ${row.id}`,
    `Level:    ${levelNames[row.level] ?? row.level.toString()}`, `Record:   ${row.recordId}`, ...row.message === undefined ? row.data.map((value, at) => `Value ${at + 1}:  ${value}`) : ['', row.message.replace(/\r\n?/g, '\n')], '',
  ].join('\n').replace(control, '\ufffd')).join('\n');
}

/** Events as a JSON array, in the fields of the JSON Lines export. */
export function copyAsJson(rows: readonly EventRow[]): string {
  return `${JSON.stringify(rows.map((row) => ({
    server: row.server, log: row.log, recordId: row.recordId, time: instantToText(row.time), id: row.id, level: row.level, provider: row.provider, message: row.message ?? null, data: row.data,
  })), undefined, 2)}\n`;
}

/** The server's own XML of events, one root around several, as Windows' tools save them. The XML is passed on as it is. */
export function copyAsXml(events: readonly string[]): string {
  return events.length === 1 ? `${events[0] ?? ''}\n` : `<Events>\n${events.join('\n')}\n</Events>\n`;
}
