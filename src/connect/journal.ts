import type { StepId } from './ids.ts';

/** One line of a run's journal: JSONL, append-only, one file a run. `data` holds only the fields its event allows. */
export interface JournalEntry {
  readonly v: 1;
  readonly seq: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly run: string;
  readonly step: StepId | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

/** Where a journal goes. Appending must be durable before it resolves: an intent is written before its action. */
export interface JournalSink {
  append(line: string): Promise<void>;
  /** `seq` of the last entry that is there already: a run that goes on continues its journal. Absent: it is a new one. */
  lastSequence?(): Promise<number>;
}
