import type { Evidence } from './finding.ts';
import type { EventRecord } from './snapshot.ts';

/** Longest text of one piece of evidence. */
const textLimit = 400;

/** A server's text made safe to show: one line, no control characters or direction marks, bounded. */
export function plain(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g, ' ').trim();
  return line.length > textLimit ? `${line.slice(0, textLimit)}…` : line;
}

export function fact(name: string, text: string | number | boolean): Evidence {
  return { kind: 'fact', fact: name, text: plain(String(text)) };
}

export function event(record: EventRecord): Evidence {
  const { log, recordId, id: eventId, provider, time } = record;
  const text = record.message === '' ? record.data.join(' · ') : record.message;
  return { kind: 'event', log, recordId, eventId, provider: plain(provider), time, text: plain(text) };
}

/** The first few of many events: enough to see, not enough to drown in. */
export function events(records: readonly EventRecord[], limit = 5): Evidence[] {
  return records.slice(0, limit).map(event);
}
