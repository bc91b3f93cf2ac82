import type { EventBatch } from '../event-batch.ts';

/** How far a log reaches on the server; a number is undefined where Windows would not say. */
export interface LogReach {
  readonly log: string;
  /** Events that the log holds. */
  readonly count: number | undefined;
  /** EventRecordID of the oldest event that is left. */
  readonly oldest: number | undefined;
  /** EventRecordID of the newest event; 0 where the log is empty. */
  readonly newest: number | undefined;
  readonly enabled: boolean;
  /** True where the oldest events make room for new ones. */
  readonly circular: boolean;
}

/** How reading one log ended. What others gave is not touched by it. */
export type LogOutcome =
  /** Everything that was asked for came, be it nothing. */
  | 'read'
  /** The server has no log of this name, or none that this account may hear of. */
  | 'missing'
  /** This account may not read it: `Security` needs an administrator or a member of Event Log Readers. */
  | 'denied'
  /** Something else; `detail` holds what Windows said. */
  | 'failed';

/** The end of one log's reading. */
export interface LogEnd {
  readonly log: string;
  readonly outcome: LogOutcome;
  /** What Windows said in its language, bounded; empty where all went well. Untrusted text. */
  readonly detail: string;
  /** Events that came, in all. */
  readonly rows: number;
  /** Events of these whose message Windows failed to make: their `message` is undefined, their `data` is there. */
  readonly unformatted: number;
}

/** What comes while logs are read, in arrival order: of each log one `reach`, its batches, one `end`. */
export type LogReading =
  | { readonly kind: 'reach'; readonly reach: LogReach }
  | { readonly kind: 'batch'; readonly batch: EventBatch }
  | { readonly kind: 'end'; readonly end: LogEnd };
