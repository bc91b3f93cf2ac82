import type { PowerShellSession } from '../../session.ts';
import type { LogEnd, LogReading } from './log-reading.ts';
import { readLogRecords } from './log-records.ts';
import { selectionXml, type LogSelection } from './log-selection.ts';

export interface ReadOptions {
  /** Cancels: the pipeline on the server is stopped, and the iteration rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Events of each log that come before the rest of any; they are one record each. */
  readonly firstPage?: number;
}

interface Open {
  readonly selection: LogSelection;
  readonly first: LogEnd;
  readonly last: number;
}

/**
 * Reads event logs newest first, filtered and rendered on the server: of every log its newest events, then the rest of one log after the
 * other. A log that is missing or refused says so in its `end` and keeps no other from being read. Events come no faster than they are
 * taken. Rejects with the signal's reason, with the session's own failure where it dies (after what had come), with EventReadFailed
 * where the script fails, with EventAnswerInvalid where the answer cannot be believed, with a RangeError for what no query can state.
 */
export async function* readEvents(session: PowerShellSession, logs: readonly LogSelection[], options: ReadOptions = {}): AsyncGenerator<LogReading, void, undefined> {
  const { signal, firstPage = 50 } = options;
  const asked = logs.map((selection) => ({ log: selection.log, query: selectionXml(selection), limit: selection.limit }));
  if (asked.length === 1) {
    yield* readLogRecords(session, asked, { signal, first: firstPage });
    return;
  }
  const open: Open[] = [];
  let at = 0;
  let last = 0;
  for await (const reading of readLogRecords(session, asked.map((log) => ({ ...log, limit: Math.min(log.limit ?? firstPage, firstPage) })), { signal, first: firstPage })) {
    if (reading.kind === 'batch') last = reading.batch.recordId.at(-1) ?? 0;
    if (reading.kind === 'end') {
      const selection = logs[at++];
      if (selection !== undefined && reading.end.outcome === 'read' && reading.end.rows >= firstPage && (selection.limit ?? Infinity) > firstPage) {
        open.push({ selection, first: reading.end, last });
        continue;
      }
    }
    yield reading;
  }
  for (const { selection, first, last: before } of open) {
    const rest = selectionXml(selection, { to: before - 1 });
    for await (const reading of readLogRecords(session, [{ log: selection.log, query: rest, limit: selection.limit === undefined ? undefined : selection.limit - first.rows }], { signal, first: 500 })) {
      // How far the log reaches was said.
      if (reading.kind === 'reach') continue;
      yield reading.kind === 'end' ? { kind: 'end', end: { ...reading.end, rows: reading.end.rows + first.rows, unformatted: reading.end.unformatted + first.unformatted } } : reading;
    }
  }
}
