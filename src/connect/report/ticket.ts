import type { JournalSink } from '../journal.ts';
import { JournalWriter } from '../journal-writer.ts';
import type { Clock } from '../server.ts';

/** Longest ticket number, in characters. */
export const longestTicket = 64;

/** Whether a text can be the number of a change or incident: one line, not empty, nothing that steers a terminal. */
export function isTicket(text: string): boolean {
  return text.trim() !== '' && text.length <= longestTicket && !/\p{Cc}/u.test(text);
}

/** Gives a run that is over another ticket number, or its first; the journal keeps both, and the change record shows the newest. */
export async function writeTicket(sink: JournalSink, clock: Clock, run: string, ticket: string, by: { readonly who: string; readonly host: string }): Promise<void> {
  await new JournalWriter(sink, clock, run).write('ticket', undefined, { ticket, holder: by.who, host: by.host });
}
