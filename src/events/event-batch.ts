/**
 * Up to 500 events of one log of one server, in columns, as src/events/scripts/read-events.ps1 sends them. All columns have the same
 * length; row i of each belongs to one event. Newest first while reading back, oldest first in a live tail.
 */
export interface EventBatch {
  readonly log: string;
  /** EventRecordID: grows within a log, begins anew when the log is cleared. */
  readonly recordId: readonly number[];
  /** UTC, in milliseconds since 1970 by the server's clock; the fraction carries what is finer. */
  readonly time: readonly number[];
  readonly id: readonly number[];
  /** Windows' levels: 0 log always (audits), 1 critical, 2 error, 3 warning, 4 information, 5 verbose. */
  readonly level: readonly number[];
  readonly provider: readonly string[];
  /** Rendered on the server in its language; undefined where Windows could not format it, `data` then is all there is. */
  readonly message: readonly (string | undefined)[];
  /** The event's insertion values, as text. */
  readonly data: readonly (readonly string[])[];
}

/** One event as a person or a program sees it. `server` is the name in the servers file. */
export interface EventRow {
  readonly server: string;
  readonly log: string;
  readonly recordId: number;
  readonly time: number;
  readonly id: number;
  readonly level: number;
  readonly provider: string;
  readonly message: string | undefined;
  readonly data: readonly string[];
}
