import { stepIds } from '../ids.ts';
import { journalEvents, type JournalEvent } from '../journal-events.ts';
import type { JournalEntry } from '../journal.ts';

/** Most entries of one journal that are read. */
const entryLimit = 5000;

/**
 * A journal's lines as entries. Lines that were cut off when the machine died, other versions and fields that no event has are
 * left out: a journal is a file that anybody may have edited.
 */
export function readJournal(lines: readonly string[]): readonly JournalEntry[] {
  return lines.slice(0, entryLimit).flatMap(readEntry);
}

/** One run of a list: what its journal's first and last entries say. */
export interface RunHeading {
  readonly run: string;
  readonly server: string;
  readonly computerName: string;
  readonly plan: string;
  readonly startedAt: string;
  /** Empty while it runs, or where it never ended. */
  readonly state: string;
}

/** What a list of runs shows of one. Undefined where nothing of the journal can be read. */
export function runHeading(lines: readonly string[]): RunHeading | undefined {
  const entries = readJournal(lines);
  const first = entries[0];
  if (first === undefined) return undefined;
  const started = entries.find((entry) => entry.event === 'run-started' || entry.event === 'run-resumed');
  const ended = entries.findLast((entry) => entry.event === 'run-ended');
  return {
    run: first.run, server: text(started?.data['server']), computerName: text(started?.data['computerName']), plan: text(started?.data['plan']),
    startedAt: started?.at ?? first.at, state: text(ended?.data['state']),
  };
}

function readEntry(line: string): JournalEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const { v, seq, at, run, step, event, data } = value as Record<string, unknown>;
  if (v !== 1 || typeof event !== 'string' || !Object.hasOwn(journalEvents, event) || typeof at !== 'string' || Number.isNaN(Date.parse(at))) return [];
  return [{
    v, seq: typeof seq === 'number' ? seq : 0, at, run: text(run), step: stepIds.find((id) => id === step), event, data: allowed(event as JournalEvent, data),
  }];
}

function allowed(event: JournalEvent, data: unknown): JournalEntry['data'] {
  if (typeof data !== 'object' || data === null) return {};
  const fields = journalEvents[event] as readonly string[];
  return Object.fromEntries(Object.entries(data as Record<string, unknown>).filter(([name, value]) => fields.includes(name) && isValue(value))) as JournalEntry['data'];
}

function isValue(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
